import { commands } from "../../../ipc/bindings";
import { ChangeKeyDialog, type KeyDialogProps } from "./ChangeKeyDialog";

/** Pauses the use of a key. */
export function SuspendKeyDialog(props: KeyDialogProps) {
  return (
    <ChangeKeyDialog {...props} verb="Suspend" done="is suspended" command={commands.suspendKey} withReason>
      <p>
        While it is suspended it protects nothing new and cannot be exported. What it protected before can
        still be opened, with a warning. You can resume it until its cryptoperiod ends.
      </p>
    </ChangeKeyDialog>
  );
}
