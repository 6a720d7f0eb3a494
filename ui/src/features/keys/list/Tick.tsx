import { IconCheck, IconMinus } from "@tabler/icons-react";
import "./KeyGrid.css";

/** The box that shows whether something is chosen. Says nothing to a screen reader: its row does. */
export function Tick({ state }: { state: boolean | "some" }) {
  return (
    <span aria-hidden className="kr-grid-tick" data-on={state !== false || undefined}>
      {state === "some" ? (
        <IconMinus size={12} stroke={3} />
      ) : state ? (
        <IconCheck size={12} stroke={3} />
      ) : null}
    </span>
  );
}
