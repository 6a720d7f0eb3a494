import type { Algorithm, CatalogueResponse, CreateKeyRequest, Purpose } from "../../../ipc/bindings";
import { formOfTemplate, type PolicyForm, policyRequest } from "./policyForm";
import { algorithmsFor, usualAlgorithm } from "./purposes";

/** What the dialog for a new key holds. */
export interface NewKeyForm {
  name: string;
  purpose: Purpose;
  /** `null` until the catalogue proposes one, or when the policy allows none. */
  algorithm: Algorithm | null;
  exportable: boolean;
  policy: PolicyForm;
  tags: string[];
  owner: string;
  note: string;
  activateAt: string | null;
  count: number | "";
}

/** The form as it opens: nothing may leave the vault unless someone says so. */
export function startForm(): NewKeyForm {
  return {
    name: "",
    purpose: "encrypt",
    algorithm: null,
    exportable: false,
    policy: formOfTemplate("nist-sp-800-57"),
    tags: [],
    owner: "",
    note: "",
    activateAt: null,
    count: 1,
  };
}

/** The form with an algorithm that serves the purpose and is allowed: the one chosen, or else the usual one. */
export function withCatalogue(form: NewKeyForm, catalogue: CatalogueResponse | undefined): NewKeyForm {
  if (catalogue === undefined) {
    return form;
  }
  const { template } = form.policy;
  const fits = algorithmsFor(catalogue.algorithms, form.purpose, template).some(
    ({ algorithm, allowed }) => allowed && algorithm.name === form.algorithm,
  );
  return fits ? form : { ...form, algorithm: usualAlgorithm(catalogue.algorithms, form.purpose, template) };
}

/** What the core is told. */
export function createRequest(form: NewKeyForm): CreateKeyRequest {
  if (form.algorithm === null) {
    throw new Error("The dialog does not confirm without an algorithm");
  }
  return {
    name: form.name.trim(),
    algorithm: form.algorithm,
    purpose: form.purpose,
    exportable: form.exportable,
    policy: policyRequest(form.policy),
    tags: form.tags,
    owner: form.owner.trim(),
    note: form.note,
    ...(form.activateAt === null ? {} : { activateAt: form.activateAt }),
    ...(typeof form.count === "number" && form.count > 1 ? { count: form.count } : {}),
  };
}
