import { Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { commands, type KnownKeyView } from "../../../ipc/bindings";
import { useAnnounce } from "../../../shared/Announcer";
import { ConfirmDialog } from "../../../shared/ConfirmDialog";
import { DescriptionFields } from "../../../shared/DescriptionFields";
import { useCommand } from "../../../shared/useCommand";

/** Edits the name and the description of a public key. */
export function EditPublicKeyDialog({
  publicKey,
  onClose,
}: {
  publicKey: KnownKeyView;
  onClose: () => void;
}) {
  const [name, setName] = useState(publicKey.name);
  const [description, setDescription] = useState(publicKey.description);
  const announce = useAnnounce();
  const { run, pending, error } = useCommand(commands.editKnownKey, {
    onDone: (saved) => {
      announce(`${saved.name} saved`);
      onClose();
    },
  });
  const isSame =
    name === publicKey.name && JSON.stringify(description) === JSON.stringify(publicKey.description);
  return (
    <ConfirmDialog
      opened
      title={`Edit ${publicKey.name}`}
      verb="Save"
      disabled={isSame || name.trim() === ""}
      pending={pending}
      error={error}
      onConfirm={() => void run({ publicKey: publicKey.id, name: name.trim(), description })}
      onClose={onClose}
    >
      <Stack gap="sm">
        <TextInput
          label="Name"
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <DescriptionFields value={description} onChange={setDescription} />
      </Stack>
    </ConfirmDialog>
  );
}
