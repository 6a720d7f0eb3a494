import { Select, Stack } from "@mantine/core";
import { useLayoutEffect, useRef } from "react";
import type { CardApplicationView, MakeCardKeyRequest } from "../../ipc/bindings";
import type { CoreError } from "../../ipc/call";
import { cardKeyNames, triesWords } from "../../shared/cards/cardWords";
import { PinPad } from "../../shared/cards/PinPad";
import { usePadReader } from "../../shared/cards/pinPad";
import { PassphraseField } from "../../shared/PassphraseField";

/** What is chosen and typed for a key that the card is to make. */
export interface NewCardKeyFields {
  /** `null` for the first of those that the card makes. */
  kind: string | null;
  authority: string;
}

/** Nothing chosen yet. */
export const NO_CARD_KEY: NewCardKeyFields = { kind: null, authority: "" };

/** Whether the card is to make a key. */
export function isToMake(card: CardApplicationView): boolean {
  return card.key === null && card.makes.length > 0;
}

/** What the core is asked for; `null` while something is missing. `onPad`: PINs are typed on the reader. */
export function newCardKey(
  card: CardApplicationView,
  { kind, authority }: NewCardKeyFields,
  onPad: boolean,
): Pick<MakeCardKeyRequest, "application" | "serial" | "kind" | "authority"> | null {
  const [first] = card.makes;
  const { application, serial } = card;
  const chosen = kind !== null && card.makes.includes(kind) ? kind : first;
  if (chosen === undefined || (application === "openpgp" && authority === "" && !onPad)) return null;
  return { application, serial, kind: chosen, authority };
}

/** Whether the error is about what is typed here. */
export function isAboutAuthority(error: CoreError | null): boolean {
  return error?.code === "management_key_wrong" || error?.code === "admin_pin_wrong";
}

/** Says what it means that a card makes its key, and asks for its kind and for what lets one change the card. */
export function NewCardKey({
  card,
  value,
  onChange,
  error,
  pending,
}: {
  card: CardApplicationView;
  value: NewCardKeyFields;
  onChange: (value: NewCardKeyFields) => void;
  error: CoreError | null;
  pending: boolean;
}) {
  const wrong = isAboutAuthority(error);
  const reader = usePadReader(card);
  const input = useRef<HTMLInputElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new error empties the field
  useLayoutEffect(() => {
    if (!wrong) return;
    onChange({ ...value, authority: "" });
    // Brings what is wrong into sight.
    input.current?.focus();
  }, [error]);
  const field = {
    value: value.authority,
    onChange: (authority: string) => onChange({ ...value, authority }),
    error: wrong && error !== null ? `${error.message} ${error.cure}` : null,
    readOnly: pending,
    ref: input,
    "data-testid": "slot-card-authority",
  };
  return (
    <Stack gap="md" data-testid="new-card-key">
      <p>
        <strong>The card makes a key, and no copy of it exists anywhere.</strong> It cannot be taken off the
        card, and no backup holds it: when the card is lost or broken, only another way in opens the vault.
      </p>
      <Select
        label="Kind of key"
        data={card.makes.map((kind) => ({ value: kind, label: cardKeyNames[kind] ?? kind }))}
        value={value.kind !== null && card.makes.includes(value.kind) ? value.kind : (card.makes[0] ?? null)}
        onChange={(kind) => onChange({ ...value, kind })}
        allowDeselect={false}
        readOnly={pending}
        data-testid="slot-card-kind"
      />
      {card.application === "piv" ? (
        <PassphraseField
          label="Management key of the card"
          description="In hexadecimal. Leave it empty if it was never changed, or if a YubiKey keeps it under its PIN."
          secretName="management key"
          {...field}
        />
      ) : reader !== null ? (
        <PinPad
          admin
          reader={reader}
          pending={pending}
          tries={triesWords({ triesLeft: card.adminTriesLeft })}
          error={field.error}
          testId="slot-card-admin"
        />
      ) : (
        <PassphraseField
          label="Admin PIN of the card"
          description={
            <span className={card.adminTriesLeft === 1 ? "kr-warn" : undefined}>
              {triesWords({ triesLeft: card.adminTriesLeft })}
            </span>
          }
          secretName="admin PIN"
          {...field}
        />
      )}
    </Stack>
  );
}
