import { Checkbox, Collapse, Select, Stack, UnstyledButton } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { useId, useState } from "react";
import type { CatalogueResponse, PolicyTemplate } from "../../../ipc/bindings";
import type { PolicyForm } from "../rules/policyForm";
import { PeriodField } from "./PeriodField";
import "./PolicyFields.css";

interface PolicyFieldsProps {
  catalogue: CatalogueResponse | undefined;
  form: PolicyForm;
  onChange: (form: PolicyForm) => void;
  /** Whether the person's own periods are shown from the start. */
  unfolded?: boolean;
}

/** Chooses a policy: a template, and under a fold the person's own periods in place of its. */
export function PolicyFields({ catalogue, form, onChange, unfolded = false }: PolicyFieldsProps) {
  const [open, setOpen] = useState(unfolded);
  const foldId = useId();
  const set = (part: Partial<PolicyForm>) => onChange({ ...form, ...part });
  const template = catalogue?.templates.find(({ name }) => name === form.template);
  return (
    <Stack gap={8}>
      <Select
        label="Policy"
        description={template?.description}
        inputWrapperOrder={["label", "input", "description", "error"]}
        data={catalogue?.templates.map(({ name, title }) => ({ value: name, label: title })) ?? []}
        value={form.template}
        onChange={(name) =>
          name !== null &&
          onChange({
            ...form,
            template: name as PolicyTemplate,
            originatorUsage: null,
            recipientUsage: null,
            overlap: null,
            warnBefore: null,
            endsUse: null,
          })
        }
      />
      <UnstyledButton
        className="kr-fold"
        aria-expanded={open}
        aria-controls={foldId}
        onClick={() => setOpen(!open)}
      >
        <IconChevronRight size={14} aria-hidden />
        Periods of your own
      </UnstyledButton>
      <Collapse expanded={open} id={foldId}>
        <Stack gap={10} className="kr-fold-body">
          <PeriodField
            label="Protects for"
            description="After this the key must be rotated (originator usage)."
            value={form.originatorUsage}
            onChange={(originatorUsage) => set({ originatorUsage })}
          />
          <PeriodField
            label="Processes for"
            description="How long it may open what it protected (recipient usage)."
            value={form.recipientUsage}
            onChange={(recipientUsage) => set({ recipientUsage })}
          />
          <PeriodField
            label="Overlap"
            description="How long the replaced version stays active after a rotation."
            value={form.overlap}
            onChange={(overlap) => set({ overlap })}
          />
          <PeriodField
            required
            label="Warn before"
            description="How long before the end to say so."
            value={form.warnBefore}
            onChange={(warnBefore) => set({ warnBefore })}
          />
          <Checkbox
            label="Deactivate by itself when the period ends"
            description="Otherwise Keyreeve only warns."
            indeterminate={form.endsUse === null}
            checked={form.endsUse === true}
            onChange={(event) => set({ endsUse: event.currentTarget.checked })}
          />
        </Stack>
      </Collapse>
    </Stack>
  );
}
