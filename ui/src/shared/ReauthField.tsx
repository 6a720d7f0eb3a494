import type { Ref } from "react";
import { useSession } from "./gate";
import { PassphraseField } from "./PassphraseField";

/** Asks again for the passphrase of the slot that opened the vault. */
export function ReauthField({
  value,
  onChange,
  why,
  error,
  ref,
}: {
  value: string;
  onChange: (passphrase: string) => void;
  /** Why it is asked for: "Exporting material needs it". */
  why: string;
  error?: string | null;
  ref?: Ref<HTMLInputElement>;
}) {
  const { slot } = useSession();
  return (
    <PassphraseField
      label="Your passphrase"
      description={`${why}. It is the one of “${slot.name}”, with which the vault was unlocked.`}
      value={value}
      onChange={onChange}
      error={error ?? null}
      {...(ref === undefined ? {} : { ref })}
    />
  );
}
