import { Stack } from "@mantine/core";
import { useState } from "react";
import { commands, type KnownKeyView } from "../../../ipc/bindings";
import { useAnnounce } from "../../../shared/Announcer";
import { ConfirmDialog } from "../../../shared/ConfirmDialog";
import { ReasonField } from "../../../shared/ReasonField";
import { useCommand } from "../../../shared/useCommand";

/** Removes a public key from the inventory. */
export function RemovePublicKeyDialog({
  publicKey,
  onClose,
}: {
  publicKey: KnownKeyView;
  onClose: () => void;
}) {
  const [reason, setReason] = useState("");
  const announce = useAnnounce();
  const { run, pending, error } = useCommand(commands.removeKnownKey, {
    onDone: () => {
      announce(`${publicKey.name} removed`);
      onClose();
    },
  });
  return (
    <ConfirmDialog
      opened
      title={`Remove ${publicKey.name}`}
      verb="Remove"
      danger
      pending={pending}
      error={error}
      onConfirm={() => void run({ publicKey: publicKey.id, reason: reason.trim() })}
      onClose={onClose}
    >
      <Stack gap="md">
        <p>
          The vault forgets it. Wherever the key is trusted it stays so; its owner is not told. It can be
          imported again.
        </p>
        <ReasonField value={reason} onChange={setReason} />
      </Stack>
    </ConfirmDialog>
  );
}
