import { ActionIcon, Button, Fieldset, Group, Stack, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { FieldView } from "../../../ipc/bindings";
import { type WithId, withId } from "./rowIds";

/** Edits the person's own fields. */
export function FieldsEditor({
  fields,
  onChange,
}: {
  fields: WithId<FieldView>[];
  onChange: (fields: WithId<FieldView>[]) => void;
}) {
  const set = (rowId: number, part: Partial<FieldView>) =>
    onChange(fields.map((field) => (field.rowId === rowId ? { ...field, ...part } : field)));
  return (
    <Fieldset variant="unstyled" legend="Your own fields">
      <Stack gap={6} mt={4}>
        {fields.map(({ rowId, name, value }) => (
          <Group key={rowId} gap={6} wrap="nowrap">
            <TextInput
              aria-label="Field name"
              placeholder="Name"
              w={150}
              value={name}
              onChange={(event) => set(rowId, { name: event.currentTarget.value })}
            />
            <TextInput
              aria-label={`Value of ${name || "the field"}`}
              placeholder="Value"
              flex={1}
              value={value}
              onChange={(event) => set(rowId, { value: event.currentTarget.value })}
            />
            <ActionIcon
              aria-label={`Remove ${name || "the field"}`}
              onClick={() => onChange(fields.filter((field) => field.rowId !== rowId))}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        <Group>
          <Button
            variant="subtle"
            size="xs"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => onChange([...fields, withId({ name: "", value: "" })])}
          >
            Add a field
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}
