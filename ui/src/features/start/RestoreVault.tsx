import { Button, Group, Stack } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { commands, type RestoreBackupRequest, type RestoreBackupResponse } from "../../ipc/bindings";
import { BackupOpenerFields, useBackupOpener } from "../../shared/BackupOpener";
import { ErrorPanel } from "../../shared/ErrorPanel";
import { plural } from "../../shared/format";
import { useGate, useHome } from "../../shared/gate";
import { JobProgress, useJob } from "../../shared/job";
import { PathField } from "../../shared/PathField";
import { useCommand } from "../../shared/useCommand";
import { nameProblem, pathOf, placeOf, type VaultPlace, VaultPlaceFields } from "./vaultPlace";
import { Wizard } from "./Wizard";

/** Makes a vault again from an encrypted backup. */
export function RestoreVault({ backup, onBack }: { backup?: string | undefined; onBack: () => void }) {
  const [restored, setRestored] = useState<RestoreBackupResponse | null>(null);
  return restored === null ? (
    <RestoreForm backup={backup} onBack={onBack} onRestored={setRestored} />
  ) : (
    <Restored result={restored} />
  );
}

function RestoreForm({
  backup = "",
  onBack,
  onRestored,
}: {
  /** The file, when it is known already. */
  backup?: string | undefined;
  onBack: () => void;
  onRestored: (result: RestoreBackupResponse) => void;
}) {
  const { app } = useHome();
  const [file, setFile] = useState(backup);
  const opener = useBackupOpener();
  const [place, setPlace] = useState<VaultPlace>(() => {
    const proposed = placeOf(app.defaultVaultPath);
    return { ...proposed, name: `${proposed.name} restored` };
  });
  const job = useJob();
  const restore = useCommand(
    (request: RestoreBackupRequest) => job.start((id) => commands.restoreBackup({ ...request, job: id })),
    {
      changes: false,
      onDone: (result) => {
        opener.forget();
        onRestored(result);
      },
    },
  );
  const ready = file !== "" && opener.ready && nameProblem(place.name) === null && place.folder.trim() !== "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    void restore.run({
      file,
      path: pathOf(place),
      ...opener.opening(),
    });
  };
  return (
    <Wizard testId="restore" title="Restore a backup" onBack={restore.pending ? undefined : onBack}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <p className="kr-dim">
            A new vault is made from the backup. The backup and any vault that is there stay as they are.
          </p>
          <PathField
            label="Backup file"
            placeholder="/path/to/name.keyreeve-backup.age"
            pick="file"
            filters={[{ name: "Keyreeve backups", extensions: ["age"] }]}
            value={file}
            onChange={setFile}
            disabled={restore.pending}
            autoFocus
            data-testid="restore-file"
          />
          <BackupOpenerFields
            opener={opener}
            error={restore.error}
            onChange={restore.clear}
            disabled={restore.pending}
          />
          <VaultPlaceFields place={place} onChange={setPlace} disabled={restore.pending} />
          {restore.error !== null && !opener.owns(restore.error) && <ErrorPanel error={restore.error} />}
          {job.running && <JobProgress job={job} what="Restoring the backup" />}
          <Group justify="flex-end">
            {job.running && (
              <Button variant="default" onClick={job.cancel} disabled={job.cancelling}>
                Cancel
              </Button>
            )}
            <Button type="submit" disabled={!ready} loading={restore.pending} data-testid="restore-submit">
              Restore
            </Button>
          </Group>
        </Stack>
      </form>
    </Wizard>
  );
}

function Restored({ result }: { result: RestoreBackupResponse }) {
  const { chooseVault } = useGate();
  return (
    <Wizard testId="restored" title="The backup is restored">
      <Stack gap="md">
        <p role="status">
          {plural(result.keys, "key")} {result.keys === 1 ? "is" : "are"} in{" "}
          <span className="kr-mono" data-selectable>
            {result.vault.path}
          </span>
          . Unlock it with the passphrase it had when the backup was made.
        </p>
        <Group justify="flex-end">
          <Button autoFocus onClick={() => chooseVault(result.vault.path)} data-testid="restored-unlock">
            Unlock
          </Button>
        </Group>
      </Stack>
    </Wizard>
  );
}
