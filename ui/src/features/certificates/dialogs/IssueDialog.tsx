import { Select, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { commands } from "../../../ipc/bindings";
import { useAnnounce } from "../../../shared/Announcer";
import { commonName } from "../../../shared/CertificateBadge";
import { ConfirmDialog } from "../../../shared/ConfirmDialog";
import { DaysField } from "../../../shared/DaysField";
import { fileName } from "../../../shared/format";
import { useHome } from "../../../shared/gate";
import { PathField } from "../../../shared/PathField";
import { joinPath } from "../../../shared/paths";
import { useCertificates } from "../../../shared/queries";
import { ReasonField } from "../../../shared/ReasonField";
import { useCommand } from "../../../shared/useCommand";

const TEMPLATES = [
  { value: "tls-server", label: "TLS server", days: 90, most: 398 },
  { value: "tls-client", label: "TLS client", days: 365, most: 825 },
  { value: "code-signing", label: "Code signing", days: 365, most: 1185 },
  { value: "smime", label: "E-mail (S/MIME)", days: 365, most: 825 },
  { value: "intermediate", label: "A CA below this one", days: 1825, most: 3650 },
] as const;

/** Issues a certificate for a request in a file, with a CA of the vault. */
export function IssueDialog({ onShow, onClose }: { onShow: (id: string) => void; onClose: () => void }) {
  const { app } = useHome();
  const announce = useAnnounce();
  const kept = useCertificates({}).data?.certificates;
  const authorities = (kept ?? []).filter(
    ({ authority, key, state }) =>
      authority && key !== null && (state === "valid" || state === "expiring_soon"),
  );
  const [chosen, setChosen] = useState<string | null>(null);
  const [request, setRequest] = useState("");
  const [name, setName] = useState<string>("tls-server");
  const [typedDays, setTypedDays] = useState<number | string | null>(null);
  const [typedOut, setTypedOut] = useState<string | null>(null);
  const [crlUrl, setCrlUrl] = useState("");
  const [reason, setReason] = useState("");
  const { run, pending, error, clear } = useCommand(commands.issueCertificate, {
    onDone: ({ certificate, subject }) => {
      announce(`A certificate for ${commonName(subject)} is issued and kept`);
      onClose();
      onShow(certificate);
    },
  });
  const authority = authorities.find(({ id }) => id === chosen) ?? authorities[0];
  const template = TEMPLATES.find(({ value }) => value === name) ?? TEMPLATES[0];
  const days = typedDays ?? template.days;
  const stem = fileName(request).replace(/(\.csr)?(\.(pem|der|csr|req))?$/i, "") || "certificate";
  const out = typedOut ?? joinPath(app.defaultBackupFolder, `${stem}.crt.pem`);
  const key = authority?.key ?? null;
  const changing =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      set(value);
      clear();
    };
  return (
    <ConfirmDialog
      opened
      title="Issue a certificate"
      verb="Issue"
      size={540}
      disabled={key === null || request.trim() === "" || out.trim() === "" || days === ""}
      pending={pending}
      error={error}
      onConfirm={() => {
        if (key === null) return;
        void run({
          key: key.id,
          version: key.version,
          request: request.trim(),
          template: template.value,
          days: Number(days),
          ...(crlUrl.trim() === "" ? {} : { crlUrl: crlUrl.trim() }),
          out: out.trim(),
          reason: reason.trim(),
        });
      }}
      onClose={onClose}
    >
      <Stack gap="md">
        {kept !== undefined && authorities.length === 0 ? (
          <p>
            This vault has no valid CA certificate of one of its keys. Open the menu of a key that signs,
            choose Certificate… and make one, or import the one that your CA issued.
          </p>
        ) : (
          <Select
            label="CA"
            allowDeselect={false}
            data={authorities.map(({ id, subject, key: its }) => ({
              value: id,
              label: `${commonName(subject)} (${its?.name ?? ""} v${its?.version ?? ""})`,
            }))}
            value={authority?.id ?? null}
            onChange={changing(setChosen)}
          />
        )}
        <PathField
          label="Request"
          description="A certificate request (CSR) in PEM or DER. Only its key and names are taken over."
          pick="file"
          filters={[{ name: "Certificate requests", extensions: ["pem", "csr", "req", "der"] }]}
          data-autofocus
          value={request}
          onChange={changing(setRequest)}
        />
        <Select
          label="What it is for"
          allowDeselect={false}
          data={TEMPLATES.map(({ value, label }) => ({ value, label }))}
          value={name}
          onChange={(value) => {
            changing(setName)(value ?? "tls-server");
            setTypedDays(null);
          }}
        />
        <DaysField
          label="Valid for, in days"
          max={template.most}
          value={days}
          onChange={changing(setTypedDays)}
        />
        <TextInput
          label="Address of the revocation list"
          description="It stands in the certificate. Put the CA’s list there whenever you write one."
          placeholder="https://…"
          value={crlUrl}
          onChange={(event) => changing(setCrlUrl)(event.currentTarget.value)}
        />
        <PathField
          label="File"
          description="The certificate is kept in the vault, and written here too. The file must not exist yet."
          pick="new-file"
          value={out}
          onChange={changing(setTypedOut)}
        />
        <ReasonField value={reason} onChange={setReason} />
      </Stack>
    </ConfirmDialog>
  );
}
