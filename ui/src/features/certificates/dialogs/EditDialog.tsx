import { useState } from "react";
import { commands, type KeptCertificateView } from "../../../ipc/bindings";
import { useAnnounce } from "../../../shared/Announcer";
import { commonName } from "../../../shared/CertificateBadge";
import { ConfirmDialog } from "../../../shared/ConfirmDialog";
import { DescriptionFields } from "../../../shared/DescriptionFields";
import { useCommand } from "../../../shared/useCommand";

/** Edits what people say of a certificate. */
export function EditDialog({
  certificate,
  onClose,
}: {
  certificate: KeptCertificateView;
  onClose: () => void;
}) {
  const [description, setDescription] = useState(certificate.description);
  const announce = useAnnounce();
  const name = commonName(certificate.subject);
  const { run, pending, error } = useCommand(commands.editCertificate, {
    onDone: () => {
      announce(`The certificate for ${name} is saved`);
      onClose();
    },
  });
  return (
    <ConfirmDialog
      opened
      title={`Edit the certificate for ${name}`}
      verb="Save"
      disabled={JSON.stringify(description) === JSON.stringify(certificate.description)}
      pending={pending}
      error={error}
      onConfirm={() => void run({ certificate: certificate.id, description })}
      onClose={onClose}
    >
      <DescriptionFields value={description} onChange={setDescription} />
    </ConfirmDialog>
  );
}
