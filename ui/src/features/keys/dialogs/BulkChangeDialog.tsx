import { Stack } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import {
  type BulkChange,
  type BulkChangeResponse,
  type BulkSelection,
  commands,
} from "../../../ipc/bindings";
import { useAnnounce } from "../../../shared/Announcer";
import { ConfirmDialog } from "../../../shared/ConfirmDialog";
import { DoneDialog } from "../../../shared/DoneDialog";
import { formatNumber, plural } from "../../../shared/format";
import { useJob } from "../../../shared/job";
import { queryKeys } from "../../../shared/queries";
import { ReasonField } from "../../../shared/ReasonField";
import { ResultPanel } from "../../../shared/ResultPanel";
import { RunningJob } from "../../../shared/RunningJob";
import { useCommand } from "../../../shared/useCommand";

/** What every dialog about many keys gets. */
export interface BulkDialogProps {
  selection: BulkSelection;
  /** How many keys that is. */
  count: number;
  /** Called when the change was made. */
  onDone: () => void;
  onClose: () => void;
}

interface BulkChangeDialogProps extends BulkDialogProps {
  /** The act: "Rotate". */
  verb: string;
  /** What was done, as a participle: "rotated". */
  done: string;
  change: BulkChange;
  disabled?: boolean;
  children: ReactNode;
}

/** Changes many keys in one step, all of them or none, with progress and a way to stop. */
export function BulkChangeDialog(props: BulkChangeDialogProps) {
  const { selection, count, verb, done, change, disabled = false, children, onDone, onClose } = props;
  const [reason, setReason] = useState("");
  const [result, setResult] = useState<BulkChangeResponse | null>(null);
  const announce = useAnnounce();
  const client = useQueryClient();
  const job = useJob();
  const { run, pending, error } = useCommand(
    () =>
      job.start((jobId) =>
        commands.bulkChange({
          selection,
          change,
          job: jobId,
          ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
        }),
      ),
    {
      onDone: (response) => {
        announce(`${plural(response.changed, "key")} ${done}`);
        // The key in the detail pane may be one of them.
        void client.invalidateQueries({ queryKey: queryKeys.keys });
        onDone();
        if (response.skippedTotal > 0) {
          setResult(response);
        } else {
          onClose();
        }
      },
    },
  );
  const keys = plural(count, "key");
  if (result !== null) {
    return (
      <DoneDialog title={`${plural(result.changed, "key")} ${done}`} onClose={onClose}>
        <BulkResult result={result} done={done} />
      </DoneDialog>
    );
  }
  return (
    <ConfirmDialog
      opened
      title={`${verb} ${keys}`}
      verb={`${verb} ${keys}`}
      disabled={disabled}
      pending={pending}
      error={error}
      onConfirm={() => void run()}
      onClose={onClose}
    >
      {job.running ? (
        <RunningJob job={job} what={`${verb} ${keys}`} />
      ) : (
        <Stack gap="sm">
          {children}
          <p className="kr-dim">
            All of them change together, or none does. Keys that it does not apply to stay as they are.
          </p>
          <ReasonField value={reason} onChange={setReason} />
        </Stack>
      )}
    </ConfirmDialog>
  );
}

function BulkResult({ result, done }: { result: BulkChangeResponse; done: string }) {
  const more = result.skippedTotal - result.skipped.length;
  return (
    <>
      <ResultPanel
        title={`${formatNumber(result.changed)} ${done}, ${formatNumber(result.skippedTotal)} left as they are`}
      />
      <ul className="kr-where-list">
        {result.skipped.map(({ name, why }) => (
          <li key={name}>
            <strong>{name}</strong> <span className="kr-dim">{why}</span>
          </li>
        ))}
        {more > 0 && <li className="kr-dim">and {formatNumber(more)} more</li>}
      </ul>
    </>
  );
}
