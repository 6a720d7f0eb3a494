import { Checkbox, SegmentedControl, Stack } from "@mantine/core";
import { type NewPassphrase, NewPassphraseFields } from "../../../shared/NewPassphraseFields";

/** How a file with material is protected. */
export type Protection = "passphrase" | "none";

interface ExportProtectionProps {
  /** Whether the format can be protected at all. */
  mayProtect: boolean;
  /** Whether it is never written in the clear. */
  mustProtect: boolean;
  protection: Protection;
  onProtection: (protection: Protection) => void;
  passphrase: NewPassphrase;
  onPassphrase: (passphrase: NewPassphrase) => void;
  /** Whether scrypt stretches the passphrase; `null` where the format leaves no choice. */
  scrypt: boolean | null;
  onScrypt: (scrypt: boolean) => void;
}

/** Protects a file with a passphrase, unless the person decides against it. */
export function ExportProtection(props: ExportProtectionProps) {
  const { mayProtect, mustProtect, protection, onProtection, passphrase, onPassphrase, scrypt, onScrypt } =
    props;
  if (!mayProtect) {
    return <p className="kr-warn">This format cannot be protected by a passphrase.</p>;
  }
  return (
    <Stack gap="xs">
      {!mustProtect && (
        <SegmentedControl
          aria-label="Protection of the file"
          data={[
            { value: "passphrase", label: "Protected by a passphrase" },
            { value: "none", label: "In the clear" },
          ]}
          value={protection}
          onChange={(chosen) => {
            onProtection(chosen as Protection);
            // What was typed must not lie around in a field that nobody sees.
            onPassphrase({ first: "", repeated: "", acceptWeak: false });
          }}
        />
      )}
      {protection === "passphrase" && (
        <NewPassphraseFields
          label="Passphrase of the file"
          description="Whoever opens the file needs it. Keyreeve does not keep it."
          value={passphrase}
          onChange={onPassphrase}
        />
      )}
      {protection === "passphrase" && scrypt !== null && (
        <Checkbox
          label="Make it costlier to guess, with scrypt"
          description="A guess takes memory too then. OpenSSL 1.1 and later open such a file; Java and some older programs do not."
          data-testid="export-scrypt"
          checked={scrypt}
          onChange={(event) => onScrypt(event.currentTarget.checked)}
        />
      )}
    </Stack>
  );
}
