import { Checkbox, Stack } from "@mantine/core";
import { useState } from "react";
import { commands, type ExportCertificateResponse, type KeptCertificateView } from "../../../ipc/bindings";
import { commonName } from "../../../shared/CertificateBadge";
import { ConfirmDialog } from "../../../shared/ConfirmDialog";
import { DoneDialog } from "../../../shared/DoneDialog";
import { FilePath } from "../../../shared/FilePath";
import { plural } from "../../../shared/format";
import { useHome } from "../../../shared/gate";
import { PathField } from "../../../shared/PathField";
import { joinPath } from "../../../shared/paths";
import { ResultPanel } from "../../../shared/ResultPanel";
import { useCommand } from "../../../shared/useCommand";

/** Writes a certificate into a file. */
export function ExportDialog({
  certificate,
  onClose,
}: {
  certificate: KeptCertificateView;
  onClose: () => void;
}) {
  const { app } = useHome();
  const name = commonName(certificate.subject);
  const stem = name.replace(/[^\p{L}\p{N}.]+/gu, "-").replace(/^[-.]+|[-.]+$/g, "") || "certificate";
  const [out, setOut] = useState(() => joinPath(app.defaultBackupFolder, `${stem}.crt.pem`));
  const [chain, setChain] = useState(certificate.origin !== "self_signed");
  const [done, setDone] = useState<ExportCertificateResponse | null>(null);
  const { run, pending, error, clear } = useCommand(commands.exportCertificate, { onDone: setDone });
  if (done !== null) {
    return (
      <DoneDialog title="Certificate exported" onClose={onClose}>
        <ResultPanel title={`${plural(done.certificates, "certificate")} in PEM`}>
          <FilePath path={done.file} />
        </ResultPanel>
      </DoneDialog>
    );
  }
  return (
    <ConfirmDialog
      opened
      title={`Export the certificate for ${name}`}
      verb="Export"
      disabled={out.trim() === ""}
      pending={pending}
      error={error}
      onConfirm={() => void run({ certificate: certificate.id, out: out.trim(), chain })}
      onClose={onClose}
    >
      <Stack gap="md">
        <PathField
          label="File"
          description="In PEM. It must not exist yet. Nothing in it is secret."
          pick="new-file"
          data-autofocus
          value={out}
          onChange={(next) => {
            setOut(next);
            clear();
          }}
        />
        <Checkbox
          label="With the certificates above it"
          description="Servers want them behind their own, up to the root."
          checked={chain}
          onChange={(event) => setChain(event.currentTarget.checked)}
        />
      </Stack>
    </ConfirmDialog>
  );
}
