import { useMergedRef } from "@mantine/hooks";
import { type Ref, useEffect, useRef } from "react";
import type { CoreError } from "../ipc/call";
import { useSession } from "./gate";
import { PassphraseField } from "./PassphraseField";
import { asksFor } from "./slotKinds";

/** Asks again who is there: for the passphrase of the slot that opened the vault, or of one that may do as much. */
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
  const field = useRef<HTMLInputElement>(null);
  const refs = useMergedRef(field, ref ?? null);
  const isRefused = Boolean(error);
  useEffect(() => {
    // Brings the field into sight, ready to be typed anew.
    if (isRefused) {
      field.current?.focus();
      field.current?.select();
    }
  }, [isRefused]);
  const whose = asksFor(slot, "passphrase")
    ? `It is the one of “${slot.name}”, with which the vault was unlocked.`
    : "Any administrator's passphrase will do: the vault was unlocked without one.";
  return (
    <PassphraseField
      label="Your passphrase"
      description={`${why}. ${whose}`}
      value={value}
      onChange={onChange}
      error={error ?? null}
      ref={refs}
    />
  );
}

/** What to say at the field when the core did not take the passphrase that was entered again. */
export function reauthError(error: CoreError | null): string | null {
  const wrong = error?.code === "wrong_passphrase" || error?.code === "reauthentication_needed";
  return wrong ? "That is not the passphrase." : null;
}
