import { Loader, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { commands, type EventView } from "../../ipc/bindings";
import { asCoreError } from "../../ipc/call";
import { auditSentenceText } from "../../shared/auditSentence";
import { CopyButton } from "../../shared/CopyButton";
import { DoneDialog } from "../../shared/DoneDialog";
import { ErrorPanel } from "../../shared/ErrorPanel";
import { formatNumber } from "../../shared/format";
import { DefinitionList } from "../../shared/Page";
import { PublicText } from "../../shared/PublicText";

/** A proof that an entry is in the log, which anyone can check against a checkpoint. */
export function ProveEntryDialog({ event, onClose }: { event: EventView; onClose: () => void }) {
  const { data, error, refetch } = useQuery({
    queryKey: ["proof", event.seq],
    queryFn: () => commands.proveAudit({ entry: event.seq }),
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const text = data === undefined ? "" : JSON.stringify(data, null, 2);
  return (
    <DoneDialog title={`Proof of entry ${formatNumber(event.seq)}`} onClose={onClose}>
      <Stack gap="sm">
        <p>
          <strong>{auditSentenceText(event)}</strong>
        </p>
        {error !== null && <ErrorPanel error={asCoreError(error)} onRetry={() => void refetch()} />}
        {data === undefined && error === null && <Loader aria-label="Making the proof" />}
        {data !== undefined && (
          <>
            <p>
              Hand this to anyone who has a checkpoint of this log: with it they can check that the entry is
              in it, unchanged (RFC 9162), without seeing any other entry.
            </p>
            <DefinitionList
              items={[
                { term: "Entry hash", value: <code className="kr-hash">{data.hash}</code> },
                { term: "Log size", value: formatNumber(data.size) },
                { term: "Root", value: <code className="kr-hash">{data.root}</code> },
                { term: "Proof", value: `${formatNumber(data.proof.length)} hashes` },
              ]}
            />
            <PublicText label="The proof" text={text} />
            <div>
              <CopyButton wide text={text} what="proof" />
            </div>
          </>
        )}
      </Stack>
    </DoneDialog>
  );
}
