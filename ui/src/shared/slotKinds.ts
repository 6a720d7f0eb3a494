import {
  IconDeviceDesktop,
  IconId,
  IconKeyboard,
  IconLifebuoy,
  type IconProps,
  IconShieldLock,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import type { SlotKind, SlotPartView, SlotView } from "../ipc/bindings";
import { shortSerial } from "./cards/cardWords";

export const kindNames: Record<SlotKind, string> = {
  passphrase: "Passphrase",
  os_keyring: "Keyring of this computer",
  piv_card: "PIV card",
  openpgp_card: "OpenPGP card",
  recovery: "Recovery",
  all_of: "Several at once",
};

export const kindIcons: Record<SlotKind, ComponentType<IconProps>> = {
  passphrase: IconKeyboard,
  os_keyring: IconDeviceDesktop,
  piv_card: IconId,
  openpgp_card: IconId,
  recovery: IconLifebuoy,
  all_of: IconShieldLock,
};

function partWords({ kind, shares, threshold, serial }: SlotPartView): string {
  if (kind === "recovery") {
    return shares === null ? "Recovery code" : `${threshold} of ${shares} recovery shares`;
  }
  return serial === null ? kindNames[kind] : `${kindNames[kind]} ${shortSerial(serial)}`;
}

/** What a way in asks for: "Passphrase + Keyring of this computer". */
export function slotWords(slot: SlotView): string {
  return slot.parts.map(partWords).join(" + ");
}

/** Whether a way in asks for such a thing. */
export function asksFor(slot: SlotView, kind: SlotKind): boolean {
  return slot.parts.some((part) => part.kind === kind);
}

/** Whether a way in asks for a card. */
export function hasCard(slot: SlotView): boolean {
  return asksFor(slot, "piv_card") || asksFor(slot, "openpgp_card");
}

/** Whether a way in opens on any computer, without a device. */
export function needsNoDevice(slot: SlotView): boolean {
  return slot.parts.every(({ kind }) => kind === "passphrase" || kind === "recovery");
}

// What most likely works with the least typing comes first; paper comes last.
const order: readonly SlotKind[] = [
  "os_keyring",
  "all_of",
  "passphrase",
  "piv_card",
  "openpgp_card",
  "recovery",
];

/**
 * The ways in, in the order in which one will want to try them: whoever puts a card in wants to use it, and one that
 * asks for a card that is not there is of no use now.
 */
export function likelyFirst(
  slots: readonly SlotView[],
  isThere: (slot: SlotView) => boolean = () => false,
): SlotView[] {
  const place = (slot: SlotView) => {
    if (hasCard(slot)) return isThere(slot) ? -1 : order.indexOf("piv_card");
    return order.indexOf(slot.kind);
  };
  return [...slots].sort((a, b) => place(a) - place(b));
}
