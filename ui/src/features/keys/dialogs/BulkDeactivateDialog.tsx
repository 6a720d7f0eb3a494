import { BulkChangeDialog, type BulkDialogProps } from "./BulkChangeDialog";

/** Deactivates many keys. */
export function BulkDeactivateDialog(props: BulkDialogProps) {
  return (
    <BulkChangeDialog {...props} verb="Deactivate" done="deactivated" change={{ kind: "deactivate" }}>
      <p>
        From now on they only open what they protected before. This cannot be taken back: to protect something
        new with one of them, rotate it.
      </p>
    </BulkChangeDialog>
  );
}
