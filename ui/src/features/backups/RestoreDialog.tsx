import { Stack } from "@mantine/core";
import { beginAfterLock } from "../../ipc/afterLock";
import { commands } from "../../ipc/bindings";
import { ConfirmDialog } from "../../shared/ConfirmDialog";
import { useCommand } from "../../shared/useCommand";

/** Says what restoring is, and leads to where it is done. */
export function RestoreDialog({ onClose }: { onClose: () => void }) {
  const { run, pending, error } = useCommand(
    async () => {
      beginAfterLock({ kind: "restore" });
      await commands.lockVault();
    },
    { changes: false },
  );
  return (
    <ConfirmDialog
      opened
      title="Restore a backup"
      verb="Lock and restore…"
      pending={pending}
      error={error}
      onConfirm={() => void run()}
      onClose={onClose}
    >
      <Stack gap="sm">
        <p>
          A backup is restored into a new vault, in a place that you choose. This vault is locked first and
          stays as it is: nothing in it is replaced or mixed.
        </p>
        <p>
          The new vault opens with the passphrase that this one had when the backup was made. Keys that were
          destroyed since then are back in it, and keys that were made since then are not.
        </p>
      </Stack>
    </ConfirmDialog>
  );
}
