import { commands } from "../../../ipc/bindings";
import { ChangeKeyDialog, type KeyDialogProps } from "./ChangeKeyDialog";

/** Keeps a key whose destruction was scheduled. */
export function CancelDestructionDialog(props: KeyDialogProps) {
  return (
    <ChangeKeyDialog {...props} verb="Keep" done="will not be destroyed" command={commands.cancelDestroyKey}>
      <p>
        The scheduled destruction is cancelled and the material stays. The key does not become active again: a
        deactivated version stays deactivated, a compromised one compromised.
      </p>
    </ChangeKeyDialog>
  );
}
