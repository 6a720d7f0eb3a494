import { Loader } from "@mantine/core";
import { IconHandFinger } from "@tabler/icons-react";
import { type Ref, useEffect } from "react";
import type { CardApplicationView, ErrorView } from "../../ipc/bindings";
import { CoreError } from "../../ipc/call";
import { ErrorPanel } from "../ErrorPanel";
import { PassphraseField } from "../PassphraseField";
import { useLate } from "../useLate";
import "./CardPin.css";
import { triesWords } from "./cardWords";
import { PinPad, WhereToType } from "./PinPad";
import { usePadReader } from "./pinPad";
import { StopWaiting } from "./StopWaiting";

/** What is known of the card whose PIN is asked for. */
export interface AwaitedCard {
  card: CardApplicationView | null;
  problem: ErrorView | null;
}

/**
 * Asks for a card's PIN once its card is there, and says until then what stands in the way. How many tries are left is
 * said before anything is typed. Where the reader has a PIN pad it is typed there, and there is no field for it.
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
  const reader = usePadReader(card);
  const stale = awaited !== null && (card === null || reader !== null) && value !== "";
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
      {card !== null && reader !== null && (
        <PinPad
          reader={reader}
          pending={pending}
          tries={<Tries card={card} />}
          error={error ?? null}
          testId={testId}
        />
      )}
      {card !== null && reader === null && (
        <PassphraseField
          {...(ref === undefined ? {} : { ref })}
          label={label}
          description={<Tries card={card} />}
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
      {card !== null && card.pinPad !== null && !pending && <WhereToType onReader={reader !== null} />}
      <div role="status">
        {pending && reader === null && (card?.touch === true || (card !== null && isLate)) && (
          <div className="kr-card-touch" data-testid={`${testId}-card-touch`}>
            <IconHandFinger size={20} aria-hidden />
            {card.touch ? "Touch the card when it blinks." : "If the card blinks, touch it."}
            <StopWaiting testId={testId} />
          </div>
        )}
      </div>
    </div>
  );
}

function Tries({ card }: { card: CardApplicationView }) {
  return <span className={card.triesLeft === 1 ? "kr-warn" : undefined}>{triesWords(card)}</span>;
}
