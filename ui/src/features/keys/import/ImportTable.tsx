import { Button, Checkbox, Select, TextInput } from "@mantine/core";
import { IconAlertTriangle, IconBan, IconCheck, IconCirclePlus, IconCopy } from "@tabler/icons-react";
import type {
  Algorithm,
  CatalogueResponse,
  ExamineResponse,
  FoundOutcome,
  FoundView,
  Purpose,
} from "../../../ipc/bindings";
import { fileName, formatNumber, plural } from "../../../shared/format";
import { publicAlgorithmName } from "../../../shared/PublicAlgorithm";
import { algorithmNames } from "../../../shared/words";
import { PURPOSE_CHOICES } from "../rules/purposes";
import {
  asChanged,
  becomes,
  changed,
  chosen,
  chosenOnes,
  type ImportForm,
  newOnes,
  tally,
} from "./importForm";
import "./Import.css";

/** More rows than anyone looks at; the rest is counted. */
const MOST_ROWS = 200;

const outcomes: Record<FoundOutcome, { word: string; icon: typeof IconBan; colour: string }> = {
  sound: { word: "Sound", icon: IconCheck, colour: "ok" },
  new: { word: "New", icon: IconCirclePlus, colour: "ok" },
  duplicate: { word: "Duplicate", icon: IconCopy, colour: "dim" },
  problem: { word: "Problem", icon: IconAlertTriangle, colour: "warn" },
  unsupported: { word: "Not kept", icon: IconBan, colour: "dim" },
};

interface ImportTableProps {
  found: ExamineResponse;
  form: ImportForm;
  catalogue: CatalogueResponse | undefined;
  onForm: (form: ImportForm) => void;
  /** Goes back to choosing files. */
  onAgain: () => void;
}

/** What was found, row by row: what is new can be named and chosen, everything else says why not. */
export function ImportTable({ found, form, catalogue, onForm, onAgain }: ImportTableProps) {
  const fresh = newOnes(found);
  const picked = chosenOnes(found, form).length;
  // What needs a decision stands first.
  const order: FoundOutcome[] = ["new", "sound", "problem", "unsupported", "duplicate"];
  const sorted = order.flatMap((outcome) => found.items.filter((item) => item.outcome === outcome));
  const shown = sorted.slice(0, MOST_ROWS);
  return (
    <div>
      <div className="kr-import-head">
        <p role="status" data-testid="import-summary">
          {summary(found)}
        </p>
        <Button variant="subtle" size="xs" onClick={onAgain}>
          Choose others
        </Button>
      </div>
      {shown.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard too
        <section className="kr-import-scroll" aria-label="What was found" tabIndex={0}>
          <table className="kr-import-table">
            <thead>
              <tr>
                <th scope="col">
                  {fresh.length > 0 && (
                    <Checkbox
                      size="xs"
                      aria-label="Import all new keys"
                      checked={picked === fresh.length}
                      indeterminate={picked > 0 && picked < fresh.length}
                      onChange={(event) =>
                        onForm(
                          chosen(
                            form,
                            fresh.map(({ number }) => number),
                            event.currentTarget.checked,
                          ),
                        )
                      }
                    />
                  )}
                </th>
                <th scope="col">Name</th>
                <th scope="col">Algorithm</th>
                <th scope="col">Purpose</th>
                <th scope="col">Outcome</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((item) =>
                item.outcome === "new" ? (
                  <NewRow key={item.number} item={item} form={form} catalogue={catalogue} onForm={onForm} />
                ) : (
                  <OtherRow key={item.number} item={item} />
                ),
              )}
            </tbody>
          </table>
        </section>
      )}
      {sorted.length > shown.length && (
        <p className="kr-dim">
          and {formatNumber(sorted.length - shown.length)} more, under the names they propose
        </p>
      )}
    </div>
  );
}

type RowProps = Omit<ImportTableProps, "found" | "onAgain"> & { item: FoundView };

