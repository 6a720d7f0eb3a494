import { Stack } from "@mantine/core";
import { commands, type SlotView } from "../../ipc/bindings";
import { useAnnounce } from "../../shared/Announcer";
import { ConfirmDialog } from "../../shared/ConfirmDialog";
import { useSession } from "../../shared/gate";
import { besideReauth, ReauthField, useReauth } from "../../shared/ReauthField";
import { useCommand } from "../../shared/useCommand";

/** Removes a way in. */
export function RemoveSlotDialog({ slot, onClose }: { slot: SlotView; onClose: () => void }) {
  const session = useSession();
  const reauth = useReauth();
  const announce = useAnnounce();
  const { run, pending, error, clear } = useCommand(commands.removeSlot, {
    onDone: () => {
      announce(`${slot.name} removed`);
      onClose();
    },
  });
  return (
    <ConfirmDialog
      opened
      title={`Remove “${slot.name}”`}
      verb="Remove"
      danger
      disabled={!reauth.isComplete}
      pending={pending}
      error={besideReauth(error, reauth)}
      onConfirm={() => void run({ slot: slot.id, proof: reauth.proof })}
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
          reauth={reauth}
          error={error}
          pending={pending}
          onChange={clear}
        />
      </Stack>
    </ConfirmDialog>
  );
}
