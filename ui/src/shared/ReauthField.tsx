import { Anchor, Stack } from "@mantine/core";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Credentials, ErrorCode } from "../ipc/bindings";
import type { CoreError } from "../ipc/call";
import { CardPin } from "./cards/CardPin";
import { usePadReader } from "./cards/pinPad";
import { isReady, slotCard, useCards } from "./cards/useCards";
import { useSession } from "./gate";
import { PassphraseField } from "./PassphraseField";
import { asksFor, hasCard } from "./slotKinds";

/** What shows again who is there. */
export interface Reauth {
  passphrase: string;
  pin: string;
  /** Whether the card is asked for with which the vault was unlocked. */
  withCard: boolean;
  /** Whether the card's PIN is typed on its reader. */
  onPad: boolean;
  /** Whether a passphrase is asked for. */
  withPassphrase: boolean;
  /** As the core takes it. */
  proof: Credentials;
  isComplete: boolean;
  change: (typed: { passphrase?: string; pin?: string; withCard?: boolean; onPad?: boolean }) => void;
  /** Forgets what was typed. */
  forget: () => void;
}

/** Keeps what is typed into a `ReauthField`: as the way in asks for it that opened the vault, or a passphrase. */
export function useReauth(): Reauth {
  const { slot } = useSession();
  const [typed, setTyped] = useState({ passphrase: "", pin: "", withCard: hasCard(slot), onPad: false });
  const withCard = typed.withCard && hasCard(slot);
  const withPassphrase = !withCard || asksFor(slot, "passphrase");
  const serial = slot.parts.find((part) => part.serial !== null)?.serial;
  const proof: Credentials = {
    ...(withPassphrase ? { passphrase: typed.passphrase } : {}),
    ...(withCard ? { pin: typed.onPad ? "" : typed.pin, ...(serial ? { card: serial } : {}) } : {}),
  };
  return {
    ...typed,
    withCard,
    withPassphrase,
    proof,
    isComplete:
      (!withPassphrase || typed.passphrase !== "") && (!withCard || typed.onPad || typed.pin !== ""),
    change: (now) => setTyped((before) => ({ ...before, ...now })),
    forget: () => setTyped((before) => ({ ...before, passphrase: "", pin: "" })),
  };
}

/** Asks again who is there: for what opened the vault, or the passphrase of a way in that may do as much. */
export function ReauthField({
  reauth,
  why,
  error,
  pending = false,
  onChange,
}: {
  reauth: Reauth;
  /** Why it is asked for: "Exporting material needs it". */
  why: string;
  /** What the core said last. */
  error: CoreError | null;
  pending?: boolean;
  /** Something else is typed: what the core said last is no longer about it. */
  onChange: () => void;
}) {
  const { slot, vault } = useSession();
  const { withCard, withPassphrase, change } = reauth;
  const sight = useCards(vault.path, [slot], withCard);
  const awaited = slotCard(sight, slot);
  const onPad = usePadReader(isReady(awaited) ? awaited?.card : null) !== null;
  const passphrase = useRef<HTMLInputElement>(null);
  const pin = useRef<HTMLInputElement>(null);
  const wrong = reauthError(error);
  const wrongPin = withCard && isOneOf(error, pinCodes);
  useEffect(() => {
    // Brings the field into sight, ready to be typed anew.
    if (wrong !== null) {
      passphrase.current?.focus();
      passphrase.current?.select();
    }
  }, [wrong]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `change` is another one each time and does the same
  useLayoutEffect(() => {
    change({ onPad });
  }, [onPad]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `change` is another one each time and does the same
  useLayoutEffect(() => {
    // A wrong PIN that stays in its field, even for a moment after it was refused, is soon sent a second time.
    if (wrongPin) {
      change({ pin: "" });
      pin.current?.focus();
    }
  }, [wrongPin]);
  const put = (typed: Parameters<Reauth["change"]>[0]) => {
    change(typed);
    onChange();
  };
  const whose = asksFor(slot, "passphrase")
    ? `It is the one of “${slot.name}”, with which the vault was unlocked.`
    : "Any administrator's passphrase will do.";
  return (
    <Stack gap="xs">
      {withPassphrase && (
        <PassphraseField
          label="Your passphrase"
          description={`${why}. ${whose}`}
          value={reauth.passphrase}
          onChange={(typed) => put({ passphrase: typed })}
          error={wrong}
          ref={passphrase}
        />
      )}
      {withCard && (
        <CardPin
          label="PIN of your card"
          awaited={awaited}
          value={reauth.pin}
          onChange={(typed) => (typed === "" ? change({ pin: typed }) : put({ pin: typed }))}
          error={wrongPin && error !== null ? `${error.message} ${error.cure}` : null}
          pending={pending}
          ref={pin}
          testId="reauth"
        />
      )}
      {hasCard(slot) && (
        <Anchor
          component="button"
          type="button"
          size="xs"
          ta="left"
          onClick={() => put({ passphrase: "", pin: "", withCard: !withCard })}
        >
          {withCard ? "Use the passphrase of another way in" : `Use the card of “${slot.name}”`}
        </Anchor>
      )}
    </Stack>
  );
}

const passphraseCodes: readonly ErrorCode[] = ["wrong_passphrase", "reauthentication_needed"];
const pinCodes: readonly ErrorCode[] = ["pin_wrong", "pin_length"];

/** What to say at the field when the core did not take the passphrase that was entered again. */
function reauthError(error: CoreError | null): string | null {
  return isOneOf(error, passphraseCodes) ? "That is not the passphrase." : null;
}

/** The error, where the field does not say it. */
export function besideReauth(error: CoreError | null, reauth: Reauth): CoreError | null {
  const atTheField =
    (reauth.withPassphrase && isOneOf(error, passphraseCodes)) ||
    (reauth.withCard && isOneOf(error, pinCodes));
  return atTheField ? null : error;
}

function isOneOf(error: CoreError | null, codes: readonly ErrorCode[]): boolean {
  return error !== null && codes.includes(error.code);
}
