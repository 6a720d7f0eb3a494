import { Stack } from "@mantine/core";
import { useState } from "react";
import { commands, type SlotView } from "../../ipc/bindings";
import { useAnnounce } from "../../shared/Announcer";
import { ConfirmDialog } from "../../shared/ConfirmDialog";
import { DoneDialog } from "../../shared/DoneDialog";
import { PassphraseField } from "../../shared/PassphraseField";
import { ResultPanel } from "../../shared/ResultPanel";
import { useCommand } from "../../shared/useCommand";

/** Tries whether a passphrase opens a way in, without locking the vault. */
export function TestSlotDialog({ slot, onClose }: { slot: SlotView; onClose: () => void }) {
  const [passphrase, setPassphrase] = useState("");
  const [opened, setOpened] = useState(false);
  const announce = useAnnounce();
  const { run, pending, error, clear } = useCommand(commands.testSlot, {
    onDone: () => {
      setPassphrase("");
      announce("The passphrase opens the vault");
      setOpened(true);
    },
  });
  const wrong = error?.code === "wrong_passphrase";
  if (opened) {
    return (
      <DoneDialog title={`“${slot.name}” works`} onClose={onClose}>
        <ResultPanel title="This passphrase opens the vault" />
      </DoneDialog>
    );
  }
  return (
    <ConfirmDialog
      opened
      title={`Test “${slot.name}”`}
      verb="Test"
      disabled={passphrase === ""}
      pending={pending}
      error={wrong ? null : error}
      onConfirm={() => void run({ slot: slot.id, credentials: { passphrase } })}
      onClose={onClose}
    >
      <Stack gap="md">
        <p>
          Better now than when you need it. The vault stays open, and the test is written to the audit log.
        </p>
        <PassphraseField
          label={`Passphrase of “${slot.name}”`}
          data-autofocus
          value={passphrase}
          error={wrong ? "It does not open this way in." : null}
          onChange={(typed) => {
            setPassphrase(typed);
            clear();
          }}
        />
      </Stack>
    </ConfirmDialog>
  );
}
