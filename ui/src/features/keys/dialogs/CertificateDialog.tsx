import { Group, MultiSelect, NumberInput, SegmentedControl, Stack, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { type CertificateResponse, type CertificateWish, commands } from "../../../ipc/bindings";
import { ConfirmDialog } from "../../../shared/ConfirmDialog";
import { DaysField } from "../../../shared/DaysField";
import { DoneDialog } from "../../../shared/DoneDialog";
import { FilePath } from "../../../shared/FilePath";
import { formatDate } from "../../../shared/format";
import { useHome } from "../../../shared/gate";
import { PathField } from "../../../shared/PathField";
import { joinPath } from "../../../shared/paths";
import { ReasonField } from "../../../shared/ReasonField";
import { ResultPanel } from "../../../shared/ResultPanel";
import { useCommand } from "../../../shared/useCommand";
import { distinguishedName, proposedNames } from "../rules/distinguishedName";
import { fileNameOf } from "../rules/formats";
import { type KeyDialogProps, named } from "./ChangeKeyDialog";

type Kind = "request" | "self-signed" | "authority";

const KINDS: { value: Kind; label: string }[] = [
  { value: "request", label: "Request for a CA" },
  { value: "self-signed", label: "Signed by the key itself" },
];

/** Only keys that sign vouch for others. */
const AUTHORITY: { value: Kind; label: string } = { value: "authority", label: "A CA’s own" };

const USES = [
  { value: "tls-server", label: "TLS server" },
  { value: "tls-client", label: "TLS client" },
  { value: "code-signing", label: "Code signing" },
  { value: "email", label: "E-mail" },
];

const YEAR = 365;
const MOST_DAYS = 3650;
const MOST_AUTHORITY_DAYS = 7300;

/** What was written: a certificate says more than a request. */
type Written = { file: string; certificate: CertificateResponse | null };

/** Makes a request for a certificate, or a certificate that the key signs for itself. */
export function CertificateDialog({ keyView, version, onClose }: KeyDialogProps) {
  const home = useHome();
  const [kind, setKind] = useState<Kind>("request");
  const [commonName, setCommonName] = useState("");
  const [organisation, setOrganisation] = useState("");
  const [country, setCountry] = useState("");
  const [typedNames, setTypedNames] = useState<string | null>(null);
  const [uses, setUses] = useState<string[]>([]);
  const [typedDays, setDays] = useState<number | string | null>(null);
  const [below, setBelow] = useState<number | string>(0);
  const [typedPath, setTypedPath] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const [written, setWritten] = useState<Written | null>(null);

  const isAuthority = kind === "authority";
  const days = typedDays ?? (isAuthority ? 10 * YEAR : YEAR);
  const names = typedNames ?? proposedNames(commonName);
  const ending = kind === "request" ? ".csr.pem" : ".crt.pem";
  const out = typedPath ?? joinPath(home.app.defaultBackupFolder, `${fileNameOf(keyView.name)}${ending}`);

  const { run, pending, error, clear } = useCommand(
    async (): Promise<Written> => {
      const wish: CertificateWish = {
        key: keyView.id,
        ...(version === undefined ? {} : { version }),
        subject: distinguishedName({ commonName, organisation, country }),
        alternativeNames: (isAuthority ? "" : names)
          .split("\n")
          .map((name) => name.trim())
          .filter((name) => name !== ""),
        extendedKeyUsage: isAuthority ? [] : uses,
        out: out.trim(),
        ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
      };
      if (kind === "request") {
        return { file: (await commands.requestCertificate(wish)).file, certificate: null };
      }
      const certificate = await commands.selfSign({
        wish,
        days: Number(days),
        ...(isAuthority ? { authority: true, pathLength: Number(below) } : {}),
      });
      return { file: out.trim(), certificate };
    },
    { onDone: setWritten },
  );

  /** What was wrong is not any more, once something is changed. */
  const changing =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      set(value);
      clear();
    };

  if (written !== null) {
    return (
      <DoneDialog title={`${named(keyView, version)} signed it`} onClose={onClose}>
        <CertificateResult {...written} />
      </DoneDialog>
    );
  }
  return (
    <ConfirmDialog
      opened
      title={`A certificate for ${named(keyView, version)}`}
      verb={kind === "request" ? "Write the request" : "Sign the certificate"}
      size={540}
      disabled={commonName.trim() === "" || out.trim() === "" || days === "" || below === ""}
      pending={pending}
      error={error}
      onConfirm={() => void run()}
      onClose={onClose}
    >
      <Stack gap="md">
        <SegmentedControl<Kind>
          fullWidth
          aria-label="What to make"
          data={keyView.purpose === "sign" ? [...KINDS, AUTHORITY] : KINDS}
          value={kind}
          onChange={(next) => {
            changing(setKind)(next);
            setDays(null);
          }}
          data-testid="certificate-kind"
        />
        <TextInput
          label="Common name"
          description={
            isAuthority
              ? "What the CA is called. It stands in everything that it issues."
              : "A server's host name, or the name of a person or a program."
          }
          required
          data-autofocus
          data-testid="certificate-name"
          autoComplete="off"
          spellCheck={false}
          maxLength={64}
          value={commonName}
          onChange={(event) => changing(setCommonName)(event.currentTarget.value)}
        />
        <Group gap="sm" align="start" wrap="nowrap">
          <TextInput
            label="Organisation"
            flex={1}
            maxLength={64}
            value={organisation}
            onChange={(event) => changing(setOrganisation)(event.currentTarget.value)}
          />
          <TextInput
            label="Country"
            w={110}
            placeholder="CH"
            maxLength={2}
            value={country}
            onChange={(event) => changing(setCountry)(event.currentTarget.value)}
          />
        </Group>
        {!isAuthority && (
          <>
            <Textarea
              label="Other names"
              description="One in each line: dns:, ip:, email: or uri: and the name. Clients look for a server's name here alone."
              data-testid="certificate-names"
              autosize
              minRows={2}
              maxRows={6}
              autoComplete="off"
              spellCheck={false}
              value={names}
              onChange={(event) => changing(setTypedNames)(event.currentTarget.value)}
            />
            <MultiSelect
              label="What it is for"
              placeholder={uses.length === 0 ? "Anything" : ""}
              data={USES}
              value={uses}
              onChange={changing(setUses)}
            />
          </>
        )}
        {kind !== "request" && (
          <DaysField
            label="Valid for, in days"
            max={isAuthority ? MOST_AUTHORITY_DAYS : MOST_DAYS}
            value={days}
            onChange={changing(setDays)}
          />
        )}
        {isAuthority && (
          <NumberInput
            label="CAs below it"
            description="How many may stand between it and what is issued: 0 where it issues for servers and people itself."
            w={360}
            min={0}
            max={9}
            allowDecimal={false}
            clampBehavior="strict"
            value={below}
            onChange={changing(setBelow)}
          />
        )}
        <PathField
          label="File"
          description="It must not exist yet. Nothing in it is secret."
          pick="new-file"
          value={out}
          onChange={changing(setTypedPath)}
        />
        <ReasonField value={reason} onChange={setReason} />
      </Stack>
    </ConfirmDialog>
  );
}

function CertificateResult({ file, certificate }: Written) {
  if (certificate === null) {
    return (
      <ResultPanel title="A certificate request (PKCS#10)">
        <FilePath path={file} />
        <p>Send it to the CA. The key stayed in the vault.</p>
      </ResultPanel>
    );
  }
  return (
    <ResultPanel title={`A certificate for ${certificate.subject}`}>
      <FilePath path={file} />
      <p>
        Valid until {formatDate(certificate.notAfter)} · serial number {certificate.serial}
      </p>
      <p>It is kept under Certificates, where it can be renewed. A CA’s own issues from there.</p>
    </ResultPanel>
  );
}
