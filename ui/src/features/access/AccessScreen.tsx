import { Button, Menu } from "@mantine/core";
import { IconChevronDown, IconDeviceDesktop, IconId, IconKeyboard, IconLifebuoy } from "@tabler/icons-react";
import { useCallback } from "react";
import type { SlotView } from "../../ipc/bindings";
import { asCoreError } from "../../ipc/call";
import { ErrorPanel } from "../../shared/ErrorPanel";
import { plural } from "../../shared/format";
import { useSession } from "../../shared/gate";
import { useIntent } from "../../shared/navigation";
import { Page, Section } from "../../shared/Page";
import { useSlotCosts, useSlots } from "../../shared/queries";
import { useDialog } from "../../shared/useDialog";
import "./AccessScreen.css";
import { MakeRecoveryDialog } from "../../shared/recovery/MakeRecoveryDialog";
import { asksFor, needsNoDevice } from "../../shared/slotKinds";
import { AddCardDialog } from "./AddCardDialog";
import { AddKeyringDialog } from "./AddKeyringDialog";
import { AddPassphraseDialog } from "./AddPassphraseDialog";
import { AfterRecoveryDialog } from "./AfterRecoveryDialog";
import { ChangePassphraseDialog } from "./ChangePassphraseDialog";
import { MaterialKey } from "./MaterialKey";
import { RecalibrateDialog } from "./RecalibrateDialog";
import { RemoveSlotDialog } from "./RemoveSlotDialog";
import { RenameSlotDialog } from "./RenameSlotDialog";
import { RotateMaterialKeyDialog } from "./RotateMaterialKeyDialog";
import { type SlotAct, SlotItem } from "./SlotItem";
import { TestSlotDialog } from "./TestSlotDialog";

type AccessDialog =
  | { kind: "add" | "card" | "keyring" | "recovery" | "rotate" | "recovered" }
  | { kind: SlotAct; slot: SlotView };

/** The ways into the vault. */
export function AccessScreen() {
  const { data, error, refetch } = useSlots();
  const session = useSession();
  const { shown, open, close } = useDialog<AccessDialog>();
  const mayChange = session.slot.role === "administrator";
  const add = useCallback(() => open({ kind: "add" }), [open]);
  useIntent("access", (intent, { slot: id }) => {
    // The list may not be there yet.
    const slot = session.vault.slots.find((one) => one.id === id);
    if (intent !== "test") open({ kind: intent });
    else if (slot !== undefined) open({ kind: "test", slot });
  });
  const slots = data?.slots ?? [];
  // Measured in the background, and nothing waits for it.
  const weaker = useSlotCosts().data?.weaker ?? [];
  // The shares or the code that opened the vault, as long as they are a way in.
  const used = slots.find((slot) => slot.id === session.slot.id && asksFor(slot, "recovery") && mayChange);
  const administrators = slots.filter((slot) => slot.role === "administrator" && needsNoDevice(slot)).length;
  return (
    <Page
      title="Access"
      summary={data === undefined ? undefined : plural(slots.length, "way in", "ways in")}
      actions={
        <Button.Group>
          <Button onClick={add} disabled={!mayChange} data-testid="slot-add">
            Add passphrase…
          </Button>
          <Menu position="bottom-end">
            <Menu.Target>
              <Button disabled={!mayChange} px={8} aria-label="Other ways in" data-testid="slot-add-other">
                <IconChevronDown size={16} aria-hidden />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconKeyboard size={16} aria-hidden />} onClick={add}>
                Passphrase…
              </Menu.Item>
              <Menu.Item
                leftSection={<IconId size={16} aria-hidden />}
                onClick={() => open({ kind: "card" })}
                data-testid="slot-add-card"
              >
                Smartcard…
              </Menu.Item>
              <Menu.Item
                leftSection={<IconDeviceDesktop size={16} aria-hidden />}
                onClick={() => open({ kind: "keyring" })}
                data-testid="slot-add-keyring"
              >
                Keyring of this computer…
              </Menu.Item>
              <Menu.Item
                leftSection={<IconLifebuoy size={16} aria-hidden />}
                onClick={() => open({ kind: "recovery" })}
                data-testid="slot-add-recovery"
              >
                Recovery shares or code…
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Button.Group>
      }
    >
      {error !== null && <ErrorPanel error={asCoreError(error)} onRetry={() => void refetch()} />}
      <div className="kr-access">
        {used !== undefined && (
          <Section>
            <div className="kr-recovered" data-testid="recovered">
              <p>
                <strong>The vault was opened with recovery.</strong> Give it a passphrase that you know, and
                put new sheets in the place of those that were taken out.
              </p>
              <Button onClick={() => open({ kind: "recovered" })}>Go on…</Button>
            </div>
          </Section>
        )}
        {slots.length > 0 && (
          <Section flush>
            <ul className="kr-slots" aria-label="Ways in" data-testid="slot-list">
              {slots.map((slot) => (
                <SlotItem
                  key={slot.id}
                  slot={slot}
                  inUse={slot.id === session.slot.id}
                  lastAdministrator={
                    slot.role === "administrator" && needsNoDevice(slot) && administrators === 1
                  }
                  weak={weaker.includes(slot.id)}
                  mayChange={mayChange}
                  onAct={(kind) => open({ kind, slot })}
                />
              ))}
            </ul>
          </Section>
        )}
        {data !== undefined && (
          <Section flush>
            <MaterialKey
              rotatedAt={data.materialKeyRotatedAt}
              mayChange={mayChange}
              onRotate={() => open({ kind: "rotate" })}
            />
          </Section>
        )}
      </div>
      <p className="kr-slots-words kr-dim">
        Each way in opens the same vault by itself. {!mayChange && "Only an administrator can change them. "}
        Removing or changing one takes effect in this vault only: whoever kept an older copy of the vault, or
        a backup with it inside, still opens that copy with the old one. When a passphrase became known,
        rotate the material key, and also the keys that it could reach.
      </p>
      {shown?.kind === "add" && <AddPassphraseDialog onClose={close} />}
      {shown?.kind === "card" && <AddCardDialog onClose={close} />}
      {shown?.kind === "keyring" && <AddKeyringDialog onClose={close} />}
      {shown?.kind === "recovery" && <MakeRecoveryDialog onClose={close} />}
      {shown?.kind === "recovered" && used !== undefined && (
        <AfterRecoveryDialog used={used} slots={slots} onClose={close} />
      )}
      {shown?.kind === "rotate" && <RotateMaterialKeyDialog onClose={close} />}
      {shown?.kind === "rename" && <RenameSlotDialog slot={shown.slot} onClose={close} />}
      {shown?.kind === "recalibrate" && <RecalibrateDialog slot={shown.slot} onClose={close} />}
      {shown?.kind === "change" && <ChangePassphraseDialog slot={shown.slot} onClose={close} />}
      {shown?.kind === "test" && <TestSlotDialog slot={shown.slot} onClose={close} />}
      {shown?.kind === "remove" && <RemoveSlotDialog slot={shown.slot} onClose={close} />}
    </Page>
  );
}
