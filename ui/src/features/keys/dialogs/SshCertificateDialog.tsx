import { MultiSelect, SegmentedControl, Stack, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { commands, type SshCertificateResponse } from "../../../ipc/bindings";
import { ConfirmDialog } from "../../../shared/ConfirmDialog";
import { DaysField } from "../../../shared/DaysField";
import { DoneDialog } from "../../../shared/DoneDialog";
import { FilePath } from "../../../shared/FilePath";
import { fileName, formatDate } from "../../../shared/format";
import { useHome } from "../../../shared/gate";
import { PathField } from "../../../shared/PathField";
import { joinPath } from "../../../shared/paths";
import { ReasonField } from "../../../shared/ReasonField";
import { ResultPanel } from "../../../shared/ResultPanel";
import { useCommand } from "../../../shared/useCommand";
import { actWords } from "../rules/actWords";
import { linesOf } from "../rules/linesOf";
import { type KeyDialogProps, named } from "./ChangeKeyDialog";

type Kind = "user" | "host";

const KINDS: { value: Kind; label: string }[] = [
  { value: "user", label: "Of a user" },
  { value: "host", label: "Of a host" },
];

/** What OpenSSH lets a user do, by its names. */
const PERMISSIONS = [
  { value: "pty", label: "A terminal" },
  { value: "port-forwarding", label: "Port forwarding" },
  { value: "agent-forwarding", label: "Agent forwarding" },
  { value: "X11-forwarding", label: "X11 forwarding" },
  { value: "user-rc", label: "The user’s rc file" },
];

const DAYS = { user: 30, host: 90 };
const MOST_DAYS = 825;

/** Issues a certificate of OpenSSH with a key of the vault. */
export function SshCertificateDialog({ keyView, version, onClose }: KeyDialogProps) {
  const { app } = useHome();
  const [kind, setKind] = useState<Kind>("user");
  const [publicKey, setPublicKey] = useState("");
  const [keyId, setKeyId] = useState("");
  const [principals, setPrincipals] = useState("");
  const [typedDays, setTypedDays] = useState<number | string | null>(null);
  const [permissions, setPermissions] = useState<string[]>(["pty"]);
  const [command, setCommand] = useState("");
  const [networks, setNetworks] = useState("");
  const [typedOut, setTypedOut] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const [issued, setIssued] = useState<SshCertificateResponse | null>(null);
  const { run, pending, error, clear } = useCommand(commands.issueSshCertificate, { onDone: setIssued });

  const isHost = kind === "host";
  const days = typedDays ?? DAYS[kind];
  const stem = fileName(publicKey.trim()).replace(/\.pub$/i, "") || "id";
  const out = typedOut ?? joinPath(app.defaultBackupFolder, `${stem}-cert.pub`);
  const names = linesOf(principals);

  /** What was wrong is not any more, once something is changed. */
  const changing =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      set(value);
      clear();
    };

  if (issued !== null) {
    return (
      <DoneDialog title={`${named(keyView, version)} signed it`} onClose={onClose}>
        <ResultPanel title={`A certificate for ${issued.principals.join(", ")}`}>
          <FilePath path={issued.file} />
          <p>
            Valid until {formatDate(issued.validUntil)} · number {issued.serial}
          </p>
          <p>
            {isHost
              ? "Name it as HostCertificate in the host’s sshd_config. Clients trust it by a line @cert-authority with this key’s public half in known_hosts."
              : "Put it beside the private key. Servers trust it by this key’s public half in the file that TrustedUserCAKeys names."}{" "}
            It is not kept here, but the log tells of it, and “{actWords.sshRevocation.label}” in this key’s
            menu revokes it.
          </p>
        </ResultPanel>
      </DoneDialog>
    );
  }
  return (
    <ConfirmDialog
      opened
      title={`An OpenSSH certificate by ${named(keyView, version)}`}
      verb="Sign the certificate"
      size={540}
      disabled={
        [publicKey, keyId, out].some((text) => text.trim() === "") || names.length === 0 || days === ""
      }
      pending={pending}
      error={error}
      onConfirm={() =>
        void run({
          key: keyView.id,
          ...(version === undefined ? {} : { version }),
          publicKey: publicKey.trim(),
          keyId: keyId.trim(),
          principals: names,
          days: Number(days),
          ...(isHost
            ? { host: true }
            : {
                permissions,
                sourceAddresses: linesOf(networks),
                ...(command.trim() === "" ? {} : { forceCommand: command.trim() }),
              }),
          out: out.trim(),
          reason: reason.trim(),
        })
      }
      onClose={onClose}
    >
      <Stack gap="md">
        <SegmentedControl<Kind>
          fullWidth
          aria-label="Whose certificate"
          data={KINDS}
          value={kind}
          onChange={(next) => {
            changing(setKind)(next);
            setTypedDays(null);
          }}
          data-testid="ssh-kind"
        />
        <PathField
          label="Public key"
          description={isHost ? "The host’s, from /etc/ssh." : "The user’s, such as id_ed25519.pub."}
          pick="file"
          data-autofocus
          data-testid="ssh-public-key"
          value={publicKey}
          onChange={changing(setPublicKey)}
        />
        <TextInput
          label="Identifier"
          description="Servers write it into their logs, and it can be revoked by."
          placeholder={isHost ? "web-1, rack 4" : "Ann, laptop"}
          data-testid="ssh-identifier"
          autoComplete="off"
          value={keyId}
          onChange={(event) => changing(setKeyId)(event.currentTarget.value)}
        />
        <Textarea
          label={isHost ? "Hosts" : "Users"}
          description={
            isHost
              ? "One in each line: the names under which clients reach it."
              : "One in each line: the accounts that it may log in to."
          }
          data-testid="ssh-principals"
          autosize
          minRows={2}
          maxRows={6}
          autoComplete="off"
          spellCheck={false}
          value={principals}
          onChange={(event) => changing(setPrincipals)(event.currentTarget.value)}
        />
        <DaysField
          label="Valid for, in days"
          max={MOST_DAYS}
          value={days}
          onChange={changing(setTypedDays)}
        />
        {!isHost && (
          <>
            <MultiSelect
              label="What it permits"
              placeholder={permissions.length === 0 ? "Nothing beside running a command" : ""}
              data={PERMISSIONS}
              value={permissions}
              onChange={changing(setPermissions)}
            />
            <TextInput
              label="Only this command"
              placeholder="Any"
              autoComplete="off"
              spellCheck={false}
              value={command}
              onChange={(event) => changing(setCommand)(event.currentTarget.value)}
            />
            <Textarea
              label="Only from these networks"
              description="One in each line, such as 192.0.2.0/24."
              placeholder="Anywhere"
              data-testid="ssh-networks"
              autosize
              minRows={1}
              maxRows={4}
              autoComplete="off"
              spellCheck={false}
              value={networks}
              onChange={(event) => changing(setNetworks)(event.currentTarget.value)}
            />
          </>
        )}
        <PathField
          label="File"
          description="It must not exist yet. Nothing in it is secret."
          pick="new-file"
          value={out}
          onChange={changing(setTypedOut)}
        />
        <ReasonField value={reason} onChange={setReason} />
      </Stack>
    </ConfirmDialog>
  );
}
