import { Stack } from "@mantine/core";
import { useState } from "react";
import { commands, type SlotView } from "../../ipc/bindings";
import { useAnnounce } from "../../shared/Announcer";
import { ConfirmDialog } from "../../shared/ConfirmDialog";
import { useSession } from "../../shared/gate";
import { ReauthField } from "../../shared/ReauthField";
import { useCommand } from "../../shared/useCommand";

/** Removes a way in. */
export function RemoveSlotDialog({ slot, onClose }: { slot: SlotView; onClose: () => void }) {
  const session = useSession();
  const [reauth, setReauth] = useState("");
  const announce = useAnnounce();
  const { run, pending, error, clear } = useCommand(commands.removeSlot, {
    onDone: () => {
      announce(`${slot.name} removed`);
      onClose();
    },
  });
  const wrong = error?.code === "wrong_passphrase" || error?.code === "reauthentication_needed";
  return (
    <ConfirmDialog
      opened
      title={`Remove “${slot.name}”`}
      verb="Remove"
      danger
      disabled={reauth === ""}
      pending={pending}
      error={wrong ? null : error}
      onConfirm={() => void run({ slot: slot.id, proof: { passphrase: reauth } })}
      onClose={onClose}
    >
      <Stack gap="md">
        <p>
          It no longer opens this vault.
          {slot.id === session.slot.id && " It is the one you are using: next time you need another one."}
        </p>
        <p>
          It still opens older copies of the vault and the backups made until now. If someone should no longer
          have a key, rotate that key too.
        </p>
        <ReauthField
          why="Changing access needs it"
          value={reauth}
          error={wrong ? "That is not the passphrase." : null}
          onChange={(typed) => {
            setReauth(typed);
            clear();
          }}
        />
      </Stack>
    </ConfirmDialog>
  );
}
