import { Checkbox } from "@mantine/core";
import type { CatalogueResponse } from "../../../ipc/bindings";
import { TagInput } from "../../../shared/TagInput";
import { PolicyFields } from "../dialogs/PolicyFields";
import type { ImportForm } from "./importForm";

interface ImportOptionsProps {
  form: ImportForm;
  catalogue: CatalogueResponse | undefined;
  onForm: (form: ImportForm) => void;
}

/** What all the keys that come in have alike. */
export function ImportOptions({ form, catalogue, onForm }: ImportOptionsProps) {
  return (
    <>
      <Checkbox
        label="Exportable"
        description="Whether their material may leave the vault again. What is not exportable stays so for good."
        checked={form.exportable}
        onChange={(event) => onForm({ ...form, exportable: event.currentTarget.checked })}
      />
      <div className="kr-pair">
        <PolicyFields
          catalogue={catalogue}
          form={form.policy}
          onChange={(policy) => onForm({ ...form, policy })}
        />
        <TagInput value={form.tags} onChange={(tags) => onForm({ ...form, tags })} />
      </div>
    </>
  );
}
