import { Anchor, Button, Checkbox, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import {
  type FormEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import {
  type CardSightView,
  commands,
  type ErrorCode,
  type SlotView,
  type UnlockVaultRequest,
  type VaultStatus,
} from "../../ipc/bindings";
import { asCoreError } from "../../ipc/call";
import {
  CredentialFields,
  credentialsOf,
  isComplete,
  NOTHING_TYPED,
  type Typed,
} from "../../shared/CredentialFields";
import type { AwaitedCard } from "../../shared/cards/CardPin";
import { usePadReader } from "../../shared/cards/pinPad";
import { isReady, slotCard, useCards } from "../../shared/cards/useCards";
import { DoorCard } from "../../shared/DoorCard";
import { ErrorPanel } from "../../shared/ErrorPanel";
import { vaultName } from "../../shared/format";
import { useGate, useHome } from "../../shared/gate";
import { asksFor, hasCard } from "../../shared/slotKinds";
import { useCommand } from "../../shared/useCommand";
import { roleNames } from "../../shared/words";
import "./UnlockScreen.css";
import { SwitchVault } from "./SwitchVault";
import { useChosenSlot } from "./useChosenSlot";
import { WayIn } from "./WayIn";

/** The locked door of one vault. */
export function UnlockScreen({ path }: { path: string }) {
  const status = useQuery({
    queryKey: ["vault-status", path],
    queryFn: () => commands.vaultStatus({ path }),
  });
  return (
    <DoorCard testId="unlock">
      <header className="kr-unlock-head">
        <div>
          <h1>{status.data?.name ?? vaultName(path)}</h1>
          <p className="kr-dim" data-selectable>
            {status.data?.path ?? path}
          </p>
        </div>
        <SwitchVault path={path} />
      </header>
      {status.error !== null && (
        <NoDoor path={path} error={status.error} onRetry={() => void status.refetch()} />
      )}
      {status.error === null && status.data !== undefined && <Unlock path={path} status={status.data} />}
      <OtherWays />
    </DoorCard>
  );
}

function Unlock({ path, status }: { path: string; status: VaultStatus }) {
  const withCards = status.slots.some(hasCard);
  const sight = useCards(path, status.slots, withCards);
  // The answer is there in a moment, and decides what is asked for first.
  if (withCards && sight === null) return null;
  return <Door path={path} slots={status.slots} sight={sight} />;
}

function Door({
  path,
  slots,
  sight,
}: {
  path: string;
  slots: readonly SlotView[];
  sight: CardSightView | null;
}) {
  const { enter } = useGate();
  const [typed, setTyped] = useState<Typed>(NOTHING_TYPED);
  const field = useRef<HTMLInputElement>(null);
  const submitButton = useRef<HTMLButtonElement>(null);
  const unlock = useCommand((request: UnlockVaultRequest) => commands.unlockVault(request), {
    changes: false,
    onDone: (session) => {
      setTyped(NOTHING_TYPED);
      // Who had to recover is led to a passphrase that is known, and to new sheets.
      const recovered = asksFor(session.slot, "recovery") && session.slot.role === "administrator";
      enter(session, recovered ? { section: "access", intent: "recovered" } : undefined);
    },
  });
  const { error, pending, clear } = unlock;
  const { ordered, chosen: slot, pick } = useChosenSlot(slots, sight, pending || isTyped(typed));
  const others = ordered.filter(({ id }) => id !== slot?.id);
  const card = slot !== undefined && hasCard(slot) ? slotCard(sight, slot) : null;
  const cardIsReady = isReady(card);
  const onPad = usePadReader(card?.card) !== null;
  // Nothing is to be typed here.
  const nothingToType = cardIsReady && onPad && slot !== undefined && !asksFor(slot, "passphrase");
  const wrong = error?.code === "wrong_passphrase";
  const wrongPin = error?.code === "pin_wrong" || error?.code === "pin_length";
  const atTheField = wrong || (wrongPin && cardIsReady);

  useLayoutEffect(() => {
    if (wrong || wrongPin) field.current?.focus();
    if (wrong) field.current?.select();
    // A wrong PIN that stays in its field, even for a moment after it was refused, is soon sent a second time.
    if (wrongPin) setTyped((before) => ({ ...before, pin: "" }));
  }, [wrong, wrongPin]);
  useEffect(() => {
    if (nothingToType && !pending) submitButton.current?.focus();
  }, [nothingToType, pending]);
  useEffect(() => {
    if (cardIsReady) clear();
  }, [cardIsReady, clear]);

  const attempt = (accepted: Pick<UnlockVaultRequest, "acceptClock" | "acceptRollback"> = {}) =>
    slot !== undefined &&
    void unlock.run({ path, slot: slot.id, credentials: credentialsOf(slot, typed, onPad), ...accepted });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (slot === undefined || !isComplete(slot, typed, onPad)) field.current?.focus();
    else attempt();
  };
  const change = useCallback(
    (now: Typed) => {
      setTyped(now);
      // What is emptied because the card was pulled leaves the words about that.
      if (isTyped(now)) clear();
    },
    [clear],
  );

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        {slot !== undefined && others.length > 0 && (
          <WayIn slot={slot} chosen inReader={isInReader(slot, card)} />
        )}
        {slot !== undefined && (
          <CredentialFields
            key={slot.id}
            ref={field}
            slot={slot}
            typed={typed}
            onChange={change}
            card={card}
            quietCard={error?.code.startsWith("card_") === true}
            pending={pending}
            error={wrong && error !== null ? `${error.message} ${error.cure}` : null}
            pinError={wrongPin && error !== null ? `${error.message} ${error.cure}` : null}
            testId="unlock"
          />
        )}
        <Button
          ref={submitButton}
          type="submit"
          fullWidth
          loading={pending}
          disabled={slot !== undefined && hasCard(slot) && !cardIsReady}
          data-testid="unlock-submit"
        >
          Unlock
        </Button>
        {error !== null && !atTheField && !(wrongPin && card?.problem?.code === "pin_blocked") && (
          <ErrorPanel error={error}>
            {acceptable[error.code] !== undefined && (
              <Accept
                what={acceptable[error.code]}
                pending={pending}
                onAccept={() =>
                  attempt(error.code === "rollback" ? { acceptRollback: true } : { acceptClock: true })
                }
              />
            )}
          </ErrorPanel>
        )}
        {others.length > 0 && (
          <OtherSlots
            slots={others}
            sight={sight}
            onChoose={(id) => {
              pick(id);
              setTyped(NOTHING_TYPED);
              clear();
            }}
          />
        )}
      </Stack>
    </form>
  );
}

