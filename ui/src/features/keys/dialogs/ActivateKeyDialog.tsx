import { commands } from "../../../ipc/bindings";
import { formatDate } from "../../../shared/format";
import { primaryVersion } from "../rules/acts";
import { purposeVerbs } from "../rules/purposeVerbs";
import { ChangeKeyDialog, type KeyDialogProps } from "./ChangeKeyDialog";

/** Activates a pre-active key before its date. */
export function ActivateKeyDialog(props: KeyDialogProps) {
  const due = primaryVersion(props.keyView)?.activateAt;
  return (
    <ChangeKeyDialog {...props} verb="Activate" done="is active" command={commands.activateKey}>
      <p>
        {due ? `It was to become active on ${formatDate(due)}. ` : ""}
        From now on it {purposeVerbs(props.keyView.purpose).protects}, and its cryptoperiod begins to run.
      </p>
    </ChangeKeyDialog>
  );
}
