import { PasswordInput, type PasswordInputProps } from "@mantine/core";
import { type KeyboardEvent, type Ref, useEffect, useId, useState } from "react";
import { commands, type PassphraseStrength } from "../ipc/bindings";
import "./PassphraseField.css";

interface PassphraseFieldProps extends Omit<PasswordInputProps, "value" | "onChange" | "ref"> {
  value: string;
  onChange: (passphrase: string) => void;
  /** Asks the core how good it is, and shows the answer. */
  withStrength?: boolean;
  onStrength?: (strength: PassphraseStrength | null) => void;
  /** What it is called where one shows it. */
  secretName?: string;
  ref?: Ref<HTMLInputElement>;
}

/** Takes a passphrase: hidden unless shown, with a word when Caps Lock is on. */
export function PassphraseField({
  value,
  onChange,
  withStrength = false,
  onStrength,
  secretName = "passphrase",
  onKeyDown,
  onKeyUp,
  ...rest
}: PassphraseFieldProps) {
  const [capsLock, setCapsLock] = useState(false);
  const ownId = useId();
  const id = rest.id ?? ownId;
  const hintId = `${id}-hint`;
  // The library describes every other field by its description and error, but not this one.
  const describedBy = [
    hintId,
    ...(rest.description === undefined ? [] : [`${id}-description`]),
    ...(rest.error ? [`${id}-error`] : []),
  ].join(" ");
  const look = (event: KeyboardEvent) => setCapsLock(event.getModifierState("CapsLock"));
  return (
    <div>
      <PasswordInput
        autoComplete="off"
        spellCheck={false}
        visibilityToggleButtonProps={{ "aria-label": `Show or hide the ${secretName}`, tabIndex: 0 }}
        {...rest}
        id={id}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          look(event);
          onKeyDown?.(event);
        }}
        onKeyUp={(event) => {
          look(event);
          onKeyUp?.(event);
        }}
        aria-describedby={describedBy}
        aria-invalid={rest.error ? true : undefined}
      />
      <div id={hintId}>
        {capsLock && (
          <div className="kr-caps kr-warn" role="status">
            Caps Lock is on
          </div>
        )}
      </div>
      {withStrength && <Strength passphrase={value} onStrength={onStrength} />}
    </div>
  );
}

const scores = ["Guessed at once", "Very weak", "Weak", "Good", "Very strong"] as const;

function Strength({
  passphrase,
  onStrength,
}: {
  passphrase: string;
  onStrength: ((strength: PassphraseStrength | null) => void) | undefined;
}) {
  const strength = useStrength(passphrase);
  useEffect(() => {
    onStrength?.(strength);
  }, [strength, onStrength]);
  const score = strength?.score ?? 0;
  const shown = passphrase !== "" && strength !== null;
  return (
    <div className="kr-strength" data-testid="passphrase-strength">
      <div className="kr-strength-bars" aria-hidden="true">
        {[1, 2, 3, 4].map((step) => (
          <span key={step} data-on={shown && score >= step} data-good={strength?.acceptable === true} />
        ))}
      </div>
      <div className="kr-strength-words" role="status">
        {shown && (
          <>
            <span className={strength.acceptable ? "kr-ok" : "kr-warn"}>{scores[score] ?? scores[0]}</span>
            <span className="kr-dim"> · guessing takes {strength.guessTime}</span>
            {(strength.warning !== null || strength.suggestions.length > 0) && !strength.acceptable && (
              <p>{[strength.warning, ...strength.suggestions].filter(Boolean).join(" ")}</p>
            )}
          </>
        )}
      </div>
    </div>
  );
}

/** Asks a moment after the last key stroke; the answer to an older passphrase is dropped. */
function useStrength(passphrase: string): PassphraseStrength | null {
  const [answer, setAnswer] = useState<PassphraseStrength | null>(null);
  useEffect(() => {
    if (passphrase === "") {
      setAnswer(null);
      return;
    }
    let current = true;
    const timer = window.setTimeout(() => {
      commands.checkPassphrase({ passphrase }).then(
        (strength) => {
          if (current) setAnswer(strength);
        },
        () => {
          if (current) setAnswer(null);
        },
      );
    }, 150);
    return () => {
      current = false;
      window.clearTimeout(timer);
    };
  }, [passphrase]);
  return answer;
}
