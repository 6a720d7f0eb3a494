import { Radio, Stack } from "@mantine/core";
import { useState } from "react";
import { commands, type KeptCertificateView } from "../../../ipc/bindings";
import { useAnnounce } from "../../../shared/Announcer";
import { commonName } from "../../../shared/CertificateBadge";
import { ConfirmDialog } from "../../../shared/ConfirmDialog";
import { DaysField } from "../../../shared/DaysField";
import { ReasonField } from "../../../shared/ReasonField";
import { useCommand } from "../../../shared/useCommand";

interface RenewDialogProps {
  certificate: KeptCertificateView;
  onShow: (id: string) => void;
  onClose: () => void;
}

const DAY = 24 * 60 * 60 * 1000;

/** Puts a newer certificate in the place of one. */
export function RenewDialog({ certificate, onShow, onClose }: RenewDialogProps) {
  const { notBefore, notAfter, subject, key } = certificate;
  const span = Math.round((new Date(notAfter).getTime() - new Date(notBefore).getTime()) / DAY);
  const [days, setDays] = useState<number | string>(span);
  const [which, setWhich] = useState("primary");
  const [reason, setReason] = useState("");
  const announce = useAnnounce();
  const { run, pending, error, clear } = useCommand(commands.renewCertificate, {
    onDone: ({ certificate: newer }) => {
      announce(`The certificate for ${commonName(subject)} is renewed`);
      onClose();
      onShow(newer);
    },
  });
  return (
    <ConfirmDialog
      opened
      title={`Renew the certificate for ${commonName(subject)}`}
      verb="Renew"
      disabled={days === ""}
      pending={pending}
      error={error}
      onConfirm={() =>
        void run({
          certificate: certificate.id,
          sameKey: which === "same",
          days: Number(days),
          reason: reason.trim(),
        })
      }
      onClose={onClose}
    >
      <Stack gap="md">
        <p>
          The newer one has the same subject, names and uses. The older one stays valid until its end: put the
          newer one where it is used, and revoke the older one if it must not be used any more.
        </p>
        {key !== null && (
          <Radio.Group label="Key" value={which} onChange={setWhich}>
            <Stack gap="xs" mt={6}>
              <Radio value="primary" label={`The primary version of ${key.name}`} />
              <Radio value="same" label={`Version ${key.version}, as now`} />
            </Stack>
          </Radio.Group>
        )}
        <DaysField
          label="Valid for, in days"
          value={days}
          onChange={(value) => {
            setDays(value);
            clear();
          }}
        />
        <ReasonField value={reason} onChange={setReason} />
      </Stack>
    </ConfirmDialog>
  );
}
