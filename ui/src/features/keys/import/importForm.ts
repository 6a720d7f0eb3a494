import type {
  Algorithm,
  CatalogueResponse,
  ExamineResponse,
  FoundOutcome,
  FoundView,
  ImportChoice,
  ImportKeysRequest,
  Purpose,
} from "../../../ipc/bindings";
import { formOfTemplate, type PolicyForm, policyRequest } from "../rules/policyForm";

/** What someone changed of a found key before bringing it in. */
export interface Changes {
  name?: string;
  algorithm?: Algorithm;
  purpose?: Purpose;
}

/** What the dialog holds beside what was found. */
export interface ImportForm {
  /** The numbers of the keys that are to stay outside. */
  left: ReadonlySet<number>;
  changes: ReadonlyMap<number, Changes>;
  exportable: boolean;
  tags: string[];
  policy: PolicyForm;
}

/** The form as it opens: everything new comes in, and may leave again as it may leave the file that it was in. */
export function startForm(): ImportForm {
  return {
    left: new Set(),
    changes: new Map(),
    exportable: true,
    tags: [],
    policy: formOfTemplate("nist-sp-800-57"),
  };
}

/** The found keys that can be brought in. */
export function newOnes(found: ExamineResponse): FoundView[] {
  return found.items.filter(({ outcome }) => outcome === "new");
}

/** The new keys that are chosen. */
export function chosenOnes(found: ExamineResponse, form: ImportForm): FoundView[] {
  return newOnes(found).filter(({ number }) => !form.left.has(number));
}

/** The items that a password would tell more of. */
export function lockedOnes(found: ExamineResponse): FoundView[] {
  return found.items.filter(({ kind, outcome }) => kind === "locked" && outcome === "problem");
}

/** The found key as it would come in. */
export function asChanged(item: FoundView, form: ImportForm, catalogue: CatalogueResponse | undefined) {
  const { name = item.name, algorithm = item.algorithm, purpose } = form.changes.get(item.number) ?? {};
  const known = catalogue?.algorithms.find((candidate) => candidate.name === algorithm);
  const purposes = known?.purposes ?? [];
  const wanted = purpose ?? (algorithm === item.algorithm ? item.purpose : null);
  const fits = wanted !== null && (purposes.length === 0 || purposes.includes(wanted));
  return { name, algorithm, purpose: fits ? wanted : (purposes[0] ?? null), purposes };
}

/** The form with a change of one found key. */
export function changed(form: ImportForm, number: number, change: Changes): ImportForm {
  const changes = new Map(form.changes);
  changes.set(number, { ...changes.get(number), ...change });
  return { ...form, changes };
}

/** The form with some keys chosen or left outside. */
export function chosen(form: ImportForm, numbers: readonly number[], choose: boolean): ImportForm {
  const left = new Set(form.left);
  for (const number of numbers) {
    if (choose) left.delete(number);
    else left.add(number);
  }
  return { ...form, left };
}

/** What kind of thing it becomes. */
export function becomes({ kind }: FoundView): "key" | "certificate" | "publicKey" {
  return kind === "certificate" ? "certificate" : kind === "public" ? "publicKey" : "key";
}

/** What the core is told. */
export function importRequest(
  found: ExamineResponse,
  form: ImportForm,
  catalogue: CatalogueResponse | undefined,
): ImportKeysRequest {
  const choices = chosenOnes(found, form).map((item): ImportChoice => {
    if (item.kind === "certificate") return { number: item.number };
    const { name, algorithm, purpose } = asChanged(item, form, catalogue);
    if (item.kind === "public") return { number: item.number, name: name.trim() };
    return {
      number: item.number,
      name: name.trim(),
      ...(algorithm === null ? {} : { algorithm }),
      ...(purpose === null ? {} : { purpose }),
    };
  });
  return {
    choices,
    exportable: form.exportable,
    tags: form.tags,
    policy: policyRequest(form.policy),
  };
}

/** How many items have each outcome. */
export function tally(found: ExamineResponse): Record<FoundOutcome, number> {
  const counts = { sound: 0, new: 0, duplicate: 0, problem: 0, unsupported: 0 };
  for (const { outcome } of found.items) counts[outcome] += 1;
  return counts;
}
