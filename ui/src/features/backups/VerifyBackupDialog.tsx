import { Stack } from "@mantine/core";
import { useState } from "react";
import {
  type BackupView,
  commands,
  type VerifyBackupRequest,
  type VerifyBackupResponse,
} from "../../ipc/bindings";
import { useAnnounce } from "../../shared/Announcer";
import { BackupOpenerFields, useBackupOpener } from "../../shared/BackupOpener";
import { ConfirmDialog } from "../../shared/ConfirmDialog";
import { DoneDialog } from "../../shared/DoneDialog";
import { formatDateTime, plural } from "../../shared/format";
import { useJob } from "../../shared/job";
import { PathField } from "../../shared/PathField";
import { ResultPanel } from "../../shared/ResultPanel";
import { RunningJob } from "../../shared/RunningJob";
import { useCommand } from "../../shared/useCommand";
import { opensWithPassphrase } from "./backupForm";

/** Restores a backup for a test, into nowhere, and tells what is in it. */
export function VerifyBackupDialog({ backup, onClose }: { backup: BackupView | null; onClose: () => void }) {
  const [file, setFile] = useState(backup?.file ?? "");
  const opener = useBackupOpener(backup === null || opensWithPassphrase(backup) ? "passphrase" : "identity");
  const [result, setResult] = useState<VerifyBackupResponse | null>(null);
  const announce = useAnnounce();
  const job = useJob();
  const { run, pending, error, clear } = useCommand(
    (request: VerifyBackupRequest) => job.start((jobId) => commands.verifyBackup({ ...request, job: jobId })),
    {
      onDone: (done) => {
        opener.forget();
        announce("The backup is verified");
        setResult(done);
      },
    },
  );
  if (result !== null) {
    return (
      <DoneDialog title="Backup verified" onClose={onClose}>
        <ResultPanel title="It restores, and nothing is missing">
          <p>
            Made on {formatDateTime(result.createdAt)}: {plural(result.keys, "key")} and{" "}
            {plural(result.auditSize, "log entry", "log entries")}.
          </p>
        </ResultPanel>
      </DoneDialog>
    );
  }
  return (
    <ConfirmDialog
      opened
      title="Verify a backup"
      verb="Verify"
      disabled={file.trim() === "" || !opener.ready}
      pending={pending}
      error={opener.owns(error) ? null : error}
      onConfirm={() => void run({ file: file.trim(), ...opener.opening() })}
      onClose={onClose}
    >
      {job.running ? (
        <RunningJob job={job} what="Verifying the backup" />
      ) : (
        <Stack gap="md">
          <p>It is opened and restored for a test, and thrown away again. Nothing in this vault changes.</p>
          <PathField
            label="Backup file"
            pick="file"
            filters={[{ name: "Keyreeve backup", extensions: ["age"] }]}
            value={file}
            onChange={setFile}
          />
          <BackupOpenerFields opener={opener} error={error} onChange={clear} />
        </Stack>
      )}
    </ConfirmDialog>
  );
}
