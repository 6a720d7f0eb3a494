import { Checkbox, Stack } from "@mantine/core";
import { useCallback, useState } from "react";
import type { PassphraseStrength } from "../ipc/bindings";
import { PassphraseField } from "./PassphraseField";

/** A new passphrase as it is typed. */
export interface NewPassphrase {
  first: string;
  repeated: string;
  /** Whether a weak one is accepted by name. */
  acceptWeak: boolean;
}

/** Nothing typed yet. */
export const NO_PASSPHRASE: NewPassphrase = { first: "", repeated: "", acceptWeak: false };

/** Whether both fields hold the same passphrase. */
export function isRepeated({ first, repeated }: NewPassphrase): boolean {
  return first !== "" && first === repeated;
}

interface NewPassphraseFieldsProps {
  label: string;
  description?: string;
  value: NewPassphrase;
  onChange: (value: NewPassphrase) => void;
  /** Offers to accept a weak passphrase, where the core lets one. */
  mayBeWeak?: boolean;
}

/** Takes a new passphrase twice, and says how good it is. */
export function NewPassphraseFields(props: NewPassphraseFieldsProps) {
  const { label, description, value, onChange, mayBeWeak = false } = props;
  const [strength, setStrength] = useState<PassphraseStrength | null>(null);
  const onStrength = useCallback((found: PassphraseStrength | null) => setStrength(found), []);
  const differs = value.repeated !== "" && !value.first.startsWith(value.repeated);
  return (
    <Stack gap="xs">
      <PassphraseField
        label={label}
        {...(description === undefined ? {} : { description })}
        withStrength
        onStrength={onStrength}
        value={value.first}
        onChange={(first) => onChange({ ...value, first })}
      />
      <PassphraseField
        label={`${label}, again`}
        value={value.repeated}
        error={differs ? "The two are not the same." : null}
        onChange={(repeated) => onChange({ ...value, repeated })}
      />
      {mayBeWeak && strength !== null && !strength.acceptable && value.first !== "" && (
        <Checkbox
          label="Use it although it is weak"
          description="Whoever gets a copy of the vault can guess it."
          checked={value.acceptWeak}
          onChange={(event) => onChange({ ...value, acceptWeak: event.currentTarget.checked })}
        />
      )}
    </Stack>
  );
}
