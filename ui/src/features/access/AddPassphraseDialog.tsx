import { Select, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { commands, type Role, RoleValues } from "../../ipc/bindings";
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
import { roleMeanings, roleNames } from "../../shared/words";

const ROLES = RoleValues.map((role) => ({ value: role, label: roleNames[role] }));

/** Adds a way in: a passphrase with a role. */
export function AddPassphraseDialog({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("administrator");
  const [passphrase, setPassphrase] = useState<NewPassphrase>(NO_PASSPHRASE);
  const reauth = useReauth();
  const announce = useAnnounce();
  const { run, pending, error, clear } = useCommand(commands.addSlot, {
    onDone: ({ slot }) => {
      announce(`${slot.name} added`);
      onClose();
    },
  });
  return (
    <ConfirmDialog
      opened
      title="Add a passphrase"
      verb="Add"
      disabled={name.trim() === "" || !isRepeated(passphrase) || !reauth.isComplete}
      pending={pending}
      error={besideReauth(error, reauth)}
      onConfirm={() =>
        void run({
          name: name.trim(),
          role,
          parts: [
            {
              kind: "passphrase",
              passphrase: passphrase.first,
              ...(passphrase.acceptWeak ? { acceptWeak: true } : {}),
            },
          ],
          proof: reauth.proof,
        })
      }
      onClose={onClose}
    >
      <Stack gap="md">
        <TextInput
          label="Name"
          placeholder="Safe deposit, deputy, auditor 2027…"
          data-autofocus
          data-testid="slot-name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label="Role"
          description={roleMeanings[role]}
          inputWrapperOrder={["label", "input", "description", "error"]}
          data={ROLES}
          value={role}
          onChange={(chosen) => chosen !== null && setRole(chosen as Role)}
        />
        <NewPassphraseFields label="New passphrase" value={passphrase} onChange={setPassphrase} mayBeWeak />
        <ReauthField
          why="Changing access needs it"
          reauth={reauth}
          error={error}
          pending={pending}
          onChange={clear}
        />
      </Stack>
    </ConfirmDialog>
  );
}
