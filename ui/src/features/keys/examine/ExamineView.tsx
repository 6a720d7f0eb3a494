import { Select } from "@mantine/core";
import { IconAlertTriangle, IconCertificate, IconFile, IconKey, IconLock } from "@tabler/icons-react";
import { useState } from "react";
import type { ExamineResponse, FoundView } from "../../../ipc/bindings";
import { CopyButton } from "../../../shared/CopyButton";
import { plural } from "../../../shared/format";
import { type Branch, branches, compared, factsOf, titleOf } from "./facts";
import "./Examine.css";

/** More items than anyone looks at; the rest is counted. */
const MOST_ITEMS = 500;

/** What was found as a list, chains as trees, and beside it all that is said of one item, or of two. */
export function ExamineView({ found }: { found: ExamineResponse }) {
  const [wanted, setWanted] = useState<number | null>(null);
  const [beside, setBeside] = useState<number | null>(null);
  const items = found.items.slice(0, MOST_ITEMS);
  const numbered = (number: number | null) => items.find((item) => item.number === number);
  const item = numbered(wanted) ?? items[0];
  const other = beside === item?.number ? undefined : numbered(beside);
  if (item === undefined) {
    return <p role="status">There is nothing in it that Keyreeve knows.</p>;
  }
  const rest = found.items.length - items.length;
  return (
    <div className="kr-examine">
      <nav className="kr-examine-list" aria-label="What was found">
        <Branches of={branches(items)} current={item.number} onChoose={setWanted} />
        {rest > 0 && <p className="kr-dim">and {plural(rest, "item")} more</p>}
        {found.skipped > 0 && <p className="kr-dim">{plural(found.skipped, "file")} without a key</p>}
      </nav>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard too */}
      <section className="kr-examine-said" aria-label={titleOf(item)} tabIndex={0} data-testid="examined">
        <div className="kr-examine-head">
          <h3>{titleOf(item)}</h3>
          {items.length > 1 && (
            <Select
              size="xs"
              aria-label="Compare with"
              placeholder="Compare with…"
              clearable
              data={items
                .filter(({ number }) => number !== item.number)
                .map((one) => ({ value: String(one.number), label: titleOf(one) }))}
              value={other === undefined ? null : String(other.number)}
              onChange={(value) => setBeside(value === null ? null : Number(value))}
            />
          )}
        </div>
        {other === undefined ? <Said item={item} /> : <Compared left={item} right={other} />}
      </section>
    </div>
  );
}

interface BranchesProps {
  of: Branch[];
  current: number;
  onChoose: (number: number) => void;
}

function Branches({ of, current, onChoose }: BranchesProps) {
  return (
    <ul>
      {of.map(({ item, issued }) => {
        const Icon = iconOf(item);
        return (
          <li key={item.number}>
            <button
              type="button"
              aria-current={item.number === current || undefined}
              onClick={() => onChoose(item.number)}
            >
              <Icon size={16} stroke={1.5} aria-hidden />
              <span className="kr-cut">{titleOf(item)}</span>
              {item.outcome === "problem" && (
                <IconAlertTriangle size={14} className="kr-warn" aria-label="has a problem" />
              )}
            </button>
            {issued.length > 0 && <Branches of={issued} current={current} onChoose={onChoose} />}
          </li>
        );
      })}
    </ul>
  );
}

function iconOf({ kind }: FoundView) {
  if (kind === "locked") return IconLock;
  if (kind === "other") return IconFile;
  return ["certificate", "certificate_request", "ssh_certificate"].includes(kind) ? IconCertificate : IconKey;
}

function Said({ item }: { item: FoundView }) {
  const remarks = [item.problem, ...item.warnings].filter((words) => words !== null);
  return (
    <>
      {remarks.map((words) => (
        <p key={words} className={item.outcome === "problem" ? "kr-warn" : "kr-dim"}>
          {words.charAt(0).toUpperCase() + words.slice(1)}
        </p>
      ))}
      {item.certificate !== null && (
        <p className="kr-dim">Chains are found by names and key identifiers. No signature is verified.</p>
      )}
      <dl className="kr-examine-facts">
        {factsOf(item).map(({ label, value, exact }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className={exact ? "kr-mono" : undefined}>
              {value}
              {exact && <CopyButton text={value} what={label} />}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Compared({ left, right }: { left: FoundView; right: FoundView }) {
  const facts = compared(left, right);
  const different = facts.filter(({ same }) => !same).length;
  return (
    <>
      <p role="status">{different === 0 ? "All is the same." : `${plural(different, "difference")}`}</p>
      <table className="kr-examine-compared">
        <thead>
          <tr>
            <td />
            <th scope="col">{titleOf(left)}</th>
            <th scope="col">{titleOf(right)}</th>
          </tr>
        </thead>
        <tbody>
          {facts.map((fact) => (
            <tr key={fact.label} data-same={fact.same || undefined}>
              <th scope="row">
                {fact.label}
                {!fact.same && <span className="kr-warn"> ≠</span>}
              </th>
              <td className={fact.exact ? "kr-mono" : undefined}>{fact.left || "—"}</td>
              <td className={fact.exact ? "kr-mono" : undefined}>{fact.right || "—"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
