import { Stack, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { commands } from "../../../ipc/bindings";
import { useAnnounce } from "../../../shared/Announcer";
import { ConfirmDialog } from "../../../shared/ConfirmDialog";
import { TagInput } from "../../../shared/TagInput";
import { useCommand } from "../../../shared/useCommand";
import type { KeyDialogProps } from "./ChangeKeyDialog";
import { FieldsEditor } from "./FieldsEditor";
import { withIds, withoutIds } from "./rowIds";

/** Edits what describes a key: owner, tags, note, the person's own fields. */
export function EditDetailsDialog({ keyView, onClose }: KeyDialogProps) {
  const [owner, setOwner] = useState(keyView.owner);
  const [note, setNote] = useState(keyView.note);
  const [tags, setTags] = useState(keyView.tags);
  const [fields, setFields] = useState(() => withIds(keyView.fields));
  const announce = useAnnounce();
  const { run, pending, error } = useCommand(commands.editKey, {
    onDone: ({ key }) => {
      announce(`${key.name} saved`);
      onClose();
    },
  });
  const whole = withoutIds(fields).filter(({ name, value }) => name.trim() !== "" || value.trim() !== "");
  const changed =
    JSON.stringify([owner, note, tags, whole]) !==
    JSON.stringify([keyView.owner, keyView.note, keyView.tags, keyView.fields]);
  return (
    <ConfirmDialog
      opened
      title={`Edit ${keyView.name}`}
      verb="Save"
      size={520}
      disabled={!changed}
      pending={pending}
      error={error}
      onConfirm={() =>
        void run({ key: keyView.id, expectedRevision: keyView.revision, owner, note, tags, fields: whole })
      }
      onClose={onClose}
    >
      <Stack gap="sm">
        <TextInput
          label="Owner"
          placeholder="Person or team"
          data-autofocus
          value={owner}
          onChange={(event) => setOwner(event.currentTarget.value)}
        />
        <TagInput value={tags} onChange={setTags} />
        <Textarea
          label="Note"
          autosize
          minRows={2}
          maxRows={8}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <FieldsEditor fields={fields} onChange={setFields} />
      </Stack>
    </ConfirmDialog>
  );
}
