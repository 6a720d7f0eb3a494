import type { KeyView } from "../../../ipc/bindings";
import { holderWords } from "../rules/holders";
import { useDistribution } from "../useDistribution";

interface WhereUsedWordsProps {
  keyView: KeyView;
  /** What stands before the list. */
  lead?: string;
  /** Says nothing where nobody is known. */
  quiet?: boolean;
}

/** Who depends on a key, as far as Keyreeve was told or handed it over itself. */
export function WhereUsedWords({ keyView, lead = "It is used by:", quiet = false }: WhereUsedWordsProps) {
  const { data } = useDistribution(keyView.id);
  if (data === undefined) return null;
  if (data.holders.length === 0) {
    return quiet ? null : <p className="kr-dim">Nothing is written down about where it is used.</p>;
  }
  return (
    <div>
      <p>{lead}</p>
      <ul className="kr-where-list" data-testid="where-used-list">
        {data.holders.map((holder) => {
          const { name, fingerprint } = holderWords(holder, keyView.primaryVersion);
          return (
            <li key={`${holder.kind} ${holder.id}`}>
              {name} {fingerprint !== null && <code className="kr-dim">{fingerprint}</code>}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
