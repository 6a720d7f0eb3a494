import { Select } from "@mantine/core";
import type { Algorithm } from "../../../ipc/bindings";
import { useCatalogue } from "../../../shared/queries";
import { algorithmNames } from "../../../shared/words";
import type { NewKeyForm } from "../rules/newKeyForm";
import { algorithmsFor } from "../rules/purposes";
import { strengthWords } from "../rules/strength";

/** Chooses among the algorithms that serve the purpose; those that the policy forbids say so. */
export function AlgorithmField({
  form,
  onChange,
}: {
  form: NewKeyForm;
  onChange: (algorithm: Algorithm) => void;
}) {
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
