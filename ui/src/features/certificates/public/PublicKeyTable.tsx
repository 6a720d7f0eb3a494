import type { KnownKeyView } from "../../../ipc/bindings";
import { publicAlgorithmName, WeakMark } from "../../../shared/PublicAlgorithm";
import { moveFocus } from "../moveFocus";

interface PublicKeyTableProps {
  publicKeys: readonly KnownKeyView[];
  current: string | undefined;
  onChoose: (id: string) => void;
}

/** The public keys as rows; the arrow keys go from one to the next, and Enter opens it. */
export function PublicKeyTable({ publicKeys, current, onChoose }: PublicKeyTableProps) {
  return (
    <table className="kr-certificate-table" onKeyDown={moveFocus} data-testid="public-key-table">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Algorithm</th>
          <th scope="col">Owner</th>
          <th scope="col" className="kr-certificate-issuer">
            Tags
          </th>
        </tr>
      </thead>
      <tbody>
        {publicKeys.map((one) => (
          // The button is for the keyboard; a click may fall anywhere in the row.
          <tr key={one.id} data-current={one.id === current || undefined} onClick={() => onChoose(one.id)}>
            <td>
              <button type="button" aria-current={one.id === current || undefined} title={one.name}>
                {one.name}
              </button>
            </td>
            <td>
              {publicAlgorithmName(one.algorithm, one.foreign)}{" "}
              <span className="kr-dim">{one.strengthBits} bits</span> <WeakMark foreign={one.foreign} />
            </td>
            <td className="kr-cut">{one.description.owner}</td>
            <td className="kr-certificate-issuer kr-cut">{one.description.tags.join(", ")}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
