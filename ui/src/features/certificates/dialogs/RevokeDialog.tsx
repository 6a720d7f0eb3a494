import { Select, Stack } from "@mantine/core";
import { useState } from "react";
import { commands, type KeptCertificateView } from "../../../ipc/bindings";
import { useAnnounce } from "../../../shared/Announcer";
import { commonName } from "../../../shared/CertificateBadge";
import { ConfirmDialog } from "../../../shared/ConfirmDialog";
import { ReasonField } from "../../../shared/ReasonField";
import { useCommand } from "../../../shared/useCommand";
import { reasonNames } from "../reasons";

/** Revokes a certificate that a key of the vault issued. */
export function RevokeDialog({
  certificate,
  onClose,
}: {
  certificate: KeptCertificateView;
  onClose: () => void;
}) {
  const [code, setCode] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const announce = useAnnounce();
  const name = commonName(certificate.subject);
  const { run, pending, error } = useCommand(commands.revokeCertificate, {
    onDone: () => {
      announce(`The certificate for ${name} is revoked`, "assertive");
      onClose();
    },
  });
  return (
    <ConfirmDialog
      opened
      title={`Revoke the certificate for ${name}`}
      verb="Revoke"
      danger
      disabled={code === null}
      pending={pending}
      error={error}
      onConfirm={() => void run({ certificate: certificate.id, code: code ?? "", reason: reason.trim() })}
      onClose={onClose}
    >
      <Stack gap="md">
        <p>
          This cannot be taken back. Whoever checks certificates hears of it from the next revocation list:
          write it afterwards, from the CA’s certificate, and put it where it is looked for.
        </p>
        <Select
          label="Why"
          description="It stands in the revocation list, for everyone to read."
          placeholder="Choose a reason"
          required
          data-autofocus
          data-testid="revocation-code"
          data={Object.entries(reasonNames).map(([value, words]) => ({
            value,
            label: words.charAt(0).toUpperCase() + words.slice(1),
          }))}
          value={code}
          onChange={setCode}
        />
        <ReasonField value={reason} onChange={setReason} />
      </Stack>
    </ConfirmDialog>
  );
}
