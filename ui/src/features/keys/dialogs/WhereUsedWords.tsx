import type { KeyView } from "../../../ipc/bindings";
import { whereUsedNames } from "../../../shared/words";

/** Who depends on a key, as far as Keyreeve was told. */
export function WhereUsedWords({ keyView }: { keyView: KeyView }) {
  if (keyView.whereUsed.length === 0) {
    return <p className="kr-dim">Nothing is written down about where it is used.</p>;
  }
  return (
    <div>
      <p>It is used at:</p>
      <ul className="kr-where-list" data-testid="where-used-list">
        {keyView.whereUsed.map(({ kind, value }) => (
          <li key={`${kind} ${value}`}>
            {value} <span className="kr-dim">{whereUsedNames[kind].toLowerCase()}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
