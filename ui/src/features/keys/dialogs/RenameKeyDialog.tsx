import { TextInput } from "@mantine/core";
import { useState } from "react";
import { commands } from "../../../ipc/bindings";
import { useAnnounce } from "../../../shared/Announcer";
import { ConfirmDialog } from "../../../shared/ConfirmDialog";
import { useCommand } from "../../../shared/useCommand";
import { nameError } from "../rules/nameError";
import type { KeyDialogProps } from "./ChangeKeyDialog";

/** Gives a key another name. */
export function RenameKeyDialog({ keyView, onClose }: KeyDialogProps) {
  const [name, setName] = useState(keyView.name);
  const announce = useAnnounce();
  const { run, pending, error, clear } = useCommand(commands.renameKey, {
    onDone: ({ key }) => {
      announce(`Renamed to ${key.name}`);
      onClose();
    },
  });
  const wrongName = nameError(error);
  return (
    <ConfirmDialog
      opened
      title={`Rename ${keyView.name}`}
      verb="Rename"
      disabled={name.trim() === "" || name === keyView.name}
      pending={pending}
      error={wrongName === null ? error : null}
      onConfirm={() => void run({ key: keyView.id, expectedRevision: keyView.revision, name: name.trim() })}
      onClose={onClose}
    >
      <TextInput
        label="New name"
        description="Its identifier stays, so nothing that refers to it breaks."
        data-autofocus
        autoComplete="off"
        spellCheck={false}
        value={name}
        error={wrongName}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => {
          setName(event.currentTarget.value);
          clear();
        }}
      />
    </ConfirmDialog>
  );
}
