import { Checkbox, Select, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { commands, type NewSlotPart, type Role, RoleValues } from "../../ipc/bindings";
import { useAnnounce } from "../../shared/Announcer";
import { AskedKeyring } from "../../shared/AskedKeyring";
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

/** Adds a way in through the computer's keyring, alone or together with a passphrase. */
export function AddKeyringDialog({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("operator");
  const [both, setBoth] = useState(false);
  const [passphrase, setPassphrase] = useState<NewPassphrase>(NO_PASSPHRASE);
  const reauth = useReauth();
  const announce = useAnnounce();
  const { run, pending, error, clear } = useCommand(commands.addSlot, {
    onDone: ({ slot }) => {
      announce(`${slot.name} added`);
      onClose();
    },
  });
  const first: NewSlotPart = {
    kind: "passphrase",
    passphrase: passphrase.first,
    ...(passphrase.acceptWeak ? { acceptWeak: true } : {}),
  };
  const parts: NewSlotPart[] = both ? [first, { kind: "os_keyring" }] : [{ kind: "os_keyring" }];
  return (
    <ConfirmDialog
      opened
      title="Add the keyring of this computer"
      verb="Add"
      disabled={name.trim() === "" || !reauth.isComplete || (both && !isRepeated(passphrase))}
      pending={pending}
      error={besideReauth(error, reauth)}
      onConfirm={() => void run({ name: name.trim(), role, parts, proof: reauth.proof })}
      onClose={onClose}
    >
      <Stack gap="md">
        <p>
          The vault then opens without typing while you are logged in. Any program that runs as you can ask
          the keyring for the same secret: it protects a copy of the vault, not a computer that is taken over.
        </p>
        <TextInput
          label="Name"
          placeholder="My desk"
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
        <Checkbox
          label="Ask for a passphrase as well"
          description="Both are then needed at once: neither a copied vault nor a watched keyboard suffices."
          checked={both}
          onChange={(event) => setBoth(event.currentTarget.checked)}
          data-testid="slot-both"
        />
        {both && (
          <NewPassphraseFields label="New passphrase" value={passphrase} onChange={setPassphrase} mayBeWeak />
        )}
        <ReauthField
          why="Changing access needs it"
          reauth={reauth}
          error={error}
          pending={pending}
          onChange={clear}
        />
        {pending && <AskedKeyring pending testId="slot" />}
      </Stack>
    </ConfirmDialog>
  );
}
