import { Checkbox, SegmentedControl, Stack, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type CreateBackupRequest, type CreateBackupResponse, commands } from "../../ipc/bindings";
import { useAnnounce } from "../../shared/Announcer";
import { ConfirmDialog } from "../../shared/ConfirmDialog";
import { DoneDialog } from "../../shared/DoneDialog";
import { FilePath } from "../../shared/FilePath";
import { formatBytes, plural } from "../../shared/format";
import { useHome, useSession } from "../../shared/gate";
import { useJob } from "../../shared/job";
import {
  isRepeated,
  type NewPassphrase,
  NewPassphraseFields,
  NO_PASSPHRASE,
} from "../../shared/NewPassphraseFields";
import { PathField } from "../../shared/PathField";
import { joinPath } from "../../shared/paths";
import { queryKeys } from "../../shared/queries";
import { besideReauth, ReauthField, useReauth } from "../../shared/ReauthField";
import { ResultPanel } from "../../shared/ResultPanel";
import { RunningJob } from "../../shared/RunningJob";
import { recipientsOf } from "../../shared/recipients";
import { useCommand } from "../../shared/useCommand";
import { proposedBackupName, withBackupEnding } from "./backupForm";

type Lock = "passphrase" | "recipients";

/** Makes a backup and proves it by a restore before it is called good. */
export function BackUpDialog({ onClose }: { onClose: () => void }) {
  const { app } = useHome();
  const { vault, slot } = useSession();
  const mayTakeOut = slot.role === "administrator";
  const [out, setOut] = useState(() =>
    joinPath(app.defaultBackupFolder, proposedBackupName(vault.name, new Date())),
  );
  const [lock, setLock] = useState<Lock>("passphrase");
  const [passphrase, setPassphrase] = useState<NewPassphrase>(NO_PASSPHRASE);
  const [recipients, setRecipients] = useState("");
  const [standardFiles, setStandardFiles] = useState(false);
  const reauth = useReauth();
  const [result, setResult] = useState<CreateBackupResponse | null>(null);
  const announce = useAnnounce();
  const client = useQueryClient();
  const job = useJob();
  const { run, pending, error, clear } = useCommand(
    (request: CreateBackupRequest) => job.start((jobId) => commands.createBackup({ ...request, job: jobId })),
    {
      onDone: (done) => {
        setPassphrase(NO_PASSPHRASE);
        reauth.forget();
        // Every key now says that one more backup holds it.
        void client.invalidateQueries({ queryKey: queryKeys.keys });
        announce("The backup is made and restore-tested");
        setResult(done);
      },
    },
  );
  const file = withBackupEnding(out);
  const list = recipientsOf(recipients);
  const ready =
    file !== "" &&
    (lock === "passphrase" ? isRepeated(passphrase) : list.length > 0) &&
    (!standardFiles || reauth.isComplete);

  if (result !== null) {
    return (
      <DoneDialog title="Backup made" onClose={onClose}>
        <ResultPanel title="Restore-tested: every key is in it">
          <p>
            {plural(result.keys, "key")}, {formatBytes(result.bytes)}
          </p>
          <FilePath path={result.file} />
        </ResultPanel>
        <p>Copy it to another disk or place: a backup beside the vault is lost together with it.</p>
      </DoneDialog>
    );
  }
  return (
    <ConfirmDialog
      opened
      title={`Back up ${vault.name}`}
      verb="Back up"
      size={540}
      disabled={!ready}
      pending={pending}
      error={besideReauth(error, reauth)}
      onConfirm={() =>
        void run({
          out: file,
          ...(lock === "passphrase" ? { backupPassphrase: passphrase.first } : { recipients: list }),
          ...(standardFiles ? { withStandardFiles: true, proof: reauth.proof } : {}),
        })
      }
      onClose={onClose}
    >
      {job.running ? (
        <RunningJob job={job} what="Backing up" />
      ) : (
        <Stack gap="md">
          <PathField
            label="File"
            description={
              file === out.trim() ? (
                "It must not exist yet: an older backup is never overwritten."
              ) : (
                <>
                  Backups have an ending of their own: it will be <span className="kr-mono">{file}</span>
                </>
              )
            }
            pick="new-file"
            filters={[{ name: "Keyreeve backup", extensions: ["age"] }]}
            value={out}
            onChange={setOut}
            data-testid="backup-file"
          />
          <div>
            <SegmentedControl
              fullWidth
              aria-label="What opens the backup"
              data={[
                { value: "passphrase", label: "Opens with a passphrase" },
                { value: "recipients", label: "Opens with keys" },
              ]}
              value={lock}
              onChange={(chosen) => {
                setLock(chosen as Lock);
                setPassphrase(NO_PASSPHRASE);
              }}
            />
          </div>
          {lock === "passphrase" ? (
            <NewPassphraseFields
              label="Passphrase of the backup"
              description="Not that of the vault. Without it nobody can open the backup: keep it where you will find it."
              value={passphrase}
              onChange={setPassphrase}
            />
          ) : (
            <Textarea
              label="For whom"
              description="One a line: age1…, ssh-ed25519 … or ssh-rsa …. Any one of them can open it. Do not use a key that is only in this vault."
              placeholder="age1…"
              autosize
              minRows={3}
              maxRows={8}
              spellCheck={false}
              data-testid="backup-recipients"
              value={recipients}
              onChange={(event) => setRecipients(event.currentTarget.value)}
            />
          )}
          <Checkbox
            label="Put standard files inside"
            description={
              mayTakeOut
                ? "Every exportable key also as a file that openssl and ssh read, so that the backup helps without Keyreeve. Whoever opens the backup then has those keys in the clear."
                : "Only an administrator takes keys out in the clear."
            }
            disabled={!mayTakeOut}
            checked={standardFiles}
            onChange={(event) => {
              setStandardFiles(event.currentTarget.checked);
              reauth.forget();
            }}
          />
          {standardFiles && (
            <ReauthField
              why="Taking material out needs it"
              reauth={reauth}
              error={error}
              pending={pending}
              onChange={clear}
            />
          )}
        </Stack>
      )}
    </ConfirmDialog>
  );
}
