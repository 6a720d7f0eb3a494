import { Collapse, Select, Stack, Textarea, UnstyledButton } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { useId, useState } from "react";
import { commands, type RevokedSshView, type WriteKrlResponse } from "../../../ipc/bindings";
import { ConfirmDialog } from "../../../shared/ConfirmDialog";
import { DoneDialog } from "../../../shared/DoneDialog";
import { FilePath } from "../../../shared/FilePath";
import { plural } from "../../../shared/format";
import { useHome } from "../../../shared/gate";
import { PathField } from "../../../shared/PathField";
import { joinPath } from "../../../shared/paths";
import { ReasonField } from "../../../shared/ReasonField";
import { ResultPanel } from "../../../shared/ResultPanel";
import { useCommand } from "../../../shared/useCommand";
import { linesOf } from "../rules/linesOf";
import { useSshCertificates } from "../useSshCertificates";
import { type KeyDialogProps, named } from "./ChangeKeyDialog";
import { IssuedSshField } from "./IssuedSshField";
import { PublicKeyFilesField } from "./PublicKeyFilesField";

/** Revokes what a key issued as a CA of OpenSSH, and writes the list of all that it revoked. */
export function SshRevocationDialog({ keyView, version, onClose }: KeyDialogProps) {
  const { app } = useHome();
  const [chosenVersion, setVersion] = useState(version ?? keyView.primaryVersion);
  const [serials, setSerials] = useState<ReadonlySet<string>>(new Set());
  const [keyIds, setKeyIds] = useState("");
  const [typedSerials, setTypedSerials] = useState("");
  const [files, setFiles] = useState("");
  const [open, setOpen] = useState(false);
  const [out, setOut] = useState(() => joinPath(app.defaultBackupFolder, `${fileStem(keyView.name)}.krl`));
  const [reason, setReason] = useState("");
  const [written, setWritten] = useState<WriteKrlResponse | null>(null);
  const foldId = useId();
  const { data } = useSshCertificates({ key: keyView.id, version: chosenVersion });
  const { run, pending, error, clear } = useCommand(commands.writeKrl, { onDone: setWritten });

  /** What was wrong is not any more, once something is changed. */
  const changing =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      set(value);
      clear();
    };
  const versions = keyView.versions.filter(
    ({ state, destroyScheduledAt }) => state === "active" && destroyScheduledAt === null,
  );
  const revokes = {
    serials: [...serials, ...linesOf(typedSerials)],
    keyIds: linesOf(keyIds),
    publicKeys: linesOf(files),
  };
  const revokesMore = Object.values(revokes).some((list) => list.length > 0);
  const isEmpty = data !== undefined && countOf(data.revoked) === 0 && !revokesMore;

  if (written !== null) {
    return (
      <DoneDialog title="Revocation list written" onClose={onClose}>
        <ResultPanel title={`On it: ${onList(written.serials, written.keyIds, written.keys)}`}>
          <FilePath path={written.file} />
          <p>
            Name it as RevokedKeys in each server’s sshd_config, in the place of the list before. It is not
            signed: bring it there as you bring the configuration. Until then the servers still let in what
            you revoked.
          </p>
        </ResultPanel>
      </DoneDialog>
    );
  }
  return (
    <ConfirmDialog
      opened
      title={`The OpenSSH revocation list of ${named(keyView, undefined)}`}
      verb={revokesMore ? "Revoke and write the list" : "Write the list"}
      danger={revokesMore}
      size={620}
      disabled={out.trim() === "" || isEmpty}
      pending={pending}
      error={error}
      onConfirm={() =>
        void run({
          key: keyView.id,
          version: chosenVersion,
          ...revokes,
          out: out.trim(),
          reason: reason.trim(),
        })
      }
      onClose={onClose}
    >
      <Stack gap="md">
        <p data-testid="ssh-revoked">
          Servers let in nobody who is on the list (KRL). It names all that this key ever revoked
          {data === undefined ? "" : `, ${soFar(data.revoked)}`}. What you revoke stays revoked.
        </p>
        {versions.length > 1 && (
          <Select
            label="Version"
            description="A list is of one version of the key: it revokes what that version issued."
            allowDeselect={false}
            w={180}
            data={versions.map(({ version: number }) => ({
              value: String(number),
              label: number === keyView.primaryVersion ? `${number}, primary` : String(number),
            }))}
            value={String(chosenVersion)}
            onChange={(next) => {
              setVersion(Number(next));
              setSerials(new Set());
              clear();
            }}
          />
        )}
        <IssuedSshField
          keyId={keyView.id}
          version={chosenVersion}
          chosen={serials}
          onChosen={changing(setSerials)}
        />
        <Textarea
          label="Identifiers to revoke"
          description="One in each line. Every certificate with it is revoked, also one that is issued later."
          data-testid="ssh-revoke-identifiers"
          autosize
          minRows={1}
          maxRows={4}
          autoComplete="off"
          spellCheck={false}
          value={keyIds}
          onChange={(event) => changing(setKeyIds)(event.currentTarget.value)}
        />
        <Stack gap={8}>
          <UnstyledButton
            className="kr-fold"
            aria-expanded={open}
            aria-controls={foldId}
            onClick={() => setOpen(!open)}
          >
            <IconChevronRight size={14} aria-hidden />
            Numbers and public keys
          </UnstyledButton>
          <Collapse expanded={open} id={foldId}>
            <Stack gap="sm" className="kr-fold-body">
              <Textarea
                label="Numbers to revoke"
                description="One in each line: of certificates that this vault’s log does not tell of."
                data-testid="ssh-revoke-numbers"
                autosize
                minRows={1}
                maxRows={4}
                autoComplete="off"
                spellCheck={false}
                value={typedSerials}
                onChange={(event) => changing(setTypedSerials)(event.currentTarget.value)}
              />
              <PublicKeyFilesField value={files} onChange={changing(setFiles)} />
            </Stack>
          </Collapse>
        </Stack>
        <PathField
          label="File"
          description="It must not exist yet. Nothing in it is secret."
          pick="new-file"
          value={out}
          onChange={changing(setOut)}
        />
        <ReasonField value={reason} onChange={setReason} />
      </Stack>
    </ConfirmDialog>
  );
}

function fileStem(name: string): string {
  return name.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "revoked";
}

function countOf({ serials, keyIds, keys }: RevokedSshView): number {
  return serials.length + keyIds.length + keys.length;
}

function soFar(revoked: RevokedSshView): string {
  return countOf(revoked) === 0
    ? "which is nothing yet"
    : `until now ${onList(revoked.serials.length, revoked.keyIds.length, revoked.keys.length)}`;
}

function onList(serials: number, keyIds: number, keys: number): string {
  const parts = [
    serials > 0 && plural(serials, "certificate"),
    keyIds > 0 && plural(keyIds, "identifier"),
    keys > 0 && plural(keys, "public key"),
  ].filter((part) => part !== false);
  return parts.join(parts.length > 2 ? ", " : " and ");
}