/** Whether the card of a way in is in a reader; `undefined` where that is not known just now. */
function isInReader(slot: SlotView, card: AwaitedCard | null): boolean | undefined {
  if (!hasCard(slot) || card?.problem?.code === "card_still_at_work") return undefined;
  return card?.card != null;
}

function isTyped({ passphrase, pin, recovery }: Typed): boolean {
  return passphrase !== "" || pin !== "" || recovery.some((text) => text !== "");
}

/** What one says who goes on although the core warned. */
const acceptable: Partial<Record<ErrorCode, string>> = {
  clock_behind: "The clock was wrong earlier and is right now. Unlock, and note this in the log.",
  rollback: "I put an older copy of this vault here on purpose. Unlock, and note this in the log.",
};

/** Goes on although the core warned: one says first that one knows why. */
function Accept({ what, pending, onAccept }: { what: ReactNode; pending: boolean; onAccept: () => void }) {
  const [sure, setSure] = useState(false);
  return (
    <Stack gap="xs" align="flex-start">
      <Checkbox
        size="xs"
        label={what}
        checked={sure}
        onChange={(event) => setSure(event.currentTarget.checked)}
      />
      <Button size="xs" variant="default" disabled={!sure} loading={pending} onClick={onAccept}>
        Unlock anyway
      </Button>
    </Stack>
  );
}

function OtherSlots({
  slots,
  sight,
  onChoose,
}: {
  slots: SlotView[];
  sight: CardSightView | null;
  onChoose: (id: string) => void;
}) {
  return (
    <section aria-label="Other ways in">
      <div className="kr-unlock-others">Other ways in</div>
      <Stack gap="xs">
        {slots.map((slot) => (
          <WayIn
            key={slot.id}
            slot={slot}
            note={roleNames[slot.role]}
            {...(slotCard(sight, slot)?.card ? { inReader: true } : {})}
            onChoose={() => onChoose(slot.id)}
          />
        ))}
      </Stack>
    </section>
  );
}

function NoDoor({ path, error, onRetry }: { path: string; error: Error; onRetry: () => void }) {
  const { goToStart } = useGate();
  const { preferences, changePreferences } = useHome();
  const forget = async () => {
    await changePreferences({ recentVaults: preferences.recentVaults.filter((recent) => recent !== path) });
    goToStart();
  };
  return (
    <ErrorPanel error={asCoreError(error)} onRetry={onRetry}>
      <Button variant="default" size="xs" onClick={() => void forget()}>
        Remove from the list
      </Button>
    </ErrorPanel>
  );
}

function OtherWays() {
  const { goToStart } = useGate();
  return (
    <footer className="kr-unlock-foot">
      <Anchor component="button" type="button" size="sm" c="dimmed" onClick={() => goToStart("choose")}>
        Open another vault…
      </Anchor>
      <Anchor component="button" type="button" size="sm" c="dimmed" onClick={() => goToStart("restore")}>
        Restore a backup…
      </Anchor>
    </footer>
  );
}
