import { Stack } from "@mantine/core";
import { useLayoutEffect, useState } from "react";
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
import { usePadReader } from "../../shared/cards/pinPad";
import { isReady, slotCard, useCards } from "../../shared/cards/useCards";
import { DoneDialog } from "../../shared/DoneDialog";
import { useSession } from "../../shared/gate";
import { ResultPanel } from "../../shared/ResultPanel";
import { hasCard } from "../../shared/slotKinds";
import { useCommand } from "../../shared/useCommand";

/** Tries whether a way in opens, without locking the vault. */
export function TestSlotDialog({ slot, onClose }: { slot: SlotView; onClose: () => void }) {
  const [typed, setTyped] = useState<Typed>(NOTHING_TYPED);
  const [opened, setOpened] = useState(false);
  const announce = useAnnounce();
  const { vault } = useSession();
  const sight = useCards(vault.path, [slot], hasCard(slot) && !opened);
  const card = slotCard(sight, slot);
  const onPad = usePadReader(card?.card) !== null;
  const { run, pending, error, clear } = useCommand(commands.testSlot, {
    onDone: () => {
      setTyped(NOTHING_TYPED);
      announce("It opens the vault");
      setOpened(true);
    },
  });
  const wrong = error?.code === "wrong_passphrase";
  const wrongPin = error?.code === "pin_wrong" || error?.code === "pin_length";
  useLayoutEffect(() => {
    // A wrong PIN that stays in its field, even for a moment after it was refused, is soon sent a second time.
    if (wrongPin) setTyped((before) => ({ ...before, pin: "" }));
  }, [wrongPin]);
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
      disabled={!isComplete(slot, typed, onPad) || (hasCard(slot) && !isReady(card))}
      pending={pending}
      error={wrong || (wrongPin && isReady(card)) ? null : error}
      onConfirm={() => void run({ slot: slot.id, credentials: credentialsOf(slot, typed, onPad) })}
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
          card={card}
          quietCard={error?.code.startsWith("card_") === true}
          pending={pending}
          pinError={wrongPin && error !== null ? `${error.message} ${error.cure}` : null}
          onChange={(now) => {
            setTyped(now);
            // What is emptied because the card was pulled leaves the words about that.
            if (!hasCard(slot) || now.pin !== "") clear();
          }}
          testId="test"
        />
      </Stack>
    </ConfirmDialog>
  );
}
