import { commands } from "../../../ipc/bindings";
import { purposeVerbs } from "../rules/purposeVerbs";
import { ChangeKeyDialog, type KeyDialogProps } from "./ChangeKeyDialog";

/** Takes the use of a suspended key up again. */
export function ResumeKeyDialog(props: KeyDialogProps) {
  return (
    <ChangeKeyDialog
      {...props}
      verb="Resume"
      done="is active again"
      command={commands.resumeKey}
      reauth="Resuming a key needs it"
      withReason
    >
      <p>It is active again and {purposeVerbs(props.keyView.purpose).protects}, as before.</p>
    </ChangeKeyDialog>
  );
}
