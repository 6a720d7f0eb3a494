import type { KeptCertificateView } from "../../../ipc/bindings";
import { CrlDialog } from "./CrlDialog";
import { EditDialog } from "./EditDialog";
import { ExportDialog } from "./ExportDialog";
import { ImportDialog } from "./ImportDialog";
import { IssueDialog } from "./IssueDialog";
import { RemoveDialog } from "./RemoveDialog";
import { RenewDialog } from "./RenewDialog";
import { RevokeDialog } from "./RevokeDialog";

export type CertificateDialog =
  | { kind: "import" | "issue" }
  | { kind: "renew" | "revoke" | "export" | "crl" | "edit" | "remove"; certificate: KeptCertificateView };

interface CertificateDialogsProps {
  shown: CertificateDialog;
  /** Shows a certificate that came of it. */
  onShow: (id: string | undefined) => void;
  onClose: () => void;
}

/** The dialog that is open. */
export function CertificateDialogs({ shown, onShow, onClose }: CertificateDialogsProps) {
  switch (shown.kind) {
    case "import":
      return <ImportDialog onClose={onClose} />;
    case "issue":
      return <IssueDialog onShow={onShow} onClose={onClose} />;
    case "renew":
      return <RenewDialog certificate={shown.certificate} onShow={onShow} onClose={onClose} />;
    case "revoke":
      return <RevokeDialog certificate={shown.certificate} onClose={onClose} />;
    case "export":
      return <ExportDialog certificate={shown.certificate} onClose={onClose} />;
    case "edit":
      return <EditDialog certificate={shown.certificate} onClose={onClose} />;
    case "remove":
      return (
        <RemoveDialog certificate={shown.certificate} onRemoved={() => onShow(undefined)} onClose={onClose} />
      );
    case "crl":
      return <CrlDialog certificate={shown.certificate} onClose={onClose} />;
  }
}
