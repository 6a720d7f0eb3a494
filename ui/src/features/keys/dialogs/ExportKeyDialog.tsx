import { Checkbox, Select, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import {
  type ByokResponse,
  commands,
  type ExportKeyRequest,
  type ExportKeyResponse,
  type HandedOver,
} from "../../../ipc/bindings";
import { ConfirmDialog } from "../../../shared/ConfirmDialog";
import { DoneDialog } from "../../../shared/DoneDialog";
import { FilePath } from "../../../shared/FilePath";
import { formatBytes } from "../../../shared/format";
import { useHome, useSession } from "../../../shared/gate";
import { isRepeated, type NewPassphrase, NO_PASSPHRASE } from "../../../shared/NewPassphraseFields";
import { PathField } from "../../../shared/PathField";
import { joinPath } from "../../../shared/paths";
import { queryKeys, useCertificates } from "../../../shared/queries";
import { ReasonField } from "../../../shared/ReasonField";
import { besideReauth, ReauthField, useReauth } from "../../../shared/ReauthField";
import { ResultPanel } from "../../../shared/ResultPanel";
import { recipientsOf } from "../../../shared/recipients";
import { useCommand } from "../../../shared/useCommand";
import {
  type ExportPurpose,
  formatsFor,
  formatWords,
  proposedFileName,
  proposedPackageName,
  proposedSealedName,
} from "../rules/formats";
import { type KeyDialogProps, named } from "./ChangeKeyDialog";
import { ExportProtection, type Protection } from "./ExportProtection";
import { ExportPurposeField, refusedPurposes } from "./ExportPurposeField";
import { Pkcs12Fields, usefulCertificates } from "./Pkcs12Fields";
import { RecipientsField } from "./RecipientsField";
import { chosenOf, NO_SERVICE, type ServiceChoice, ServiceFields, ServiceResult } from "./ServiceFields";

/** Takes a key out into a file: what it is for first, then the format, then how it is protected. */
export function ExportKeyDialog({ keyView, version, onClose }: KeyDialogProps) {
  const { slot } = useSession();
  const number = version ?? keyView.primaryVersion;
  const services = useQuery({
    queryKey: queryKeys.keyServices(keyView.id),
    queryFn: () => commands.keyServices({ key: keyView.id }),
  }).data?.services;
  const refused = refusedPurposes(keyView, number, slot.role, services);
  const [purpose, setPurpose] = useState<ExportPurpose | null>(() => firstOffered(refused));
  const [wanted, setWanted] = useState<string | null>(null);
  const [chosen, setProtection] = useState<Protection>("passphrase");
  const [scrypt, setScrypt] = useState(false);
  const [filePassphrase, setFilePassphrase] = useState<NewPassphrase>(NO_PASSPHRASE);
  const [recipients, setRecipients] = useState("");
  const [serviceChoice, setServiceChoice] = useState<ServiceChoice>(NO_SERVICE);
  const [confirmed, setConfirmed] = useState(false);
  const reauth = useReauth();
  const [typedPath, setTypedPath] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const [typedUserId, setTypedUserId] = useState<string | null>(null);
  const [result, setResult] = useState<ExportKeyResponse | null>(null);
  const [brought, setBrought] = useState<ByokResponse | null>(null);
  const [wantedCertificate, setWantedCertificate] = useState<string | null>();
  const [legacy, setLegacy] = useState(false);
  const kept = useCertificates({ key: keyView.id }).data?.certificates;
  const home = useHome();

  const formats = purpose === null ? [] : formatsFor(purpose, keyView);
  const format = wanted !== null && formats.includes(wanted) ? wanted : (formats[0] ?? "");
  const isPublic = purpose === "share";
  const isSent = purpose === "send";
  const chosenService = purpose === "service" ? chosenOf(services ?? [], serviceChoice) : null;
  const isWrapped = purpose === "service";
  const isForOne = isSent || isWrapped;
  const mayProtect = !isPublic && !isForOne && keyView.protectableFormats.includes(format);
  const mustProtect = mayProtect && keyView.protectedFormats.includes(format);
  const protection = mustProtect ? "passphrase" : chosen;
  const protects = mayProtect && protection === "passphrase";
  const mayScrypt = protects && keyView.scryptFormats.includes(format);
  const isPkcs12 = protects && format === "pkcs12";
  const certificates = usefulCertificates(kept ?? [], number);
  const certificate = wantedCertificate === undefined ? (certificates[0]?.id ?? null) : wantedCertificate;
  const inTheClear = !isPublic && !isForOne && !protects;
  const folder = home.app.defaultBackupFolder;
  const proposed = joinPath(
    folder,
    chosenService !== null
      ? proposedPackageName(keyView, number, chosenService.service)
      : isSent
        ? proposedSealedName(keyView, number, format)
        : proposedFileName(keyView, number, format, isPublic),
  );
  const to = recipientsOf(recipients);
  const out = typedPath ?? proposed;
  const userId = format === "openpgp" ? (typedUserId ?? keyView.name).trim() : null;

  const forget = () => {
    setFilePassphrase(NO_PASSPHRASE);
    reauth.forget();
  };
  const write = useCommand(commands.exportKey, {
    onDone: (done) => {
      forget();
      setResult(done);
    },
  });
  const bring = useCommand(commands.bringKey, {
    onDone: (done) => {
      forget();
      setBrought(done);
    },
  });
  const { pending, error } = isWrapped ? bring : write;
  const clear = () => {
    write.clear();
    bring.clear();
  };
  const why = reason.trim() === "" ? {} : { reason: reason.trim() };

  const confirm = () => {
    if (chosenService !== null) {
      const { service, method } = chosenService;
      void bring.run({
        ...{ key: keyView.id, version: number, target: service.target, method: method.name },
        ...{ wrappingKey: serviceChoice.wrappingKey.trim(), out: out.trim(), proof: reauth.proof },
        ...(service.namesWrappingKey ? { keyIdentifier: serviceChoice.keyIdentifier.trim() } : {}),
        ...why,
      });
      return;
    }
    const request: ExportKeyRequest = {
      key: keyView.id,
      version: number,
      format,
      out: out.trim(),
      ...(userId === null ? {} : { userId }),
    };
    void write.run(
      isPublic
        ? { ...request, public: true }
        : {
            ...request,
            proof: reauth.proof,
            ...(isSent
              ? { to }
              : protects
                ? { encryptPassphrase: filePassphrase.first }
                : { plaintext: true }),
            ...(mayScrypt && scrypt ? { scrypt: true } : {}),
            ...(isPkcs12 && certificate !== null ? { keptCertificate: certificate } : {}),
            ...(isPkcs12 && legacy ? { legacy: true } : {}),
            ...why,
          },
    );
  };

  if (result !== null || brought !== null) {
    return (
      <DoneDialog title={`${named(keyView, version)} exported`} onClose={onClose}>
        {brought !== null && <ServiceResult result={brought} />}
        {result !== null && <ExportResult result={result} inTheClear={inTheClear} isPublic={isPublic} />}
      </DoneDialog>
    );
  }
  const isForThem = isWrapped
    ? chosenService !== null &&
      serviceChoice.wrappingKey.trim() !== "" &&
      (!chosenService.service.namesWrappingKey || serviceChoice.keyIdentifier.trim() !== "")
    : format !== "" &&
      userId !== "" &&
      (isSent ? to.length > 0 : protects ? isRepeated(filePassphrase) : confirmed);
  const ready =
    out.trim() !== "" && (isPublic ? format !== "" && userId !== "" : reauth.isComplete && isForThem);
  return (
    <ConfirmDialog
      opened
      title={`Export ${named(keyView, version)}`}
      verb={
        inTheClear && purpose !== null
          ? "Export in the clear"
          : isSent
            ? "Encrypt and write"
            : isWrapped
              ? "Wrap and write"
              : "Export"
      }
      danger={inTheClear && purpose !== null}
      size={540}
      disabled={!ready}
      pending={pending}
      error={besideReauth(error, reauth)}
      onConfirm={confirm}
      onClose={onClose}
    >
      <Stack gap="md">
        <ExportPurposeField
          value={purpose}
          refused={refused}
          onChange={(chosen) => {
            setPurpose(chosen);
            clear();
          }}
        />
        {purpose !== null && !isWrapped && (
          <Select
            label="Format"
            inputWrapperOrder={["label", "input", "description", "error"]}
            description={formatWords(format).readBy === "" ? null : `Read by ${formatWords(format).readBy}.`}
            data-testid="export-format"
            data={formats.map((name) => ({ value: name, label: formatWords(name).label }))}
            value={format}
            onChange={(name) => name !== null && setWanted(name)}
          />
        )}
        {isSent && <RecipientsField value={recipients} onChange={setRecipients} onInput={clear} />}
        {isWrapped && (
          <ServiceFields
            services={services ?? []}
            choice={serviceChoice}
            onChange={(choice) => {
              setServiceChoice(choice);
              clear();
            }}
          />
        )}
        {userId !== null && (
          <TextInput
            label="User ID"
            description="Whose key it is, mostly a name and a mail address. The key certifies it."
            data-testid="export-user-id"
            value={typedUserId ?? keyView.name}
            onChange={(event) => setTypedUserId(event.currentTarget.value)}
          />
        )}
        {purpose !== null && !isPublic && !isForOne && (
          <ExportProtection
            mayProtect={mayProtect}
            mustProtect={mustProtect}
            protection={protection}
            onProtection={setProtection}
            passphrase={filePassphrase}
            onPassphrase={setFilePassphrase}
            scrypt={mayScrypt ? scrypt : null}
            onScrypt={setScrypt}
          />
        )}
        {isPkcs12 && (
          <Pkcs12Fields
            certificates={certificates}
            certificate={certificate}
            onCertificate={setWantedCertificate}
            legacy={legacy}
            onLegacy={setLegacy}
          />
        )}
        {inTheClear && purpose !== null && (
          <Checkbox
            color="bad"
            label="Write the material in the clear"
            description="Anyone who reads the file has the key, also from the disk's free space after you delete it."
            data-testid="export-plaintext"
            checked={confirmed}
            onChange={(event) => setConfirmed(event.currentTarget.checked)}
          />
        )}
        {purpose !== null && (
          <PathField
            label={isWrapped ? "Package" : "File"}
            description="It must not exist yet. Only you will be able to read it."
            pick="new-file"
            value={out}
            onChange={setTypedPath}
          />
        )}
        {purpose !== null && !isPublic && (
          <>
            <ReauthField
              why="Taking material out needs it"
              reauth={reauth}
              error={error}
              pending={pending}
              onChange={clear}
            />
            <ReasonField value={reason} onChange={setReason} />
          </>
        )}
      </Stack>
    </ConfirmDialog>
  );
}

function ExportResult(props: { result: ExportKeyResponse; inTheClear: boolean; isPublic: boolean }) {
  const { result, inTheClear, isPublic } = props;
  const beside = result.beside ?? [];
  return (
    <ResultPanel title={`${formatWords(result.format).label}, ${formatBytes(result.bytes)}`}>
      <FilePath path={result.file} />
      {result.handedOver !== undefined && <HandedOverWords handedOver={result.handedOver} />}
      {beside.map((path) => (
        <FilePath key={path} path={path} />
      ))}
      {beside.length > 0 && (
        <p>
          Beside it are the certificate, which you may give to anyone, and the certificate that revokes the
          key: keep it apart, for the day when the key is lost.
        </p>
      )}
      {isPublic && <p>It is the public half: you may give it to anyone.</p>}
      {inTheClear && (
        <p className="kr-bad">
          The material is in this file in the clear. Move it where it belongs, then delete it.
        </p>
      )}
    </ResultPanel>
  );
}

function HandedOverWords({ handedOver }: { handedOver: HandedOver }) {
  return (
    <>
      <p>Only these can open it:</p>
      <ul className="kr-where-list" data-testid="export-recipients-list">
        {handedOver.recipients.map(({ fingerprint, name }) => (
          <li key={fingerprint}>
            {name} <code className="kr-dim">{fingerprint}</code>
          </li>
        ))}
      </ul>
      <p>
        Opened with <code>{handedOver.openedWith}</code>
      </p>
    </>
  );
}

function firstOffered(refused: Record<ExportPurpose, string | null>): ExportPurpose | null {
  return (["share", "deploy", "keep"] as const).find((purpose) => refused[purpose] === null) ?? null;
}
