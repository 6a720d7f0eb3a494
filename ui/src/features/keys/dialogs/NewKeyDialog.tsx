import {
  Checkbox,
  Collapse,
  NumberInput,
  Select,
  Stack,
  Textarea,
  TextInput,
  UnstyledButton,
} from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { useId, useState } from "react";
import { type Algorithm, commands, type KeyView } from "../../../ipc/bindings";
import { useAnnounce } from "../../../shared/Announcer";
import { ConfirmDialog } from "../../../shared/ConfirmDialog";
import { DateTimeField } from "../../../shared/DateTimeField";
import { formatNumber, plural } from "../../../shared/format";
import { useJob } from "../../../shared/job";
import { useCatalogue } from "../../../shared/queries";
import { RunningJob } from "../../../shared/RunningJob";
import { TagInput } from "../../../shared/TagInput";
import { useCommand } from "../../../shared/useCommand";
import { algorithmNames } from "../../../shared/words";
import { createRequest, type NewKeyForm, startForm, withCatalogue } from "../rules/newKeyForm";
import { algorithmsFor } from "../rules/purposes";
import { strengthWords } from "../rules/strength";
import { PolicyFields } from "./PolicyFields";
import { PurposeField } from "./PurposeField";

interface NewKeyDialogProps {
  /** Gets the key that was made; nothing when there are many. */
  onCreated: (key: KeyView | null) => void;
  onClose: () => void;
}

const MOST = 100_000;

/** Makes a key, or many alike: the purpose first, and with it a sensible algorithm. */
export function NewKeyDialog({ onCreated, onClose }: NewKeyDialogProps) {
  const [chosen, setForm] = useState<NewKeyForm>(startForm);
  const { data: catalogue } = useCatalogue();
  const form = withCatalogue(chosen, catalogue);
  const set = (part: Partial<NewKeyForm>) => setForm({ ...form, ...part });
  const announce = useAnnounce();
  const job = useJob();
  const many = typeof form.count === "number" && form.count > 1;

  const one = useCommand(commands.createKey, {
    onDone: ({ key }) => {
      announce(`${key.name} created`);
      onCreated(key);
    },
  });
  const several = useCommand(
    (name: string) =>
      job.start((jobId) => commands.createKeys({ ...createRequest({ ...form, name }), job: jobId })),
    {
      onDone: ({ created }) => {
        announce(`${plural(created, "key")} created`);
        onCreated(null);
      },
    },
  );
  const pending = one.pending || several.pending;
  const error = one.error ?? several.error;
  const taken = error?.code === "name_taken";
  const countIsGood =
    form.count === 1 || (typeof form.count === "number" && form.count >= 1 && form.count <= MOST);

  return (
    <ConfirmDialog
      opened
      title={many ? "Create keys" : "Create a key"}
      verb={many ? `Create ${formatNumber(Number(form.count))} keys` : "Create"}
      size={560}
      disabled={form.name.trim() === "" || form.algorithm === null || !countIsGood}
      pending={pending}
      error={taken ? null : error}
      onConfirm={() => void (many ? several.run(form.name.trim()) : one.run(createRequest(form)))}
      onClose={onClose}
    >
      {job.running ? (
        <RunningJob job={job} what="Creating keys" />
      ) : (
        <Stack gap="md">
          <PurposeField value={form.purpose} onChange={(purpose) => set({ purpose, algorithm: null })} />
          <AlgorithmField form={form} onChange={(algorithm) => set({ algorithm })} />
          <TextInput
            label={many ? "Name begins with" : "Name"}
            description={many ? `They become ${form.name.trim() || "name"}-000001 and so on.` : undefined}
            placeholder="payments-dek"
            required
            data-testid="new-key-name"
            autoComplete="off"
            spellCheck={false}
            value={form.name}
            error={taken ? "Another key has this name." : null}
            onChange={(event) => {
              set({ name: event.currentTarget.value });
              one.clear();
              several.clear();
            }}
          />
          <Checkbox
            label="Exportable"
            description="Whether the material may ever leave the vault. Decide now: it can never be changed. A key that cannot be exported is used through Keyreeve alone; backups hold it either way."
            checked={form.exportable}
            onChange={(event) => set({ exportable: event.currentTarget.checked })}
          />
          <PolicyFields catalogue={catalogue} form={form.policy} onChange={(policy) => set({ policy })} />
          <TagInput value={form.tags} onChange={(tags) => set({ tags })} />
          <MoreFields form={form} set={set} countIsGood={countIsGood} />
        </Stack>
      )}
    </ConfirmDialog>
  );
}

function AlgorithmField({ form, onChange }: { form: NewKeyForm; onChange: (algorithm: Algorithm) => void }) {
  const { data: catalogue } = useCatalogue();
  const choices = algorithmsFor(catalogue?.algorithms ?? [], form.purpose, form.policy.template);
  const view = choices.find(({ algorithm }) => algorithm.name === form.algorithm)?.algorithm;
  const strength = view === undefined ? undefined : strengthWords(view.strengthBits, view.quantumSafe);
  const none = choices.length > 0 && choices.every(({ allowed }) => !allowed);
  return (
    <Select
      label="Algorithm"
      inputWrapperOrder={["label", "input", "description", "error"]}
      description={strength?.words}
      data-testid="new-key-algorithm"
      data={choices.map(({ algorithm, allowed }) => ({
        value: algorithm.name,
        label: `${algorithmNames[algorithm.name]}${allowed ? "" : " (not allowed by the policy)"}`,
        disabled: !allowed,
      }))}
      error={none ? "The policy allows no algorithm for this purpose: choose another policy." : null}
      value={form.algorithm}
      onChange={(name) => name !== null && onChange(name as Algorithm)}
    />
  );
}

function MoreFields(props: {
  form: NewKeyForm;
  set: (part: Partial<NewKeyForm>) => void;
  countIsGood: boolean;
}) {
  const { form, set, countIsGood } = props;
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
            max={MOST}
            allowDecimal={false}
            allowNegative={false}
            clampBehavior="none"
            thousandSeparator=","
            w={160}
            data-testid="new-key-count"
            value={form.count}
            error={countIsGood ? null : `Between 1 and ${formatNumber(MOST)}.`}
            onChange={(count) => set({ count: typeof count === "number" ? count : "" })}
          />
        </Stack>
      </Collapse>
    </Stack>
  );
}
