import type { CardSightView } from "../../ipc/bindings";
import type { Handlers } from "./handlers";
import { refusal } from "./refusal";
import type { CoreState } from "./state";

/** Shows other cards, as when one is put in or pulled. */
export function seeCards(core: CoreState, cards: Partial<CardSightView>): void {
  core.cards = { ...core.cards, ...cards };
  if (core.watchesCards) core.emit("cards-seen", structuredClone(core.cards));
}

export const cardCommands = (core: CoreState) =>
  ({
    watchCards: () => {
      core.watchesCards = true;
      return core.cards;
    },
    unwatchCards: () => {
      core.watchesCards = false;
    },
    cancelWaiting: () => {},
    makeCardKey: (request) => {
      core.provenAdministrator(request.proof);
      const found = core.cards.readers
        .flatMap(({ card }) => card?.applications ?? [])
        .find(({ application, serial }) => application === request.application && serial === request.serial);
      if (found === undefined) throw refusal("card_missing", "No card is in any reader.");
      const card = { ...found, key: request.kind, usable: true, makes: [] };
      const readers = core.cards.readers.map((reader) => ({
        ...reader,
        card: reader.card && {
          ...reader.card,
          applications: reader.card.applications.map((each) => (each === found ? card : each)),
        },
      }));
      seeCards(core, { readers });
      return { card, auditSeq: core.record("card.make_key", "vault") };
    },
  }) satisfies Partial<Handlers>;
