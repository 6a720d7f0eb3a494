import { Stack, Textarea, TextInput } from "@mantine/core";
import type { DescriptionView } from "../ipc/bindings";
import { TagInput } from "./TagInput";

interface DescriptionFieldsProps {
  value: DescriptionView;
  onChange: (value: DescriptionView) => void;
}

/** What people say of something that is kept: owner, tags, a note. */
export function DescriptionFields({ value, onChange }: DescriptionFieldsProps) {
  return (
    <Stack gap="sm">
      <TextInput
        label="Owner"
        placeholder="Person or team"
        value={value.owner}
        onChange={(event) => onChange({ ...value, owner: event.currentTarget.value })}
      />
      <TagInput value={value.tags} onChange={(tags) => onChange({ ...value, tags })} />
      <Textarea
        label="Note"
        autosize
        minRows={2}
        maxRows={8}
        value={value.note}
        onChange={(event) => onChange({ ...value, note: event.currentTarget.value })}
      />
    </Stack>
  );
}
