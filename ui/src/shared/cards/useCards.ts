import { useEffect, useState } from "react";
import { type CardSightView, commands, type SlotCardView, type SlotView } from "../../ipc/bindings";
import { asCoreError } from "../../ipc/call";
import { onCardsSeen } from "../../ipc/events";
import { hasCard } from "../slotKinds";

/**
 * What is seen of the cards for as long as `wanted`, live: the core watches the readers and tells. `null` until it has
 * answered. `slots` are the vault's ways in; when they change, it is asked again what the cards mean for them.
 */
export function useCards(vault: string, slots: readonly SlotView[], wanted: boolean): CardSightView | null {
  const [sight, setSight] = useState<CardSightView | null>(null);
  const ids = slots
    .filter(hasCard)
    .map(({ id }) => id)
    .join();
  useEffect(() => {
    if (!wanted) {
      setSight(null);
      return;
    }
    let alive = true;
    let told = false;
    const stop = onCardsSeen((seen) => {
      told = true;
      setSight(seen);
    });
    const look = () => {
      told = false;
      inTurn(() => commands.watchCards({ vault }))
        // What was told since is newer than the answer.
        .then((seen) => alive && !told && setSight(seen))
        .catch((reason) => alive && setSight(nothingSeen(reason, ids)));
    };
    look();
    // Another program may have tried a PIN meanwhile.
    window.addEventListener("focus", look);
    watching += 1;
    return () => {
      alive = false;
      stop();
      window.removeEventListener("focus", look);
      watching -= 1;
      void inTurn(async () => {
        if (watching === 0) await commands.unwatchCards();
      }).catch(() => {});
    };
  }, [vault, ids, wanted]);
  return sight;
}

/** What is seen of a way in's card; `null` while it is being looked for. */
export function slotCard(sight: CardSightView | null, slot: SlotView): SlotCardView | null {
  const found = sight?.slots.find((each) => each.slot === slot.id);
  return found === undefined || (found.card === null && found.problem === null) ? null : found;
}

/** Whether the PIN of a way in's card can be asked for. */
export function isReady(seen: SlotCardView | null): boolean {
  return seen !== null && seen.card !== null && seen.problem === null;
}

/** How many parts of the screen show cards. */
let watching = 0;
let last: Promise<unknown> = Promise.resolve();

/** One after the other, so that an end of the watch does not overtake the next beginning. */
function inTurn<T>(ask: () => Promise<T>): Promise<T> {
  const asked = last.then(ask);
  last = asked.catch(() => {});
  return asked;
}

function nothingSeen(reason: unknown, ids: string): CardSightView {
  const { code, message, cure } = asCoreError(reason);
  const problem = { code, message, cure };
  const slots = ids.split(",").map((slot) => ({ slot, card: null, problem }));
  return { readers: [], reading: false, problem, slots };
}
