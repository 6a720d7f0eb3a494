import { TextInput } from "@mantine/core";
import { useState } from "react";
import { commands, type SlotView } from "../../ipc/bindings";
import { useAnnounce } from "../../shared/Announcer";
import { ConfirmDialog } from "../../shared/ConfirmDialog";
import { useCommand } from "../../shared/useCommand";

/** Gives a way in another name. */
export function RenameSlotDialog({ slot, onClose }: { slot: SlotView; onClose: () => void }) {
  const [name, setName] = useState(slot.name);
  const announce = useAnnounce();
  const { run, pending, error } = useCommand(commands.renameSlot, {
    onDone: () => {
      announce(`Renamed to ${name.trim()}`);
      onClose();
    },
  });
  return (
    <ConfirmDialog
      opened
      title={`Rename “${slot.name}”`}
      verb="Rename"
      disabled={name.trim() === "" || name.trim() === slot.name}
      pending={pending}
      error={error}
      onConfirm={() => void run({ slot: slot.id, name: name.trim() })}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        description="The audit log shows it from now on; earlier entries keep the old one."
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-testid="slot-rename"
      />
    </ConfirmDialog>
  );
}
