import { SegmentedControl, Stack } from "@mantine/core";
import { useState } from "react";
import {
  type BackupView,
  commands,
  type VerifyBackupRequest,
  type VerifyBackupResponse,
} from "../../ipc/bindings";
import { useAnnounce } from "../../shared/Announcer";
import { ConfirmDialog } from "../../shared/ConfirmDialog";
import { DoneDialog } from "../../shared/DoneDialog";
import { formatDateTime, plural } from "../../shared/format";
import { useJob } from "../../shared/job";
import { PassphraseField } from "../../shared/PassphraseField";
import { PathField } from "../../shared/PathField";
import { ResultPanel } from "../../shared/ResultPanel";
import { RunningJob } from "../../shared/RunningJob";
import { useCommand } from "../../shared/useCommand";
import { opensWithPassphrase } from "./backupForm";

type Opens = "passphrase" | "identity";

/** Restores a backup for a test, into nowhere, and tells what is in it. */
export function VerifyBackupDialog({ backup, onClose }: { backup: BackupView | null; onClose: () => void }) {
  const [file, setFile] = useState(backup?.file ?? "");
  const [opens, setOpens] = useState<Opens>(
    backup === null || opensWithPassphrase(backup) ? "passphrase" : "identity",
  );
  const [passphrase, setPassphrase] = useState("");
  const [identity, setIdentity] = useState("");
  const [result, setResult] = useState<VerifyBackupResponse | null>(null);
  const announce = useAnnounce();
  const job = useJob();
  const { run, pending, error, clear } = useCommand(
    (request: VerifyBackupRequest) => job.start((jobId) => commands.verifyBackup({ ...request, job: jobId })),
    {
      onDone: (done) => {
        setPassphrase("");
        announce("The backup is verified");
        setResult(done);
      },
    },
  );
  const wrong = opens === "passphrase" && error?.code === "wrong_passphrase";
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
      disabled={file.trim() === "" || (opens === "passphrase" ? passphrase === "" : identity.trim() === "")}
      pending={pending}
      error={wrong ? null : error}
      onConfirm={() =>
        void run({
          file: file.trim(),
          ...(opens === "passphrase" ? { backupPassphrase: passphrase } : { identityFile: identity.trim() }),
        })
      }
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
          <SegmentedControl
            fullWidth
            aria-label="What opens the backup"
            data={[
              { value: "passphrase", label: "Backup passphrase" },
              { value: "identity", label: "Identity file" },
            ]}
            value={opens}
            onChange={(chosen) => {
              setOpens(chosen as Opens);
              setPassphrase("");
              clear();
            }}
          />
          {opens === "passphrase" ? (
            <PassphraseField
              label="Backup passphrase"
              value={passphrase}
              error={wrong ? "The backup does not open with this passphrase." : null}
              onChange={(typed) => {
                setPassphrase(typed);
                clear();
              }}
            />
          ) : (
            <PathField
              label="Identity file"
              description="An age identity, or the SSH private key that the backup was made for."
              pick="file"
              value={identity}
              onChange={setIdentity}
            />
          )}
        </Stack>
      )}
    </ConfirmDialog>
  );
}
