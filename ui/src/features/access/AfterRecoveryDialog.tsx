import { Select, Stack } from "@mantine/core";
import { useState } from "react";
import { type Credentials, commands, type SlotView } from "../../ipc/bindings";
import { useAnnounce } from "../../shared/Announcer";
import { ConfirmDialog } from "../../shared/ConfirmDialog";
import {
  CredentialFields,
  credentialsOf,
  isComplete,
  NOTHING_TYPED,
  type Typed,
} from "../../shared/CredentialFields";
import {
  isRepeated,
  type NewPassphrase,
  NewPassphraseFields,
  NO_PASSPHRASE,
} from "../../shared/NewPassphraseFields";
import { RecoverySheets } from "../../shared/recovery/RecoverySheets";
import { useCommand } from "../../shared/useCommand";

const NEW = "new";

interface AfterRecoveryProps {
  /** The shares or the code that opened the vault. */
  used: SlotView;
  slots: SlotView[];
  onClose: () => void;
}

/**
 * What comes after opening with recovery: a passphrase that is known, then new sheets in the place of those that were
 * taken out. Each step counts by itself, and the old sheets open the vault until the new ones do.
 */
export function AfterRecoveryDialog({ used, slots, onClose }: AfterRecoveryProps) {
  const lost = slots.filter((slot) => slot.kind === "passphrase" && slot.role === "administrator");
  const [target, setTarget] = useState(lost[0]?.id ?? NEW);
  const [typed, setTyped] = useState<Typed>(NOTHING_TYPED);
  const [passphrase, setPassphrase] = useState<NewPassphrase>(NO_PASSPHRASE);
  const [texts, setTexts] = useState<string[]>([]);
  const announce = useAnnounce();
  const part = used.parts.find(({ kind }) => kind === "recovery");
  const threshold = part?.threshold ?? null;
  // From the first step on, the new passphrase shows who is there.
  const proof: Credentials = { passphrase: passphrase.first };

  const change = useCommand(async () => {
    const weak = passphrase.acceptWeak;
    const shown = credentialsOf(used, typed);
    if (target === NEW) {
      const added = { kind: "passphrase", passphrase: passphrase.first } as const;
      await commands.addSlot({
        name: "New passphrase",
        role: "administrator",
        parts: [weak ? { ...added, acceptWeak: true } : added],
        proof: shown,
      });
    } else {
      await commands.changePassphrase({
        slot: target,
        newPassphrase: passphrase.first,
        proof: shown,
        ...(weak ? { acceptWeakPassphrase: true } : {}),
      });
    }
    setTyped(NOTHING_TYPED);
    const form = threshold === null ? {} : { shares: part?.shares ?? 3, threshold };
    const sheet = await commands.makeRecovery({ ...form, proof });
    setTexts(sheet.texts);
  });
  const replace = useCommand(
    async () => {
      await commands.addSlot({
        name: used.name,
        role: "administrator",
        parts: [{ kind: "recovery", texts }],
        proof,
      });
      await commands.removeSlot({ slot: used.id, proof });
    },
    {
      onDone: () => {
        announce("New passphrase and new sheets are in place");
        onClose();
      },
    },
  );

  if (texts.length > 0) {
    return (
      <RecoverySheets
        texts={texts}
        threshold={threshold}
        pending={replace.pending}
        error={replace.error}
        onDone={() => void replace.run()}
        onClose={onClose}
      />
    );
  }
  return (
    <ConfirmDialog
      opened
      title="After recovery"
      verb="Set it and make new sheets"
      disabled={!isRepeated(passphrase) || !isComplete(used, typed)}
      pending={change.pending}
      error={change.error}
      onConfirm={() => void change.run()}
      onClose={onClose}
    >
      <Stack gap="md">
        <p>
          First a passphrase that you know, in the place of the lost one. Then new sheets: once they are
          printed, those that you used are no way in any more.
        </p>
        {lost.length > 0 && (
          <Select
            label="Passphrase to set"
            data={[
              ...lost.map((slot) => ({ value: slot.id, label: `That of “${slot.name}”` })),
              { value: NEW, label: "A further one" },
            ]}
            value={target}
            allowDeselect={false}
            onChange={(chosen) => chosen !== null && setTarget(chosen)}
          />
        )}
        <NewPassphraseFields label="New passphrase" value={passphrase} onChange={setPassphrase} mayBeWeak />
        <p className="kr-dim">Type what opened the vault once more, to show that you hold it:</p>
        <CredentialFields
          slot={used}
          typed={typed}
          onChange={(now) => {
            setTyped(now);
            change.clear();
          }}
          testId="recovered"
        />
      </Stack>
    </ConfirmDialog>
  );
}
