import { beginAfterLock } from "../ipc/afterLock";
import { commands, type Opening } from "../ipc/bindings";
import { ConfirmDialog } from "../shared/ConfirmDialog";
import { fileName, vaultName } from "../shared/format";
import { useSession } from "../shared/gate";
import { useCommand } from "../shared/useCommand";

/** Someone opened a vault or a backup from outside while this vault is open: it has to be locked first. */
export function OpeningDialog({ opening, onClose }: { opening: Opening; onClose: () => void }) {
  const { vault } = useSession();
  const { run, pending, error } = useCommand(
    async () => {
      beginAfterLock(opening);
      await commands.lockVault();
    },
    { changes: false },
  );
  const isBackup = opening.kind === "backup";
  return (
    <ConfirmDialog
      opened
      title={isBackup ? `Restore ${fileName(opening.path)}` : `Open ${vaultName(opening.path)}`}
      verb={isBackup ? "Lock and restore…" : "Lock and open…"}
      pending={pending}
      error={error}
      onConfirm={() => void run()}
      onClose={onClose}
    >
      <p>
        {isBackup ? "A backup is restored into a new vault. " : ""}
        {vault.name} is locked first, and stays as it is.
      </p>
    </ConfirmDialog>
  );
}
