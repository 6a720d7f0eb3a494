import { Stack } from "@mantine/core";
import { useState } from "react";
import { commands, type KeptCertificateView, type WriteCrlResponse } from "../../../ipc/bindings";
import { commonName } from "../../../shared/CertificateBadge";
import { ConfirmDialog } from "../../../shared/ConfirmDialog";
import { DaysField } from "../../../shared/DaysField";
import { DoneDialog } from "../../../shared/DoneDialog";
import { FilePath } from "../../../shared/FilePath";
import { formatDate, plural } from "../../../shared/format";
import { useHome } from "../../../shared/gate";
import { PathField } from "../../../shared/PathField";
import { joinPath } from "../../../shared/paths";
import { ResultPanel } from "../../../shared/ResultPanel";
import { useCommand } from "../../../shared/useCommand";

/** Writes the list of what a CA of the vault revoked. */
export function CrlDialog({
  certificate,
  onClose,
}: {
  certificate: KeptCertificateView;
  onClose: () => void;
}) {
  const { app } = useHome();
  const name = commonName(certificate.subject);
  const stem = name.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "ca";
  const [out, setOut] = useState(() => joinPath(app.defaultBackupFolder, `${stem}.crl.pem`));
  const [days, setDays] = useState<number | string>(7);
  const [done, setDone] = useState<WriteCrlResponse | null>(null);
  const { run, pending, error, clear } = useCommand(commands.writeCrl, { onDone: setDone });
  const { key } = certificate;
  if (done !== null) {
    return (
      <DoneDialog title="Revocation list written" onClose={onClose}>
        <ResultPanel title={`${plural(done.revoked, "certificate")} on it`}>
          <FilePath path={done.file} />
          <p>
            Number {done.number} · the next list is due by {formatDate(done.nextUpdate)}
          </p>
        </ResultPanel>
      </DoneDialog>
    );
  }
  return (
    <ConfirmDialog
      opened
      title={`The revocation list of ${name}`}
      verb="Write the list"
      disabled={key === null || out.trim() === "" || days === ""}
      pending={pending}
      error={error}
      onConfirm={() => {
        if (key !== null) {
          void run({ key: key.id, version: key.version, days: Number(days), out: out.trim() });
        }
      }}
      onClose={onClose}
    >
      <Stack gap="md">
        <p>
          The list (CRL) names every certificate that this CA revoked, and is signed by its key. Who checks
          certificates takes it until the next one is due.
        </p>
        <DaysField
          label="The next list is due, in days"
          max={365}
          value={days}
          onChange={(value) => {
            setDays(value);
            clear();
          }}
        />
        <PathField
          label="File"
          description="It must not exist yet. Nothing in it is secret."
          pick="new-file"
          value={out}
          onChange={(next) => {
            setOut(next);
            clear();
          }}
        />
      </Stack>
    </ConfirmDialog>
  );
}
