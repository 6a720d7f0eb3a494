import { useState } from "react";
import { commands, type ImportCertificatesResponse } from "../../../ipc/bindings";
import { commonName } from "../../../shared/CertificateBadge";
import { ConfirmDialog } from "../../../shared/ConfirmDialog";
import { DoneDialog } from "../../../shared/DoneDialog";
import { plural } from "../../../shared/format";
import { PathField } from "../../../shared/PathField";
import { ResultPanel } from "../../../shared/ResultPanel";
import { useCommand } from "../../../shared/useCommand";

/** Brings the certificates of a file in. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const [path, setPath] = useState("");
  const [done, setDone] = useState<ImportCertificatesResponse | null>(null);
  const { run, pending, error, clear } = useCommand(commands.importCertificates, { onDone: setDone });
  if (done !== null) {
    const { certificates, known, revoked } = done;
    return (
      <DoneDialog title="Certificates imported" onClose={onClose}>
        <ResultPanel title={`${plural(certificates.length, "certificate")} kept`}>
          <ul>
            {certificates.map(({ id, subject, key }) => (
              <li key={id}>
                {commonName(subject)}
                <span className="kr-dim"> · {key === null ? "its key is not in this vault" : key.name}</span>
              </li>
            ))}
          </ul>
          {revoked.length > 0 && (
            <ul>
              {revoked.map(({ id, subject }) => (
                <li key={id}>
                  {commonName(subject)} <span className="kr-bad">· revoked by its issuer</span>
                </li>
              ))}
            </ul>
          )}
          {known > 0 && <p>{plural(known, "certificate")} of the file was here already.</p>}
        </ResultPanel>
      </DoneDialog>
    );
  }
  return (
    <ConfirmDialog
      opened
      title="Import certificates"
      verb="Import"
      disabled={path.trim() === ""}
      pending={pending}
      error={error}
      onConfirm={() => void run({ paths: [path.trim()] })}
      onClose={onClose}
    >
      <PathField
        label="File"
        description="PEM, DER or PKCS#7, with one certificate or many. Each goes to its key; one whose key is elsewhere is kept too. A revocation list marks those that it revokes. A PKCS#12 file is brought in under Keys."
        pick="file"
        filters={[{ name: "Certificates", extensions: ["pem", "crt", "cer", "der", "p7b", "p7c", "crl"] }]}
        data-autofocus
        value={path}
        onChange={(next) => {
          setPath(next);
          clear();
        }}
      />
    </ConfirmDialog>
  );
}
