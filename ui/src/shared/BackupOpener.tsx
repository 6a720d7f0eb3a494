import { SegmentedControl, Stack } from "@mantine/core";
import { useEffect, useState } from "react";
import { commands } from "../ipc/bindings";
import type { CoreError } from "../ipc/call";
import { PassphraseField } from "./PassphraseField";
import { PathField } from "./PathField";

type Opens = "passphrase" | "identity";

/** What opens a backup, as a request takes it. */
interface Opening {
  backupPassphrase?: string;
  identityFile?: string;
  identityPassphrase?: string;
}

export interface BackupOpener {
  /** Whether everything that is asked for is there. */
  ready: boolean;
  opening: () => Opening;
  /** Whether an error is shown at one of the fields. */
  owns: (error: CoreError | null) => boolean;
  /** Forgets the passphrases. */
  forget: () => void;
  fields: FieldsState;
}

interface FieldsState {
  opens: Opens;
  passphrase: string;
  identity: string;
  identityPassphrase: string;
  identityLocked: boolean;
  change: (
    change: Partial<Pick<FieldsState, "opens" | "passphrase" | "identity" | "identityPassphrase">>,
  ) => void;
}

/** What someone fills in to open a backup: its passphrase, or an identity file with or without one. */
export function useBackupOpener(first: Opens = "passphrase"): BackupOpener {
  const empty = { passphrase: "", identity: "", identityPassphrase: "" };
  const [filled, setFilled] = useState({ ...empty, opens: first });
  const { opens, passphrase, identity, identityPassphrase } = filled;
  const file = opens === "identity" ? identity.trim() : "";
  const identityLocked = useIdentityLocked(file);
  return {
    ready:
      opens === "passphrase"
        ? passphrase !== ""
        : file !== "" && (!identityLocked || identityPassphrase !== ""),
    opening: () => {
      if (opens === "passphrase") return { backupPassphrase: passphrase };
      return { identityFile: file, ...(identityLocked ? { identityPassphrase } : {}) };
    },
    owns: (error) =>
      error?.code === (opens === "passphrase" ? "wrong_passphrase" : "wrong_identity_passphrase"),
    forget: () => setFilled((now) => ({ ...now, passphrase: "", identityPassphrase: "" })),
    fields: {
      ...filled,
      identityLocked,
      change: (change) =>
        setFilled((now) => ({
          ...now,
          // A passphrase is kept for nothing but what it was typed for.
          ...(change.opens === undefined ? {} : { passphrase: "", identityPassphrase: "" }),
          ...(change.identity === undefined ? {} : { identityPassphrase: "" }),
          ...change,
        })),
    },
  };
}

/** The fields for it. */
export function BackupOpenerFields({
  opener: { fields, owns },
  error,
  onChange,
  disabled = false,
}: {
  opener: BackupOpener;
  error: CoreError | null;
  /** Something was typed or chosen: an error is of the past. */
  onChange: () => void;
  disabled?: boolean;
}) {
  const change: FieldsState["change"] = (changed) => {
    fields.change(changed);
    onChange();
  };
  const problem = owns(error) && error !== null ? `${error.message} ${error.cure}` : null;
  return (
    <Stack gap="md">
      <SegmentedControl
        fullWidth
        aria-label="What opens the backup"
        data={[
          { value: "passphrase", label: "Backup passphrase" },
          { value: "identity", label: "Identity file" },
        ]}
        value={fields.opens}
        onChange={(opens) => change({ opens: opens as Opens })}
        disabled={disabled}
      />
      {fields.opens === "passphrase" ? (
        <PassphraseField
          label="Backup passphrase"
          value={fields.passphrase}
          onChange={(passphrase) => change({ passphrase })}
          error={problem}
          disabled={disabled}
          data-testid="opener-passphrase"
        />
      ) : (
        <>
          <PathField
            label="Identity file"
            description="An age identity, or the SSH private key that the backup was made for."
            pick="file"
            value={fields.identity}
            onChange={(identity) => change({ identity })}
            disabled={disabled}
            data-testid="opener-identity"
          />
          {fields.identityLocked && (
            <PassphraseField
              label="Passphrase of the identity file"
              description="The private key in this file is protected by a passphrase of its own."
              value={fields.identityPassphrase}
              onChange={(identityPassphrase) => change({ identityPassphrase })}
              error={problem}
              disabled={disabled}
              data-testid="opener-identity-passphrase"
            />
          )}
        </>
      )}
    </Stack>
  );
}

/** Asks a moment after the last key stroke whether the file is protected. What is wrong with it is told on use. */
function useIdentityLocked(file: string): boolean {
  const [locked, setLocked] = useState(false);
  useEffect(() => {
    setLocked(false);
    if (file === "") return;
    let current = true;
    const timer = window.setTimeout(() => {
      commands.examineIdentity({ file }).then(
        ({ passphraseNeeded }) => {
          if (current) setLocked(passphraseNeeded);
        },
        () => {},
      );
    }, 150);
    return () => {
      current = false;
      window.clearTimeout(timer);
    };
  }, [file]);
  return locked;
}