function NewRow({ item, form, catalogue, onForm }: RowProps) {
  const { name, algorithm, purpose, purposes } = asChanged(item, form, catalogue);
  // It is called by its subject, and goes to the key that it is of.
  const isCertificate = item.kind === "certificate";
  const isKey = becomes(item) === "key";
  const set = (change: Parameters<typeof changed>[2]) => onForm(changed(form, item.number, change));
  return (
    <tr data-testid={`import-row-${item.number}`} data-new>
      <td>
        <Checkbox
          size="xs"
          aria-label={`Import ${name}`}
          checked={!form.left.has(item.number)}
          onChange={(event) => onForm(chosen(form, [item.number], event.currentTarget.checked))}
        />
      </td>
      <td>
        {isCertificate ? (
          <div className="kr-cut">{item.name}</div>
        ) : (
          <TextInput
            size="xs"
            aria-label={`Name of ${item.name}`}
            value={name}
            autoComplete="off"
            spellCheck={false}
            error={name.trim() === ""}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
        )}
        <About item={item} />
      </td>
      <td>
        {item.algorithms.length > 1 ? (
          <Select
            size="xs"
            aria-label={`Algorithm of ${item.name}`}
            allowDeselect={false}
            data={item.algorithms.map((known) => ({ value: known, label: algorithmNames[known] }))}
            value={algorithm}
            onChange={(chosenOne) => chosenOne !== null && set({ algorithm: chosenOne as Algorithm })}
          />
        ) : (
          publicAlgorithmName(algorithm, item.foreign)
        )}
      </td>
      <td>
        {isKey && (
          <Select
            size="xs"
            aria-label={`Purpose of ${item.name}`}
            allowDeselect={false}
            data={purposes.map((known) => ({ value: known, label: purposeLabel(known) }))}
            value={purpose}
            onChange={(chosenOne) => chosenOne !== null && set({ purpose: chosenOne as Purpose })}
          />
        )}
      </td>
      <td>
        <Outcome item={item} />
      </td>
    </tr>
  );
}

function OtherRow({ item }: { item: FoundView }) {
  return (
    <tr data-testid={`import-row-${item.number}`}>
      <td />
      <td>
        <div className="kr-cut">{item.name}</div>
        <About item={item} />
      </td>
      <td>{publicAlgorithmName(item.algorithm, item.foreign)}</td>
      <td />
      <td>
        <Outcome item={item} />
      </td>
    </tr>
  );
}

/** Where it was and what the file says of it. */
function About({ item }: { item: FoundView }) {
  const { sha256 } = item.fingerprints;
  const fingerprint =
    sha256 ?? item.fingerprints["ssh-sha256"] ?? item.fingerprints["spki-sha256"] ?? item.kcv;
  const parts = [item.formTitle, fileName(item.file), item.comment].filter((part) => part);
  return (
    <div className="kr-import-about kr-dim">
      <div className="kr-cut" title={item.file === "" ? undefined : item.file}>
        {parts.join(" · ")}
      </div>
      {item.certificate !== null && (
        <div className="kr-cut" title={item.certificate.subject}>
          {item.certificate.subject}
        </div>
      )}
      {fingerprint !== null && fingerprint !== undefined && (
        <div className="kr-cut kr-mono" title={fingerprint}>
          {fingerprint}
        </div>
      )}
    </div>
  );
}

function Outcome({ item }: { item: FoundView }) {
  const { word, icon: Icon, colour } = outcomes[item.outcome];
  const said = [item.problem, ...item.warnings].filter((words) => words !== null);
  return (
    <div data-outcome={item.outcome}>
      <span className={`kr-import-outcome kr-${colour}`}>
        <Icon size={14} aria-hidden />
        {word}
      </span>
      {said.map((words) => (
        <p key={words} className="kr-import-said kr-dim">
          {sentence(words)}
        </p>
      ))}
    </div>
  );
}

function purposeLabel(purpose: Purpose): string {
  return PURPOSE_CHOICES.find((choice) => choice.purpose === purpose)?.label ?? purpose;
}

function sentence(words: string): string {
  const text = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.?]$/.test(text) ? text : `${text}.`;
}

function summary(found: ExamineResponse): string {
  const counts = tally(found);
  const parts = [
    counts.new > 0 && `${formatNumber(counts.new)} new`,
    counts.duplicate > 0 && plural(counts.duplicate, "duplicate"),
    counts.problem > 0 && plural(counts.problem, "problem"),
    counts.unsupported > 0 && `${formatNumber(counts.unsupported)} not kept`,
    found.skipped > 0 && `${plural(found.skipped, "file")} without a key`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? "There is no key in it." : parts.join(" · ");
}
