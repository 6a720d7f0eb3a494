import { Checkbox, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { commands, type KeyView } from "../../../ipc/bindings";
import { useAnnounce } from "../../../shared/Announcer";
import { ConfirmDialog } from "../../../shared/ConfirmDialog";
import { formatNumber, plural } from "../../../shared/format";
import { useJob } from "../../../shared/job";
import { useCatalogue } from "../../../shared/queries";
import { RunningJob } from "../../../shared/RunningJob";
import { TagInput } from "../../../shared/TagInput";
import { useCommand } from "../../../shared/useCommand";
import { nameError } from "../rules/nameError";
import { createRequest, type NewKeyForm, startForm, withCatalogue } from "../rules/newKeyForm";
import { AlgorithmField } from "./AlgorithmField";
import { MoreKeyFields } from "./MoreKeyFields";
import "./NewKeyDialog.css";
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
  const wrongName = nameError(error);
  const countIsGood =
    form.count === 1 || (typeof form.count === "number" && form.count >= 1 && form.count <= MOST);

  return (
    <ConfirmDialog
      opened
      title={many ? "Create keys" : "Create a key"}
      verb={many ? `Create ${formatNumber(Number(form.count))} keys` : "Create"}
      size={640}
      disabled={form.name.trim() === "" || form.algorithm === null || !countIsGood}
      pending={pending}
      error={wrongName === null ? error : null}
      onConfirm={() => void (many ? several.run(form.name.trim()) : one.run(createRequest(form)))}
      onClose={onClose}
    >
      {job.running ? (
        <RunningJob job={job} what="Creating keys" />
      ) : (
        <Stack gap="md">
          <PurposeField value={form.purpose} onChange={(purpose) => set({ purpose, algorithm: null })} />
          <div className="kr-pair">
            <TextInput
              label={many ? "Name begins with" : "Name"}
              description={many ? `They become ${form.name.trim() || "name"}-000001 and so on.` : undefined}
              placeholder="payments-dek"
              required
              data-testid="new-key-name"
              autoComplete="off"
              spellCheck={false}
              value={form.name}
              error={wrongName}
              onChange={(event) => {
                set({ name: event.currentTarget.value });
                one.clear();
                several.clear();
              }}
            />
            <AlgorithmField form={form} onChange={(algorithm) => set({ algorithm })} />
          </div>
          <Checkbox
            label="Exportable"
            description="Whether its material may ever leave the vault. This can never be changed. Backups hold it either way."
            checked={form.exportable}
            onChange={(event) => set({ exportable: event.currentTarget.checked })}
          />
          <div className="kr-pair">
            <PolicyFields catalogue={catalogue} form={form.policy} onChange={(policy) => set({ policy })} />
            <TagInput value={form.tags} onChange={(tags) => set({ tags })} />
          </div>
          <MoreKeyFields form={form} set={set} countIsGood={countIsGood} most={MOST} />
        </Stack>
      )}
    </ConfirmDialog>
  );
}
