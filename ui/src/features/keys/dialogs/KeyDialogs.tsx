import type { BulkSelection, KeyView } from "../../../ipc/bindings";
import { ExamineDialog } from "../examine/ExamineDialog";
import { ImportDialog } from "../import/ImportDialog";
import type { KeyAct } from "../rules/acts";
import { useKey } from "../useKey";
import { ActivateKeyDialog } from "./ActivateKeyDialog";
import { BulkDeactivateDialog } from "./BulkDeactivateDialog";
import { BulkRotateDialog } from "./BulkRotateDialog";
import { BulkTagDialog } from "./BulkTagDialog";
import { CancelDestructionDialog } from "./CancelDestructionDialog";
import { CertificateDialog } from "./CertificateDialog";
import type { KeyDialogProps } from "./ChangeKeyDialog";
import { DeactivateKeyDialog } from "./DeactivateKeyDialog";
import { DestroyKeyDialog } from "./DestroyKeyDialog";
import { EditDetailsDialog } from "./EditDetailsDialog";
import { EditPolicyDialog } from "./EditPolicyDialog";
import { EditWhereUsedDialog } from "./EditWhereUsedDialog";
import { ExportKeyDialog } from "./ExportKeyDialog";
import { NewKeyDialog } from "./NewKeyDialog";
import { RenameKeyDialog } from "./RenameKeyDialog";
import { ResumeKeyDialog } from "./ResumeKeyDialog";
import { RevokeKeyDialog } from "./RevokeKeyDialog";
import { RotateKeyDialog } from "./RotateKeyDialog";
import { SshCertificateDialog } from "./SshCertificateDialog";
import { SshRevocationDialog } from "./SshRevocationDialog";
import { SuspendKeyDialog } from "./SuspendKeyDialog";

/** What is to be decided about one key. */
export type KeyDecision = KeyAct | "editWhereUsed";

/** Which dialog is shown. */
export type KeyDialog =
  | { kind: "create" }
  | { kind: "import"; paths: string[] }
  | { kind: "examine" }
  | { kind: "key"; decision: KeyDecision; keyId: string; version?: number | undefined }
  | { kind: "bulk"; change: "rotate" | "tag" | "deactivate"; selection: BulkSelection; count: number };

interface KeyDialogsProps {
  dialog: KeyDialog | null;
  open: (dialog: KeyDialog) => void;
  close: () => void;
  onCreated: (key: KeyView | null) => void;
  onBulkDone: () => void;
}

/** The one dialog of the keys' screen that is open, if one is. */
export function KeyDialogs({ dialog, open, close, onCreated, onBulkDone }: KeyDialogsProps) {
  if (dialog === null) {
    return null;
  }
  switch (dialog.kind) {
    case "create":
      return <NewKeyDialog onCreated={onCreated} onClose={close} />;
    case "import":
      return <ImportDialog paths={dialog.paths} onClose={close} />;
    case "examine":
      return <ExamineDialog onClose={close} />;
    case "key":
      return (
        <KeyDecisionDialog
          key={`${dialog.decision} ${dialog.keyId} ${dialog.version ?? ""}`}
          decision={dialog.decision}
          keyId={dialog.keyId}
          version={dialog.version}
          onClose={close}
          onRotateNext={() => open({ kind: "key", decision: "rotate", keyId: dialog.keyId })}
        />
      );
    case "bulk": {
      const Dialog = BULK[dialog.change];
      return <Dialog selection={dialog.selection} count={dialog.count} onDone={onBulkDone} onClose={close} />;
    }
  }
}

const BULK = { rotate: BulkRotateDialog, tag: BulkTagDialog, deactivate: BulkDeactivateDialog };

const PLAIN = {
  rotate: RotateKeyDialog,
  activate: ActivateKeyDialog,
  suspend: SuspendKeyDialog,
  resume: ResumeKeyDialog,
  deactivate: DeactivateKeyDialog,
  destroy: DestroyKeyDialog,
  cancelDestroy: CancelDestructionDialog,
  export: ExportKeyDialog,
  certificate: CertificateDialog,
  sshCertificate: SshCertificateDialog,
  sshRevocation: SshRevocationDialog,
  rename: RenameKeyDialog,
  edit: EditDetailsDialog,
  editPolicy: EditPolicyDialog,
  editWhereUsed: EditWhereUsedDialog,
};

interface KeyDecisionDialogProps extends Omit<KeyDialogProps, "keyView"> {
  decision: KeyDecision;
  keyId: string;
  onRotateNext: () => void;
}

/** Waits for the key before it asks anything about it. */
function KeyDecisionDialog({ decision, keyId, version, onClose, onRotateNext }: KeyDecisionDialogProps) {
  const { data: keyView } = useKey(keyId);
  if (keyView === undefined || keyView.id !== keyId) {
    return null;
  }
  if (decision === "revoke") {
    return (
      <RevokeKeyDialog keyView={keyView} version={version} onClose={onClose} onRotateNext={onRotateNext} />
    );
  }
  const Dialog = PLAIN[decision];
  return <Dialog keyView={keyView} version={version} onClose={onClose} />;
}
