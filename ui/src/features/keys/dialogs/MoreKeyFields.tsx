import { Collapse, NumberInput, Stack, Textarea, TextInput, UnstyledButton } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { useId, useState } from "react";
import { DateTimeField } from "../../../shared/DateTimeField";
import { formatNumber } from "../../../shared/format";
import type { NewKeyForm } from "../rules/newKeyForm";

/** What a new key may have besides, under a fold. */
export function MoreKeyFields(props: {
  form: NewKeyForm;
  set: (part: Partial<NewKeyForm>) => void;
  countIsGood: boolean;
  /** How many keys can be made at once. */
  most: number;
}) {
  const { form, set, countIsGood, most } = props;
  const [open, setOpen] = useState(false);
  const foldId = useId();
  return (
    <Stack gap={8}>
      <UnstyledButton
        className="kr-fold"
        aria-expanded={open}
        aria-controls={foldId}
        onClick={() => setOpen(!open)}
      >
        <IconChevronRight size={14} aria-hidden />
        Owner, note, activation, several at once
      </UnstyledButton>
      <Collapse expanded={open} id={foldId}>
        <Stack gap="sm" className="kr-fold-body">
          <TextInput
            label="Owner"
            placeholder="Person or team"
            value={form.owner}
            onChange={(event) => set({ owner: event.currentTarget.value })}
          />
          <Textarea
            label="Note"
            autosize
            minRows={2}
            maxRows={6}
            value={form.note}
            onChange={(event) => set({ note: event.currentTarget.value })}
          />
          <DateTimeField
            label="Activate later"
            description="Until then the key is pre-active and used for nothing. Empty: active at once."
            placeholder="At once"
            value={form.activateAt}
            onChange={(activateAt) => set({ activateAt })}
            min={new Date()}
          />
          <NumberInput
            label="How many"
            description="More than one makes keys that are alike, with numbered names."
            min={1}
            max={most}
            allowDecimal={false}
            allowNegative={false}
            clampBehavior="none"
            thousandSeparator=","
            w={160}
            data-testid="new-key-count"
            value={form.count}
            error={countIsGood ? null : `Between 1 and ${formatNumber(most)}.`}
            onChange={(count) => set({ count: typeof count === "number" ? count : "" })}
          />
        </Stack>
      </Collapse>
    </Stack>
  );
}
