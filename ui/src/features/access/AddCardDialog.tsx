import { Checkbox, Select, Stack, TextInput } from "@mantine/core";
import { useLayoutEffect, useState } from "react";
import {
  type AddSlotRequest,
  commands,
  type MakeCardKeyRequest,
  type NewSlotPart,
  type Role,
  RoleValues,
} from "../../ipc/bindings";
import { useAnnounce } from "../../shared/Announcer";
import { ConfirmDialog } from "../../shared/ConfirmDialog";
import { CardPin } from "../../shared/cards/CardPin";
import { usePadReader } from "../../shared/cards/pinPad";
import { useCards } from "../../shared/cards/useCards";
import { useSession } from "../../shared/gate";
import {
  isRepeated,
  type NewPassphrase,
  NewPassphraseFields,
  NO_PASSPHRASE,
} from "../../shared/NewPassphraseFields";
import { besideReauth, ReauthField, useReauth } from "../../shared/ReauthField";
import { useCommand } from "../../shared/useCommand";
import { roleMeanings, roleNames } from "../../shared/words";
import { CardChoice, foundCards } from "./CardChoice";
import { isAboutAuthority, isToMake, NewCardKey, NO_CARD_KEY, newCardKey } from "./NewCardKey";

const ROLES = RoleValues.map((role) => ({ value: role, label: roleNames[role] }));

/** Lets the card make its key first, where it has none. */
async function makeAndAdd(make: MakeCardKeyRequest | null, add: AddSlotRequest) {
  if (make !== null) await commands.makeCardKey(make);
  return commands.addSlot(add);
}

/** Adds the key on a card as a way in, alone or together with a passphrase or the keyring. It counts once it has opened. */
export function AddCardDialog({ onClose }: { onClose: () => void }) {
  const { vault } = useSession();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("operator");
  const [picked, setPicked] = useState<string | null>(null);
  const [pin, setPin] = useState("");
  const [newKey, setNewKey] = useState(NO_CARD_KEY);
  const [withPassphrase, setWithPassphrase] = useState(false);
  const [withKeyring, setWithKeyring] = useState(false);
  const [passphrase, setPassphrase] = useState<NewPassphrase>(NO_PASSPHRASE);
  const reauth = useReauth();
  const announce = useAnnounce();
  const sight = useCards(vault.path, [], true);
  const { run, pending, error, clear } = useCommand(makeAndAdd, {
    onDone: ({ slot }) => {
      announce(`${slot.name} added`);
      onClose();
    },
  });
  const fit = foundCards(sight).filter(({ unfit }) => unfit === null);
  const withKey = fit.filter(({ application }) => !isToMake(application));
  // With one card in, or one that has a key, there is nothing to choose.
  const offered = withKey.length > 0 ? withKey : fit;
  const chosen = fit.find(({ id }) => id === picked) ?? (offered.length === 1 ? offered[0] : undefined);
  const onPad = usePadReader(chosen?.application) !== null;
  const givenPin = onPad ? "" : pin;
  // Where the session's own card is asked for too, the core's words say that a PIN is wrong, and the tries say which.
  const wrongPin = !reauth.withCard && (error?.code === "pin_wrong" || error?.code === "pin_length");
  useLayoutEffect(() => {
    // A wrong PIN that stays in its field, even for a moment after it was refused, is soon sent a second time.
    if (error?.code === "pin_wrong" || error?.code === "pin_length") setPin("");
  }, [error]);

  const parts = (): NewSlotPart[] => {
    if (chosen === undefined) return [];
    const { application, serial } = chosen.application;
    return [
      ...(withPassphrase
        ? [
            {
              kind: "passphrase" as const,
              passphrase: passphrase.first,
              ...(passphrase.acceptWeak ? { acceptWeak: true } : {}),
            },
          ]
        : []),
      { kind: application === "piv" ? "piv_card" : "openpgp_card", serial, pin: givenPin },
      ...(withKeyring ? [{ kind: "os_keyring" as const }] : []),
    ];
  };
  const makes = chosen !== undefined && isToMake(chosen.application);
  const make = chosen !== undefined && makes ? newCardKey(chosen.application, newKey, onPad) : null;
  const add = () => {
    const { proof } = reauth;
    const request = { name: name.trim(), role, parts: parts(), proof };
    void run(make === null ? null : { ...make, pin: givenPin, proof }, request);
  };
  const ready =
    name.trim() !== "" &&
    chosen !== undefined &&
    (!makes || make !== null) &&
    (onPad || pin !== "") &&
    (!withPassphrase || isRepeated(passphrase)) &&
    reauth.isComplete;
  return (
    <ConfirmDialog
      opened
      title="Add a smartcard"
      verb={makes ? "Make the key and add" : "Add"}
      disabled={!ready}
      pending={pending}
      error={wrongPin || (makes && isAboutAuthority(error)) ? null : besideReauth(error, reauth)}
      onConfirm={add}
      onClose={onClose}
    >
      <Stack gap="md">
        <p>
          A key on the card opens the vault, together with the card’s PIN. It does so once before it counts. A
          key that is there already is used as it is, and nothing on the card is changed. If the card is lost
          or blocked, a passphrase or recovery still opens the vault.
        </p>
        <CardChoice
          sight={sight}
          value={chosen?.id ?? null}
          onChange={(id) => {
            setPicked(id);
            setPin("");
            setNewKey(NO_CARD_KEY);
          }}
        />
        {chosen !== undefined && makes && (
          <NewCardKey
            card={chosen.application}
            value={newKey}
            onChange={(typed) => {
              setNewKey(typed);
              if (typed.authority !== "") clear();
            }}
            error={error}
            pending={pending}
          />
        )}
        {chosen !== undefined && (
          <CardPin
            key={chosen.id}
            awaited={{ card: chosen.application, problem: null }}
            value={pin}
            onChange={(typed) => {
              setPin(typed);
              // What was typed for this card is not for the next one that is put in.
              setPicked(chosen.id);
              if (typed !== "") clear();
            }}
            error={wrongPin && error !== null ? `${error.message} ${error.cure}` : null}
            pending={pending}
            testId="slot-card"
          />
        )}
        <TextInput
          label="Name"
          placeholder="Badge, blue token…"
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
          onChange={(chosenRole) => chosenRole !== null && setRole(chosenRole as Role)}
        />
        <Stack gap="xs">
          <Checkbox
            label="Ask for a passphrase as well"
            description="Both are then needed at once: a stolen card whose PIN was watched does not suffice."
            checked={withPassphrase}
            onChange={(event) => setWithPassphrase(event.currentTarget.checked)}
            data-testid="slot-with-passphrase"
          />
          {withPassphrase && (
            <NewPassphraseFields
              label="New passphrase"
              value={passphrase}
              onChange={setPassphrase}
              mayBeWeak
            />
          )}
          <Checkbox
            label="Ask the keyring of this computer as well"
            description="The card then opens the vault on this computer alone, while you are logged in."
            checked={withKeyring}
            onChange={(event) => setWithKeyring(event.currentTarget.checked)}
            data-testid="slot-with-keyring"
          />
        </Stack>
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
