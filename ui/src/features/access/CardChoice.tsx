import { Radio } from "@mantine/core";
import type { CardApplicationView, CardSightView } from "../../ipc/bindings";
import { CoreError } from "../../ipc/call";
import { applicationNames, shortSerial } from "../../shared/cards/cardWords";
import { ErrorPanel } from "../../shared/ErrorPanel";
import "./AddCardDialog.css";
import { isToMake } from "./NewCardKey";

/** A card that can be chosen, by what the core calls it. */
export interface FoundCard {
  id: string;
  reader: string;
  application: CardApplicationView;
  /** Why it cannot become a way in; `null` if it can. */
  unfit: string | null;
}

/** The cards that are in, each of its applications for itself. */
export function foundCards(sight: CardSightView | null): FoundCard[] {
  return (sight?.readers ?? []).flatMap(({ name: reader, card }) =>
    (card?.applications ?? []).map((application) => ({
      id: `${application.application} ${application.serial}`,
      reader,
      application,
      unfit: unfit(application),
    })),
  );
}

function unfit(card: CardApplicationView): string | null {
  const { application, key, usable, pinSet, triesLeft } = card;
  if (!pinSet) return "It has no PIN yet: set one in the card’s own program first.";
  if (triesLeft === 0) return "Its PIN is blocked.";
  if (isToMake(card)) {
    return card.adminTriesLeft === 0
      ? "It has no key, and its admin PIN, which making one needs, is blocked."
      : null;
  }
  if (key === null) {
    return application === "piv"
      ? "It has no key in its slot 9D (key management) with a certificate."
      : "It has no decryption key.";
  }
  if (!usable) return `Its key is of the kind ${key}, which cannot open a vault.`;
  return null;
}

function words({ key, touch }: CardApplicationView): string {
  if (key === null) return "no key yet: the card can make one";
  return touch ? `${key}, asks for a touch` : key;
}

/** Shows the cards that are in, live, and lets one be chosen. */
export function CardChoice({
  sight,
  value,
  onChange,
}: {
  sight: CardSightView | null;
  value: string | null;
  onChange: (id: string) => void;
}) {
  const found = foundCards(sight);
  const problems = (sight?.readers ?? []).flatMap(({ problem }) => problem ?? []);
  const strange = (sight?.readers ?? []).filter(({ card }) => card?.applications.length === 0);
  return (
    <div>
      {found.length > 0 && (
        <Radio.Group label="Card" value={value} onChange={onChange}>
          <div className="kr-card-choices">
            {found.map(({ id, reader, application, unfit: why }) => (
              <Radio.Card
                key={id}
                value={id}
                disabled={why !== null}
                className="kr-card-choice"
                data-testid={`card-${application.application}`}
              >
                <Radio.Indicator disabled={why !== null} />
                <span className="kr-card-choice-words">
                  <span title={application.serial} className={why === null ? undefined : "kr-dim"}>
                    {applicationNames[application.application]} {shortSerial(application.serial)}
                  </span>
                  <span className={why === null ? "kr-dim" : "kr-warn"}>
                    {why ?? `${words(application)} · ${reader}`}
                  </span>
                </span>
              </Radio.Card>
            ))}
          </div>
        </Radio.Group>
      )}
      <div role="status">
        {sight?.reading === true && found.length === 0 && <p className="kr-dim">Reading the card…</p>}
        {sight?.problem != null && (
          <ErrorPanel error={new CoreError(sight.problem)} live={false} testId="cards-problem" />
        )}
        {problems.map((problem) => (
          <ErrorPanel
            key={problem.message}
            error={new CoreError(problem)}
            live={false}
            testId="cards-problem"
          />
        ))}
        {strange.map(({ name }) => (
          <p key={name} className="kr-dim">
            The card in “{name}” has neither PIV nor OpenPGP on it.
          </p>
        ))}
      </div>
    </div>
  );
}
