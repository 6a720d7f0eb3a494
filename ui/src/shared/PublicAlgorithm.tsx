import { IconAlertTriangle } from "@tabler/icons-react";
import type { Algorithm, ForeignAlgorithmView } from "../ipc/bindings";
import { algorithmNames } from "./words";
import "./StateBadge.css";

/** The algorithm of a public key as people read it, also of one that Keyreeve makes no keys of. */
export function publicAlgorithmName(algorithm: string | null, foreign: ForeignAlgorithmView | null): string {
  if (foreign !== null) return foreign.title;
  return algorithm === null ? "" : (algorithmNames[algorithm as Algorithm] ?? algorithm);
}

/** The mark of a kind of key that is not to be used any more; nothing where it may be. */
export function WeakMark({ foreign }: { foreign: ForeignAlgorithmView | null }) {
  if (foreign === null || foreign.weakness === null) return null;
  return (
    <span className="kr-state kr-weak kr-warn" title={foreign.weakness}>
      <IconAlertTriangle size={14} aria-hidden />
      Weak
    </span>
  );
}
