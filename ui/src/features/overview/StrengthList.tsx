import type { StrengthView } from "../../ipc/bindings";
import { formatNumber } from "../../shared/format";

/** How many keys are how strong, and for how long. */
export function StrengthList({ strength }: { strength: StrengthView }) {
  const rows = [
    { words: "Quantum-safe (ML-KEM, ML-DSA, AES-256)", count: strength.quantumSafe, tone: "" },
    { words: "Safe to 2035 (EC, Ed25519, RSA-3072 and up)", count: strength.classical, tone: "" },
    {
      words: "Disallowed after 2030 (RSA-2048)",
      count: strength.disallowedAfter2030,
      tone: strength.disallowedAfter2030 > 0 ? "kr-warn" : "",
    },
  ];
  return (
    <>
      <h2 className="kr-strengths-title" id="strength">
        Strength
      </h2>
      <dl className="kr-strengths" aria-labelledby="strength">
        {rows.map(({ words, count, tone }) => (
          <div key={words}>
            <dt>{words}</dt>
            <dd className={`kr-numbers ${tone}`}>{formatNumber(count)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
