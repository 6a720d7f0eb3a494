import { Stack } from "@mantine/core";
import { useState } from "react";
import { commands, type SlotView } from "../../ipc/bindings";
import { useAnnounce } from "../../shared/Announcer";
import { ConfirmDialog } from "../../shared/ConfirmDialog";
import {
  CredentialFields,
  credentialsOf,
  isComplete,
  NOTHING_TYPED,
  type Typed,
} from "../../shared/CredentialFields";
import { DoneDialog } from "../../shared/DoneDialog";
import { ResultPanel } from "../../shared/ResultPanel";
import { useCommand } from "../../shared/useCommand";

/** Tries whether a way in opens, without locking the vault. */
export function TestSlotDialog({ slot, onClose }: { slot: SlotView; onClose: () => void }) {
  const [typed, setTyped] = useState<Typed>(NOTHING_TYPED);
  const [opened, setOpened] = useState(false);
  const announce = useAnnounce();
  const { run, pending, error, clear } = useCommand(commands.testSlot, {
    onDone: () => {
      setTyped(NOTHING_TYPED);
      announce("It opens the vault");
      setOpened(true);
    },
  });
  const wrong = error?.code === "wrong_passphrase";
  if (opened) {
    return (
      <DoneDialog title={`“${slot.name}” works`} onClose={onClose}>
        <ResultPanel title="This way in opens the vault" />
      </DoneDialog>
    );
  }
  return (
    <ConfirmDialog
      opened
      title={`Test “${slot.name}”`}
      verb="Test"
      disabled={!isComplete(slot, typed)}
      pending={pending}
      error={wrong ? null : error}
      onConfirm={() => void run({ slot: slot.id, credentials: credentialsOf(slot, typed) })}
      onClose={onClose}
    >
      <Stack gap="md">
        <p>
          Better now than when you need it. The vault stays open, and the test is written to the audit log.
        </p>
        <CredentialFields
          slot={slot}
          typed={typed}
          passphraseLabel={`Passphrase of “${slot.name}”`}
          error={wrong ? "It does not open this way in." : null}
          onChange={(now) => {
            setTyped(now);
            clear();
          }}
          testId="test"
        />
      </Stack>
    </ConfirmDialog>
  );
}
