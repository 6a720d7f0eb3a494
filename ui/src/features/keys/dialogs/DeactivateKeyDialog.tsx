import { commands } from "../../../ipc/bindings";
import { purposeVerbs } from "../rules/purposeVerbs";
import { ChangeKeyDialog, type KeyDialogProps } from "./ChangeKeyDialog";

/** Retires a key: it only processes what it protected before. */
export function DeactivateKeyDialog(props: KeyDialogProps) {
  const { keyView, version } = props;
  const { processes } = purposeVerbs(keyView.purpose);
  const leavesNone = version === undefined || version === keyView.primaryVersion;
  return (
    <ChangeKeyDialog
      {...props}
      verb="Deactivate"
      done="is deactivated"
      command={commands.deactivateKey}
      withReason
    >
      <p>
        From now on it only {processes}. This cannot be taken back
        {leavesNone ? ": to protect something new, rotate the key." : "; the primary version is not touched."}
      </p>
    </ChangeKeyDialog>
  );
}
