import { Stack } from "@mantine/core";
import { useState } from "react";
import { commands, type SlotView } from "../../ipc/bindings";
import { useAnnounce } from "../../shared/Announcer";
import { ConfirmDialog } from "../../shared/ConfirmDialog";
import {
  isRepeated,
  type NewPassphrase,
  NewPassphraseFields,
  NO_PASSPHRASE,
} from "../../shared/NewPassphraseFields";
import { besideReauth, ReauthField, useReauth } from "../../shared/ReauthField";
import { useCommand } from "../../shared/useCommand";

/** Gives a way in another passphrase. */
export function ChangePassphraseDialog({ slot, onClose }: { slot: SlotView; onClose: () => void }) {
  const [passphrase, setPassphrase] = useState<NewPassphrase>(NO_PASSPHRASE);
  const reauth = useReauth();
  const announce = useAnnounce();
  const { run, pending, error, clear } = useCommand(commands.changePassphrase, {
    onDone: () => {
      announce(`The passphrase of ${slot.name} is changed`);
      onClose();
    },
  });
  return (
    <ConfirmDialog
      opened
      title={`Change the passphrase of “${slot.name}”`}
      verb="Change"
      disabled={!isRepeated(passphrase) || !reauth.isComplete}
      pending={pending}
      error={besideReauth(error, reauth)}
      onConfirm={() =>
        void run({
          slot: slot.id,
          newPassphrase: passphrase.first,
          proof: reauth.proof,
          ...(passphrase.acceptWeak ? { acceptWeakPassphrase: true } : {}),
        })
      }
      onClose={onClose}
    >
      <Stack gap="md">
        <p>
          The old passphrase no longer opens this vault. It still opens older copies of the vault and the
          backups made until now.
        </p>
        <ReauthField
          why="Changing access needs it"
          reauth={reauth}
          error={error}
          pending={pending}
          onChange={clear}
        />
        <NewPassphraseFields label="New passphrase" value={passphrase} onChange={setPassphrase} mayBeWeak />
      </Stack>
    </ConfirmDialog>
  );
}
