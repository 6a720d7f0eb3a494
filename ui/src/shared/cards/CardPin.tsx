import { Loader } from "@mantine/core";
import { IconHandFinger } from "@tabler/icons-react";
import { type Ref, useEffect, useState } from "react";
import type { CardApplicationView, ErrorView } from "../../ipc/bindings";
import { CoreError } from "../../ipc/call";
import { ErrorPanel } from "../ErrorPanel";
import { PassphraseField } from "../PassphraseField";
import "./CardPin.css";
import { triesWords } from "./cardWords";

/** What is known of the card whose PIN is asked for. */
export interface AwaitedCard {
  card: CardApplicationView | null;
  problem: ErrorView | null;
}

/**
 * Asks for a card's PIN once its card is there, and says until then what stands in the way. How many tries are left is
 * said before anything is typed.
 */
export function CardPin({
  awaited,
  value,
  onChange,
  label = "PIN of the card",
  pending = false,
  error,
  quiet = false,
  autoFocus = false,
  ref,
  testId,
}: {
  /** `null` while the card is looked for or read. */
  awaited: AwaitedCard | null;
  value: string;
  onChange: (pin: string) => void;
  label?: string;
  /** Whether the card is at work. */
  pending?: boolean;
  /** What is wrong with the PIN. */
  error?: string | null;
  /** Leaves out what stands in the way, where something else says it. */
  quiet?: boolean;
  autoFocus?: boolean;
  ref?: Ref<HTMLInputElement>;
  testId: string;
}) {
  const isLate = useLate(pending);
  const card = awaited === null || awaited.problem !== null ? null : awaited.card;
  // A PIN that was typed for a card does not wait for the next one.
  const stale = awaited !== null && card === null && value !== "";
  useEffect(() => {
    if (stale) onChange("");
  }, [stale, onChange]);
  return (
    <div>
      <div role="status">
        {awaited === null && (
          <div className="kr-card-waits" data-testid={`${testId}-card-reading`}>
            <Loader size={16} aria-hidden />
            Reading the card…
          </div>
        )}
        {awaited?.problem != null && !quiet && (
          <ErrorPanel error={new CoreError(awaited.problem)} live={false} testId={`${testId}-card-problem`} />
        )}
      </div>
      {card !== null && (
        <PassphraseField
          {...(ref === undefined ? {} : { ref })}
          label={label}
          description={
            <span className={card.triesLeft === 1 ? "kr-warn" : undefined}>{triesWords(card)}</span>
          }
          secretName="PIN"
          autoFocus={autoFocus}
          {...(autoFocus ? { "data-autofocus": true } : {})}
          value={value}
          onChange={onChange}
          error={error ?? null}
          readOnly={pending}
          data-testid={`${testId}-pin`}
        />
      )}
      <div role="status">
        {pending && (card?.touch === true || (card !== null && isLate)) && (
          <div className="kr-card-touch" data-testid={`${testId}-card-touch`}>
            <IconHandFinger size={20} aria-hidden />
            {card.touch ? "Touch the card when it blinks." : "If the card blinks, touch it."}
          </div>
        )}
      </div>
    </div>
  );
}

/** Most cards do not tell that they wait for a touch. One that waits for nobody has answered by then, in milliseconds. */
const PATIENCE = 500;

/** Whether the card has been at work for longer than it takes one that waits for nobody. */
function useLate(pending: boolean): boolean {
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    setIsLate(false);
    if (!pending) return;
    const timer = window.setTimeout(() => setIsLate(true), PATIENCE);
    return () => window.clearTimeout(timer);
  }, [pending]);
  return isLate;
}
