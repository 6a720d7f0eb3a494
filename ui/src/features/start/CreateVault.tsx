import { Button, Checkbox, Group, Stack, TextInput } from "@mantine/core";
import { IconArchive, IconCircleCheck, IconLifebuoy, IconNotebook } from "@tabler/icons-react";
import { type FormEvent, useRef, useState } from "react";
import {
  type CreateVaultRequest,
  commands,
  type PassphraseStrength,
  type SessionView,
} from "../../ipc/bindings";
import { CopyButton } from "../../shared/CopyButton";
import { ErrorPanel } from "../../shared/ErrorPanel";
import { SessionContext, useGate, useHome } from "../../shared/gate";
import { PassphraseField } from "../../shared/PassphraseField";
import { MakeRecoveryDialog } from "../../shared/recovery/MakeRecoveryDialog";
import { useCommand } from "../../shared/useCommand";
import { useKeepAwake } from "../../shared/useKeepAwake";
import { nameProblem, pathOf, placeOf, type VaultPlace, VaultPlaceFields } from "./vaultPlace";
import { Wizard } from "./Wizard";

const steps = ["Place", "Passphrase", "Recovery", "Audit key"] as const;

/** Makes a vault, and says what one must know before trusting it with keys. */
export function CreateVault({ onBack }: { onBack: () => void }) {
  const { app } = useHome();
  const { remember } = useGate();
  const [step, setStep] = useState(0);
  const [place, setPlace] = useState<VaultPlace>(() => placeOf(app.defaultVaultPath));
  const [slotName, setSlotName] = useState("");
  const [session, setSession] = useState<SessionView | null>(null);

  switch (step) {
    case 0:
      return (
        <Wizard testId="create" steps={steps} step={0} title="Name your vault" onBack={onBack}>
          <PlaceStep
            place={place}
            onPlace={setPlace}
            slotName={slotName}
            onSlotName={setSlotName}
            onNext={() => setStep(1)}
          />
        </Wizard>
      );
    case 1:
      return (
        <Wizard testId="create" steps={steps} step={1} title="Choose a passphrase" onBack={() => setStep(0)}>
          <PassphraseStep
            request={{
              path: pathOf(place),
              ...(slotName.trim() === "" ? {} : { slotName: slotName.trim() }),
            }}
            onCreated={(created) => {
              remember(created.vault.path);
              setSession(created);
              setStep(2);
            }}
          />
        </Wizard>
      );
    default:
      return (
        <Wizard
          testId="create"
          steps={steps}
          step={step}
          title={step === 2 ? "If the passphrase gets lost" : "Your vault is ready"}
        >
          {step === 2 && session !== null && <RecoveryStep session={session} onNext={() => setStep(3)} />}
          {step === 3 && session !== null && <AuditKeyStep session={session} />}
        </Wizard>
      );
  }
}

