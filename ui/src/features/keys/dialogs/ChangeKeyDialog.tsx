import { Stack } from "@mantine/core";
import { type ReactNode, useState } from "react";
import type { KeyResponse, KeyView, ResumeKeyRequest } from "../../../ipc/bindings";
import { useAnnounce } from "../../../shared/Announcer";
import { ConfirmDialog } from "../../../shared/ConfirmDialog";
import { ReasonField } from "../../../shared/ReasonField";
import { besideReauth, ReauthField, useReauth } from "../../../shared/ReauthField";
import { useCommand } from "../../../shared/useCommand";

/** What every dialog about one key gets. */
export interface KeyDialogProps {
  keyView: KeyView;
  /** The version it is about; the key as a whole if absent. */
  version?: number | undefined;
  onClose: () => void;
}

interface ChangeKeyDialogProps extends KeyDialogProps {
  /** The act: "Suspend". */
  verb: string;
  /** What is said when it is done: "suspended". */
  done: string;
  command: (request: ResumeKeyRequest) => Promise<KeyResponse>;
  withReason?: boolean;
  /** Has the passphrase entered again, and says why. */
  reauth?: string;
  /** The consequences, in the person's words. */
  children: ReactNode;
}

/** Decides one of the plain changes of a key's state. */
export function ChangeKeyDialog(props: ChangeKeyDialogProps) {
  const { keyView, version, verb, done, command, withReason = false, reauth, children, onClose } = props;
  const [reason, setReason] = useState("");
  const proof = useReauth();
  const announce = useAnnounce();
  const { run, pending, error, clear } = useCommand(command, {
    onDone: () => {
      announce(`${named(keyView, version)} ${done}`);
      onClose();
    },
  });
  const confirm = () =>
    void run({
      key: keyView.id,
      expectedRevision: keyView.revision,
      ...(version === undefined ? {} : { version }),
      ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
      ...(reauth === undefined ? {} : { proof: proof.proof }),
    });
  return (
    <ConfirmDialog
      opened
      title={`${verb} ${named(keyView, version)}`}
      verb={verb}
      pending={pending}
      disabled={reauth !== undefined && !proof.isComplete}
      error={besideReauth(error, proof)}
      onConfirm={confirm}
      onClose={onClose}
    >
      <Stack gap="sm">
        {children}
        {reauth !== undefined && (
          <ReauthField why={reauth} reauth={proof} error={error} pending={pending} onChange={clear} />
        )}
        {withReason && <ReasonField value={reason} onChange={setReason} />}
      </Stack>
    </ConfirmDialog>
  );
}

/** "payments-dek", or "payments-dek, version 3". */
export function named(key: KeyView, version: number | undefined): string {
  return version === undefined ? key.name : `${key.name}, version ${version}`;
}
