import { Stack } from "@mantine/core";
import { useState } from "react";
import { type AuditExportResponse, commands } from "../../ipc/bindings";
import { useAnnounce } from "../../shared/Announcer";
import { ConfirmDialog } from "../../shared/ConfirmDialog";
import { DoneDialog } from "../../shared/DoneDialog";
import { FilePath } from "../../shared/FilePath";
import { formatBytes, plural } from "../../shared/format";
import { useHome, useSession } from "../../shared/gate";
import { useJob } from "../../shared/job";
import { PathField } from "../../shared/PathField";
import { joinPath } from "../../shared/paths";
import { ResultPanel } from "../../shared/ResultPanel";
import { RunningJob } from "../../shared/RunningJob";
import { useCommand } from "../../shared/useCommand";

/** Writes the whole log to a file that anyone can verify. */
export function ExportLogDialog({ onClose }: { onClose: () => void }) {
  const { app } = useHome();
  const { vault } = useSession();
  const [out, setOut] = useState(() => joinPath(app.defaultBackupFolder, `${vault.name} audit log.jsonl`));
  const [result, setResult] = useState<AuditExportResponse | null>(null);
  const announce = useAnnounce();
  const job = useJob();
  const { run, pending, error } = useCommand(
    (path: string) => job.start((jobId) => commands.exportAudit({ out: path, job: jobId })),
    {
      onDone: (done) => {
        announce("The audit log is exported");
        setResult(done);
      },
    },
  );
  if (result !== null) {
    return (
      <DoneDialog title="Audit log exported" onClose={onClose}>
        <ResultPanel title={`${plural(result.entries, "entry", "entries")}, ${formatBytes(result.bytes)}`}>
          <FilePath path={result.file} />
        </ResultPanel>
      </DoneDialog>
    );
  }
  return (
    <ConfirmDialog
      opened
      title="Export the audit log"
      verb="Export"
      disabled={out.trim() === ""}
      pending={pending}
      error={error}
      onConfirm={() => void run(out.trim())}
      onClose={onClose}
    >
      {job.running ? (
        <RunningJob job={job} what="Exporting the audit log" />
      ) : (
        <Stack gap="sm">
          <p>
            One JSON document a line, with the signed checkpoint at the end. It holds names and reasons, and
            no key material. Whoever has it can verify it with “keyreeve audit verify”, without the vault.
          </p>
          <PathField
            label="File"
            description="It must not exist yet."
            pick="new-file"
            value={out}
            onChange={setOut}
            filters={[{ name: "JSON Lines", extensions: ["jsonl"] }]}
            data-autofocus
          />
        </Stack>
      )}
    </ConfirmDialog>
  );
}
