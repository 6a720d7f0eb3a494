import { useEffect, useRef, useState } from "react";
import type { CardSightView, SlotView } from "../../ipc/bindings";
import { isReady, slotCard } from "../../shared/cards/useCards";
import { hasCard, likelyFirst } from "../../shared/slotKinds";

/**
 * Which way in is asked for: the likeliest, the one that was picked, or the one whose card was just put in. While
 * something is `typed` none is put in the place of another.
 */
export function useChosenSlot(slots: readonly SlotView[], sight: CardSightView | null, typed: boolean) {
  const isThere = (slot: SlotView) => isReady(slotCard(sight, slot));
  const mayCome = (slot: SlotView) =>
    isThere(slot) || (sight?.reading === true && slotCard(sight, slot) === null);
  const ordered = likelyFirst(slots, mayCome);
  const first = ordered[0]?.id;
  const [chosen, setChosen] = useState(first);
  const settled = useRef(false);
  // Picked while a card was being read: that card does not come in between any more.
  const decided = useRef(false);
  const before = useRef<string[]>([]);
  const there = ordered.filter((slot) => hasCard(slot) && isThere(slot)).map(({ id }) => id);
  const came = there.find((id) => !before.current.includes(id));
  const reading = sight?.reading === true;
  const joined = there.join();

  // biome-ignore lint/correctness/useExhaustiveDependencies: `came` is about the cards that are there, and `first` about what was seen
  useEffect(() => {
    before.current = joined === "" ? [] : joined.split(",");
    if (typed) {
      settled.current = true;
    } else if (came !== undefined) {
      settled.current = true;
      if (!decided.current) setChosen(came);
    } else if (!settled.current && !reading) {
      // The card that was in at first is not one of these ways in.
      settled.current = true;
      setChosen(first);
    }
    if (!reading) decided.current = false;
  }, [joined, typed, reading]);

  const pick = (id: string) => {
    settled.current = true;
    decided.current = reading;
    setChosen(id);
  };
  return { ordered, chosen: ordered.find(({ id }) => id === chosen), pick };
}
