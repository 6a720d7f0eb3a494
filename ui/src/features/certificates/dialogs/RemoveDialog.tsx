import { Stack } from "@mantine/core";
import { useState } from "react";
import { commands, type KeptCertificateView } from "../../../ipc/bindings";
import { useAnnounce } from "../../../shared/Announcer";
import { commonName } from "../../../shared/CertificateBadge";
import { ConfirmDialog } from "../../../shared/ConfirmDialog";
import { ReasonField } from "../../../shared/ReasonField";
import { useCommand } from "../../../shared/useCommand";

/** Removes a certificate that no key of the vault issued. */
export function RemoveDialog({
  certificate,
  onRemoved,
  onClose,
}: {
  certificate: KeptCertificateView;
  onRemoved: () => void;
  onClose: () => void;
}) {
  const [reason, setReason] = useState("");
  const announce = useAnnounce();
  const name = commonName(certificate.subject);
  const { run, pending, error } = useCommand(commands.removeCertificate, {
    onDone: () => {
      announce(`The certificate for ${name} is removed`);
      onRemoved();
      onClose();
    },
  });
  return (
    <ConfirmDialog
      opened
      title={`Remove the certificate for ${name}`}
      verb="Remove"
      danger
      pending={pending}
      error={error}
      onConfirm={() => void run({ certificate: certificate.id, reason: reason.trim() })}
      onClose={onClose}
    >
      <Stack gap="md">
        <p>
          The vault forgets it, and no longer says when it expires. It stays as valid as it is wherever it is
          used, and can be imported again.
        </p>
        <ReasonField value={reason} onChange={setReason} />
      </Stack>
    </ConfirmDialog>
  );
}
