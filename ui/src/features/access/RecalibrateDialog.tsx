import { Stack } from "@mantine/core";
import { useState } from "react";
import { commands, type SlotView } from "../../ipc/bindings";
import { useAnnounce } from "../../shared/Announcer";
import { ConfirmDialog } from "../../shared/ConfirmDialog";
import { PassphraseField } from "../../shared/PassphraseField";
import { useCommand } from "../../shared/useCommand";

/** Makes a passphrase as costly to guess as a new one would be on this computer. */
export function RecalibrateDialog({ slot, onClose }: { slot: SlotView; onClose: () => void }) {
  const [passphrase, setPassphrase] = useState("");
  const announce = useAnnounce();
  const { run, pending, error, clear } = useCommand(commands.recalibrateSlot, {
    onDone: () => {
      announce(`${slot.name} is costlier to guess now`);
      onClose();
    },
  });
  const wrong = error?.code === "wrong_passphrase";
  return (
    <ConfirmDialog
      opened
      title={`Make “${slot.name}” costlier to guess`}
      verb="Strengthen"
      disabled={passphrase === ""}
      pending={pending}
      error={wrong ? null : error}
      onConfirm={() => void run({ slot: slot.id, passphrase })}
      onClose={onClose}
    >
      <Stack gap="md">
        <p>
          The passphrase stays as it is. Its key is derived anew, with as much work as this computer does in
          about 0.7 seconds: so much longer takes each guess of someone who copied the vault.
        </p>
        <p>
          On a slower computer, opening the vault takes longer then. Copies and backups made until now keep
          the old cost.
        </p>
        <PassphraseField
          label={`Passphrase of “${slot.name}”`}
          value={passphrase}
          onChange={(typed) => {
            setPassphrase(typed);
            clear();
          }}
          error={wrong ? "That is not its passphrase." : null}
          autoFocus
        />
      </Stack>
    </ConfirmDialog>
  );
}
