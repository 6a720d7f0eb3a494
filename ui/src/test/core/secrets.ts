import type { Credentials, ErrorView, PassphraseStrength } from "../../ipc/bindings";
import { refusal } from "./refusal";

/** What opens a slot. */
export function secretOf({ passphrase, pin, recovery }: Credentials): string | undefined {
  return pin ?? passphrase ?? recovery?.join("\n");
}

/** What is said to a passphrase, or to a PIN, that does not fit. */
export function wrongSecret({ pin }: Credentials = {}): ErrorView {
  return pin === undefined
    ? refusal("wrong_passphrase", "Nothing opens with this passphrase.")
    : refusal("pin_wrong", "The PIN is wrong; 2 tries are left.");
}

export function strengthOf(passphrase: string): PassphraseStrength {
  const score = Math.min(4, Math.floor(new Set(passphrase).size / 4));
  return {
    score,
    acceptable: score >= 3,
    warning: score < 2 ? "This is similar to a commonly used password." : null,
    suggestions: score < 3 ? ["Add another word or two. Uncommon words are better."] : [],
    guessTime: ["less than a second", "3 minutes", "2 days", "4 years", "centuries"][score] ?? "centuries",
  };
}

export function checkStrength(passphrase: string, acceptWeak = false): void {
  if (!acceptWeak && !strengthOf(passphrase).acceptable) {
    throw refusal("weak_passphrase", "The passphrase is too easy to guess.");
  }
}
