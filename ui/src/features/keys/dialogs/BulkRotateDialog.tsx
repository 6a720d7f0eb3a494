import { BulkChangeDialog, type BulkDialogProps } from "./BulkChangeDialog";

/** Rotates many keys. */
export function BulkRotateDialog(props: BulkDialogProps) {
  return (
    <BulkChangeDialog {...props} verb="Rotate" done="rotated" change={{ kind: "rotate" }}>
      <p>
        Each gets a new primary version. The version before is deactivated, at once or after the overlap that
        its policy sets, and still opens what it protected.
      </p>
    </BulkChangeDialog>
  );
}