function PlaceStep({
  place,
  onPlace,
  slotName,
  onSlotName,
  onNext,
}: {
  place: VaultPlace;
  onPlace: (place: VaultPlace) => void;
  slotName: string;
  onSlotName: (name: string) => void;
  onNext: () => void;
}) {
  const ready = nameProblem(place.name) === null && place.folder.trim() !== "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) onNext();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <p className="kr-dim">
          A vault is a folder that holds your keys, encrypted. Nothing leaves this computer.
        </p>
        <VaultPlaceFields place={place} onChange={onPlace} autoFocus />
        <details className="kr-expert">
          <summary>Expert options</summary>
          <TextInput
            label="Name of the first unlock slot"
            description="More ways in can be added later, under Access."
            placeholder="passphrase"
            value={slotName}
            onChange={(event) => onSlotName(event.currentTarget.value)}
          />
        </details>
        <Group justify="flex-end">
          <Button type="submit" disabled={!ready} data-testid="create-next">
            Continue
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function PassphraseStep({
  request,
  onCreated,
}: {
  request: Omit<CreateVaultRequest, "passphrase">;
  onCreated: (session: SessionView) => void;
}) {
  const [passphrase, setPassphrase] = useState("");
  const [again, setAgain] = useState("");
  const [strength, setStrength] = useState<PassphraseStrength | null>(null);
  const [acceptWeak, setAcceptWeak] = useState(false);
  const [left, setLeft] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const create = useCommand((full: CreateVaultRequest) => commands.createVault(full), {
    changes: false,
    onDone: (session) => {
      setPassphrase("");
      setAgain("");
      onCreated(session);
    },
  });
  const differs = again !== passphrase;
  const strongEnough = strength?.acceptable === true || acceptWeak;
  const ready = passphrase !== "" && again !== "" && strongEnough;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setLeft(true);
    if (ready && !differs) {
      void create.run({ ...request, passphrase, ...(acceptWeak ? { acceptWeakPassphrase: true } : {}) });
    }
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <p className="kr-dim">
          Four or more unrelated words are easy to remember and hard to guess. Keyreeve never stores the
          passphrase.
        </p>
        <PassphraseField
          ref={field}
          label="Passphrase"
          value={passphrase}
          onChange={(typed) => {
            setPassphrase(typed);
            create.clear();
          }}
          withStrength
          onStrength={setStrength}
          autoFocus
          data-testid="create-passphrase"
        />
        <PassphraseField
          label="The same passphrase again"
          value={again}
          onChange={setAgain}
          onBlur={() => setLeft(true)}
          error={left && again !== "" && differs ? "The two are not the same." : null}
          data-testid="create-passphrase-again"
        />
        <details className="kr-expert">
          <summary>Expert options</summary>
          <Checkbox
            label="Accept a weak passphrase"
            description="For trying Keyreeve out, or where something else protects the vault. Whoever copies the vault can guess it."
            checked={acceptWeak}
            onChange={(event) => setAcceptWeak(event.currentTarget.checked)}
            data-testid="create-accept-weak"
          />
        </details>
        {create.error !== null && <ErrorPanel error={create.error} />}
        <Group justify="flex-end">
          <Button type="submit" disabled={!ready} loading={create.pending} data-testid="create-submit">
            Create the vault
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function RecoveryStep({ session, onNext }: { session: SessionView; onNext: () => void }) {
  const [understood, setUnderstood] = useState(false);
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState(false);
  useKeepAwake();
  return (
    <Stack gap="md">
      <p>
        Nobody can open this vault without a way in of yours: not us, and not with any tool. There is no
        reset. So make a second one today:
      </p>
      <ul className="kr-ways">
        <li>
          <IconLifebuoy size={20} stroke={1.6} aria-hidden />
          <div>
            <strong>Recovery on paper</strong>
            <p className="kr-dim">
              Three shares, any two of which open the vault: one for a friend, one for the safe, one for the
              bank. Or a single code.
            </p>
            {made ? (
              <p className="kr-ok" role="status" data-testid="create-recovery-made">
                <IconCircleCheck size={16} aria-hidden /> It is on paper, and opens the vault.
              </p>
            ) : (
              <Button mt={6} onClick={() => setMaking(true)} data-testid="create-recovery">
                Make recovery sheets…
              </Button>
            )}
          </div>
        </li>
        <li>
          <IconNotebook size={20} stroke={1.6} aria-hidden />
          <div>
            <strong>Write the passphrase down</strong>
            <p className="kr-dim">
              On paper, kept where you keep your passport. Not in a file on this computer.
            </p>
          </div>
        </li>
        <li>
          <IconArchive size={20} stroke={1.6} aria-hidden />
          <div>
            <strong>Make an encrypted backup</strong>
            <p className="kr-dim">
              It brings the keys back when this computer is lost, and opens with a passphrase or identity of
              its own. The restored vault still asks for the passphrase it had.
            </p>
          </div>
        </li>
      </ul>
      {!made && (
        <Checkbox
          label="Without recovery sheets for now: I have the passphrase in a place where I will find it"
          description="They can be made later, under Access."
          checked={understood}
          onChange={(event) => setUnderstood(event.currentTarget.checked)}
          data-testid="create-understood"
        />
      )}
      <Group justify="flex-end">
        <Button disabled={!understood && !made} onClick={onNext} data-testid="create-recovery-next">
          Continue
        </Button>
      </Group>
      {making && (
        <SessionContext value={session}>
          <MakeRecoveryDialog onMade={() => setMade(true)} onClose={() => setMaking(false)} />
        </SessionContext>
      )}
    </Stack>
  );
}

function AuditKeyStep({ session }: { session: SessionView }) {
  const { enter } = useGate();
  useKeepAwake();
  return (
    <Stack gap="md">
      <p>
        Everything that happens in the vault is written to an audit log that cannot be changed unnoticed. With
        this public key anyone can check it. Keep a copy away from this computer.
      </p>
      <code className="kr-verifier" data-selectable data-testid="audit-public-key">
        {session.auditPublicKey}
      </code>
      <Group>
        <CopyButton text={session.auditPublicKey} what="audit public key" wide />
      </Group>
      <Group justify="flex-end">
        <Button
          variant="default"
          onClick={() => enter(session, { section: "backups", intent: "create" })}
          data-testid="create-backup"
        >
          Make an encrypted backup…
        </Button>
        <Button onClick={() => enter(session)} data-testid="create-done">
          Go to the vault
        </Button>
      </Group>
    </Stack>
  );
}
