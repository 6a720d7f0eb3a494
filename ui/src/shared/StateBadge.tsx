import type { KeyState } from "../ipc/bindings";
import { daysUntil, plural } from "./format";
import "./StateBadge.css";
import { useNow } from "./useNow";
import { stateNames } from "./words";

const colours: Record<KeyState, string> = {
  pre_active: "info",
  active: "ok",
  suspended: "warn",
  deactivated: "dim",
  compromised: "bad",
  destroyed: "dim",
};

/** The state's own shape, the same wherever a state is shown. */
export function StateIcon({ state, size = 12 }: { state: KeyState; size?: number }) {
  return (
    <svg
      className={`kr-${colours[state]} kr-state-icon`}
      width={size}
      height={size}
      viewBox="0 0 12 12"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      aria-hidden="true"
      data-state={state}
    >
      {shapes[state]}
    </svg>
  );
}

const shapes: Record<KeyState, React.ReactNode> = {
  pre_active: (
    <>
      <circle cx="6" cy="6" r="4.75" />
      <path d="M6 6V1.25A4.75 4.75 0 0 1 10.75 6Z" fill="currentColor" stroke="none" />
    </>
  ),
  active: <circle cx="6" cy="6" r="5" fill="currentColor" stroke="none" />,
  suspended: <path d="M4 1.5v9M8 1.5v9" strokeWidth="2" />,
  deactivated: <circle cx="6" cy="6" r="4.5" />,
  compromised: <path d="M6 .8 11.6 11H.4Z" fill="currentColor" stroke="none" />,
  destroyed: <path d="m2 2 8 8M10 2l-8 8" strokeWidth="1.75" />,
};

/** A state by shape, word and colour; over it lies the destruction that is scheduled. */
export function StateBadge({
  state,
  destroyScheduledAt = null,
  short = false,
}: {
  state: KeyState;
  destroyScheduledAt?: string | null;
  /** In a list, where room is short, days are only "d". */
  short?: boolean;
}) {
  if (destroyScheduledAt !== null && state !== "destroyed") {
    return <ScheduledBadge at={destroyScheduledAt} short={short} />;
  }
  return (
    <span className="kr-state">
      <StateIcon state={state} />
      <span className={`kr-${colours[state]}`}>{stateNames[state]}</span>
    </span>
  );
}

function ScheduledBadge({ at, short }: { at: string; short: boolean }) {
  const days = daysUntil(at, useNow());
  const left = short ? `${days} d` : plural(days, "day");
  return (
    <span className="kr-state">
      <StateIcon state="destroyed" />
      <span className="kr-dim">{days > 0 ? `Destroyed in ${left}` : "Destruction due"}</span>
    </span>
  );
}
