import { Anchor } from "@mantine/core";
import { IconCalculator } from "@tabler/icons-react";
import { type ReactNode, useEffect, useRef } from "react";
import { useHome } from "../gate";
import "./CardPin.css";
import { usePadRequest } from "./pinPad";
import { StopWaiting } from "./StopWaiting";

/** Says that a PIN is typed on the keys of a reader, and when. There is no field for it here. */
export function PinPad({
  reader,
  admin = false,
  pending,
  tries,
  error = null,
  testId,
}: {
  reader: string;
  /** Whether it is an OpenPGP card's admin PIN. */
  admin?: boolean;
  /** Whether the card is at work. */
  pending: boolean;
  /** How many tries it has left. */
  tries: ReactNode;
  /** What is wrong with the one that was typed. */
  error?: string | null;
  testId: string;
}) {
  const request = usePadRequest();
  const name = admin ? "admin PIN" : "PIN";
  const waits = pending && request?.reader === reader && request.admin === admin;
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Of a long dialog one may see another part just then.
    if (waits) place.current?.scrollIntoView?.({ block: "center" });
  }, [waits]);
  return (
    <div ref={place}>
      <div role="status" data-testid={`${testId}-pad`}>
        {waits ? (
          <div className="kr-card-touch">
            <IconCalculator size={20} aria-hidden />
            <span>
              Type the {name} on the reader “{reader}” now.
              <span className="kr-pad-tries">{tries}</span>
            </span>
            <StopWaiting testId={testId} />
          </div>
        ) : (
          <div className="kr-card-waits">
            <IconCalculator size={20} aria-hidden />
            <span>
              The {name} is typed on the reader “{reader}”, once you go on.
              <span className="kr-pad-tries">{tries}</span>
            </span>
          </div>
        )}
      </div>
      {error !== null && (
        <p className="kr-pad-error" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

/** Changes where the PIN of a card is typed whose reader has a PIN pad, from now on. */
export function WhereToType({ onReader }: { onReader: boolean }) {
  const { changePreferences } = useHome();
  return (
    <Anchor
      component="button"
      type="button"
      size="xs"
      ta="left"
      onClick={() => void changePreferences({ usePinPad: !onReader })}
    >
      {onReader ? "Type it here instead" : "Type it on the reader instead"}
    </Anchor>
  );
}
