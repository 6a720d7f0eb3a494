import { Stack, Textarea } from "@mantine/core";
import type { Ref } from "react";
import type { Credentials, SlotView } from "../ipc/bindings";
import { AskedKeyring } from "./AskedKeyring";
import { type AwaitedCard, CardPin } from "./cards/CardPin";
import { PassphraseField } from "./PassphraseField";
import { asksFor, hasCard } from "./slotKinds";

/** What was typed for a way in. */
export interface Typed {
  passphrase: string;
  pin: string;
  recovery: string[];
}

/** Nothing typed yet. */
export const NOTHING_TYPED: Typed = { passphrase: "", pin: "", recovery: [] };

/** How many texts its recovery part wants: as many shares as are needed, or one code. */
export function textsOf(slot: SlotView): number {
  const part = slot.parts.find(({ kind }) => kind === "recovery");
  return part === undefined ? 0 : (part.threshold ?? 1);
}

/** Whether everything is there that the way in asks for. `onPad`: its card's PIN is typed on the reader. */
export function isComplete(slot: SlotView, typed: Typed, onPad = false): boolean {
  const texts = typed.recovery.slice(0, textsOf(slot)).filter((text) => text.trim() !== "");
  return (
    (!asksFor(slot, "passphrase") || typed.passphrase !== "") &&
    (!hasCard(slot) || onPad || typed.pin !== "") &&
    texts.length === textsOf(slot)
  );
}

/** What was typed, as the core takes it. `onPad`: its card's PIN is typed on the reader. */
export function credentialsOf(slot: SlotView, typed: Typed, onPad = false): Credentials {
  const card = slot.parts.find(({ serial }) => serial !== null)?.serial;
  return {
    ...(asksFor(slot, "passphrase") ? { passphrase: typed.passphrase } : {}),
    ...(hasCard(slot) ? { pin: onPad ? "" : typed.pin, ...(card ? { card } : {}) } : {}),
    ...(asksFor(slot, "recovery")
      ? { recovery: typed.recovery.slice(0, textsOf(slot)).map((text) => text.trim()) }
      : {}),
    ...(asksFor(slot, "os_keyring") ? { keyring: true } : {}),
  };
}

/** The fields for as many recovery shares as are needed, or for the one code. */
export function RecoveryFields({
  texts,
  value,
  onChange,
  testId,
}: {
  texts: number;
  value: string[];
  onChange: (recovery: string[]) => void;
  testId: string;
}) {
  const put = (at: number, text: string) => {
    const recovery = Array.from({ length: texts }, (_, index) => value[index] ?? "");
    recovery[at] = text;
    onChange(recovery);
  };
  return Array.from({ length: texts }, (_, at) => (
    <Textarea
      // biome-ignore lint/suspicious/noArrayIndexKey: the fields are told apart by their places
      key={at}
      label={texts === 1 ? "Recovery code" : `Recovery share ${at + 1} of ${texts}, in any order`}
      autoComplete="off"
      spellCheck={false}
      autosize
      minRows={texts === 1 ? 1 : 3}
      value={value[at] ?? ""}
      onChange={(event) => put(at, event.currentTarget.value)}
      data-testid={`${testId}-recovery-${at + 1}`}
    />
  ));
}

/** The fields for what a way in asks for, one after the other. */
export function CredentialFields({
  slot,
  typed,
  onChange,
  passphraseLabel = "Passphrase",
  error,
  pinError,
  card = null,
  quietCard = false,
  pending = false,
  ref,
  testId,
}: {
  slot: SlotView;
  typed: Typed;
  onChange: (typed: Typed) => void;
  passphraseLabel?: string;
  /** What is wrong with the passphrase. */
  error?: string | null;
  /** What is wrong with the PIN. */
  pinError?: string | null;
  /** What is seen of the card that it asks for; `null` while it is looked for. */
  card?: AwaitedCard | null;
  /** Leaves out what stands in the card's way, where something else says it. */
  quietCard?: boolean;
  pending?: boolean;
  ref?: Ref<HTMLInputElement>;
  testId: string;
}) {
  return (
    <Stack gap="sm">
      {asksFor(slot, "passphrase") && (
        <PassphraseField
          {...(ref === undefined ? {} : { ref })}
          label={passphraseLabel}
          data-autofocus
          autoFocus
          value={typed.passphrase}
          onChange={(passphrase) => onChange({ ...typed, passphrase })}
          error={error ?? null}
          data-testid={`${testId}-passphrase`}
        />
      )}
      {hasCard(slot) && (
        <CardPin
          {...(ref === undefined || asksFor(slot, "passphrase") ? {} : { ref })}
          awaited={card}
          value={typed.pin}
          onChange={(pin) => onChange({ ...typed, pin })}
          error={pinError ?? null}
          quiet={quietCard}
          pending={pending}
          autoFocus={!asksFor(slot, "passphrase")}
          testId={testId}
        />
      )}
      <RecoveryFields
        texts={textsOf(slot)}
        value={typed.recovery}
        onChange={(recovery) => onChange({ ...typed, recovery })}
        testId={testId}
      />
      {asksFor(slot, "os_keyring") && <AskedKeyring pending={pending && !hasCard(slot)} testId={testId} />}
    </Stack>
  );
}
