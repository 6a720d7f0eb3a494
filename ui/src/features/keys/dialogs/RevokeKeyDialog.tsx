import { Stack } from "@mantine/core";
import { useState } from "react";
import { commands } from "../../../ipc/bindings";
import { useAnnounce } from "../../../shared/Announcer";
import { ConfirmDialog } from "../../../shared/ConfirmDialog";
import { DateTimeField } from "../../../shared/DateTimeField";
import { ReasonField } from "../../../shared/ReasonField";
import { useCommand } from "../../../shared/useCommand";
import { type KeyDialogProps, named } from "./ChangeKeyDialog";
import { WhereUsedWords } from "./WhereUsedWords";

interface RevokeKeyDialogProps extends KeyDialogProps {
  /** What is proposed when it is done, because the key's place must be taken by another version. */
  onRotateNext: () => void;
}

/** Reports a version compromised; when it is the primary one, a rotation is proposed next. */
export function RevokeKeyDialog({ keyView, version, onClose, onRotateNext }: RevokeKeyDialogProps) {
  const [reason, setReason] = useState("");
  const [at, setAt] = useState<string | null>(null);
  const announce = useAnnounce();
  const number = version ?? keyView.primaryVersion;
  const { run, pending, error } = useCommand(commands.revokeKey, {
    onDone: ({ key }) => {
      announce(`${named(key, version)} is reported compromised`, "assertive");
      const primary = key.versions.find((candidate) => candidate.version === key.primaryVersion);
      const needsSuccessor =
        number === key.primaryVersion &&
        primary?.state === "compromised" &&
        primary.destroyScheduledAt === null;
      (needsSuccessor ? onRotateNext : onClose)();
    },
  });
  return (
    <ConfirmDialog
      opened
      title={`Revoke ${named(keyView, version)}`}
      verb="Revoke"
      danger
      disabled={reason.trim() === ""}
      pending={pending}
      error={error}
      onConfirm={() =>
        void run({
          key: keyView.id,
          version: number,
          expectedRevision: keyView.revision,
          reason: reason.trim(),
          ...(at === null ? {} : { at }),
        })
      }
      onClose={onClose}
    >
      <Stack gap="sm">
        <p>
          This reports version {number} as compromised: someone else may know it. From now on Keyreeve uses it
          for nothing, except to rescue data with an explicit override. This cannot be taken back.
        </p>
        <WhereUsedWords keyView={keyView} />
        <ReasonField label="What happened" value={reason} onChange={setReason} required />
        <DateTimeField
          label="When it happened"
          description="Now, if you leave it empty. What was protected after this time is in doubt."
          placeholder="Now"
          value={at}
          onChange={setAt}
          max={new Date()}
        />
      </Stack>
    </ConfirmDialog>
  );
}
