import { Anchor, Stack } from "@mantine/core";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Credentials, ErrorCode, SlotView } from "../ipc/bindings";
import type { CoreError } from "../ipc/call";
import { RecoveryFields, textsOf } from "./CredentialFields";
import { CardPin } from "./cards/CardPin";
import { usePadReader } from "./cards/pinPad";
import { isReady, slotCard, useCards } from "./cards/useCards";
import { useSession } from "./gate";
import { PassphraseField } from "./PassphraseField";
import { useSlots } from "./queries";
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
  /** The way in whose shares or code on paper are asked for, because no passphrase could show it. */
  paper: SlotView | null;
  recovery: string[];
  /** As the core takes it. */
  proof: Credentials;
  isComplete: boolean;
  change: (typed: Partial<Pick<Reauth, "passphrase" | "pin" | "recovery" | "withCard" | "onPad">>) => void;
  /** Forgets what was typed. */
  forget: () => void;
}

/** Keeps what is typed into a `ReauthField`: as the way in asks for it that opened the vault, or a passphrase. */
export function useReauth(): Reauth {
  const { slot, vault } = useSession();
  const slots = useSlots().data?.slots ?? vault.slots;
  const [typed, setTyped] = useState({
    passphrase: "",
    pin: "",
    recovery: [] as string[],
    withCard: hasCard(slot),
    onPad: false,
  });
  const withCard = typed.withCard && hasCard(slot);
  const paper = withCard ? null : paperFor(slot, slots);
  const withPassphrase = asksFor(slot, "passphrase") || (!withCard && paper === null);
  const texts = paper === null ? [] : typed.recovery.slice(0, textsOf(paper)).map((text) => text.trim());
  const serial = slot.parts.find((part) => part.serial !== null)?.serial;
  const proof: Credentials = {
    ...(withPassphrase ? { passphrase: typed.passphrase } : {}),
    ...(paper !== null ? { recovery: texts } : {}),
    ...(withCard ? { pin: typed.onPad ? "" : typed.pin, ...(serial ? { card: serial } : {}) } : {}),
  };
  return {
    ...typed,
    withCard,
    withPassphrase,
    paper,
    proof,
    isComplete:
      (!withPassphrase || typed.passphrase !== "") &&
      (!withCard || typed.onPad || typed.pin !== "") &&
      (paper === null || texts.filter((text) => text !== "").length === textsOf(paper)),
    change: (now) => setTyped((before) => ({ ...before, ...now })),
    forget: () => setTyped((before) => ({ ...before, passphrase: "", pin: "", recovery: [] })),
  };
}

/**
 * The recovery way in that shows who is there where no passphrase can: a vault may have none. Paper is asked for only
 * then, because what was taken out of its place is no secret of that place any more.
 */
function paperFor(own: SlotView, slots: readonly SlotView[]): SlotView | null {
  if (asksFor(own, "passphrase")) return null;
  const alone = slots.filter(({ role }) => role === "administrator" || role === own.role);
  if (alone.some(({ kind }) => kind === "passphrase")) return null;
  const papers = alone.filter(({ kind }) => kind === "recovery");
  return papers.find(({ id }) => id === own.id) ?? papers[0] ?? null;
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
      {reauth.paper !== null && (
        <>
          <p className="kr-dim">
            {why}. No passphrase opens this vault, so the paper of “{reauth.paper.name}” is asked for.
          </p>
          <RecoveryFields
            texts={textsOf(reauth.paper)}
            value={reauth.recovery}
            onChange={(recovery) => put({ recovery })}
            testId="reauth"
          />
        </>
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
          onClick={() => put({ passphrase: "", pin: "", recovery: [], withCard: !withCard })}
        >
          {withCard ? "Use another way in" : `Use the card of “${slot.name}”`}
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
