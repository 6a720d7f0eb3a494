import { ActionIcon, Button, Group, Select, Stack, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { commands, WhereUsedKindValues, type WhereUsedView } from "../../../ipc/bindings";
import { useAnnounce } from "../../../shared/Announcer";
import { ConfirmDialog } from "../../../shared/ConfirmDialog";
import { useCommand } from "../../../shared/useCommand";
import { whereUsedNames } from "../../../shared/words";
import type { KeyDialogProps } from "./ChangeKeyDialog";
import { type WithId, withId, withIds, withoutIds } from "./rowIds";

const KINDS = WhereUsedKindValues.map((kind) => ({ value: kind, label: whereUsedNames[kind] }));

const EXAMPLES: Record<WhereUsedView["kind"], string> = {
  host: "db1.example.org",
  application: "billing",
  path: "/etc/ssl/private/site.pem",
  url: "https://api.example.org",
};

/** Edits the list of places where a key is used. */
export function EditWhereUsedDialog({ keyView, onClose }: KeyDialogProps) {
  const [places, setPlaces] = useState<WithId<WhereUsedView>[]>(() =>
    keyView.whereUsed.length > 0 ? withIds(keyView.whereUsed) : [withId({ kind: "host", value: "" })],
  );
  const announce = useAnnounce();
  const { run, pending, error } = useCommand(commands.editKey, {
    onDone: () => {
      announce("Saved where it is used");
      onClose();
    },
  });
  const set = (rowId: number, part: Partial<WhereUsedView>) =>
    setPlaces(places.map((place) => (place.rowId === rowId ? { ...place, ...part } : place)));
  const whole = withoutIds(places)
    .map(({ kind, value }) => ({ kind, value: value.trim() }))
    .filter(({ value }) => value !== "");
  return (
    <ConfirmDialog
      opened
      title={`Edit where ${keyView.name} is used`}
      verb="Save"
      size={520}
      disabled={JSON.stringify(whole) === JSON.stringify(keyView.whereUsed)}
      pending={pending}
      error={error}
      onConfirm={() => void run({ key: keyView.id, expectedRevision: keyView.revision, whereUsed: whole })}
      onClose={onClose}
    >
      <Stack gap={6}>
        {places.map(({ rowId, kind, value }, index) => (
          <Group key={rowId} gap={6} wrap="nowrap">
            <Select
              aria-label="Kind of place"
              w={130}
              data={KINDS}
              value={kind}
              onChange={(chosen) => chosen !== null && set(rowId, { kind: chosen as WhereUsedView["kind"] })}
            />
            <TextInput
              aria-label={whereUsedNames[kind]}
              placeholder={EXAMPLES[kind]}
              flex={1}
              autoComplete="off"
              spellCheck={false}
              {...(index === 0 ? { "data-autofocus": true } : {})}
              value={value}
              onChange={(event) => set(rowId, { value: event.currentTarget.value })}
            />
            <ActionIcon
              aria-label={`Remove ${value || "this place"}`}
              onClick={() => setPlaces(places.filter((place) => place.rowId !== rowId))}
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
            onClick={() => setPlaces([...places, withId<WhereUsedView>({ kind: "host", value: "" })])}
          >
            Add a place
          </Button>
        </Group>
      </Stack>
    </ConfirmDialog>
  );
}
