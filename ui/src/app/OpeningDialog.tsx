import { commands, type Opening } from "../ipc/bindings";
import { ConfirmDialog } from "../shared/ConfirmDialog";
import { fileName, vaultName } from "../shared/format";
import { useGate, useSession } from "../shared/gate";
import { useCommand } from "../shared/useCommand";

/** Someone opened a vault or a backup from outside while this vault is open: it has to be locked first. */
export function OpeningDialog({ opening, onClose }: { opening: Opening; onClose: () => void }) {
  const { chooseVault, goToStart } = useGate();
  const { vault } = useSession();
  const { run, pending, error } = useCommand(
    async () => {
      await commands.lockVault();
      // The window hears of the lock by itself and shows the locked door; the way elsewhere comes after that.
      window.setTimeout(
        () => (opening.kind === "backup" ? goToStart("restore", opening.path) : chooseVault(opening.path)),
        0,
      );
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
