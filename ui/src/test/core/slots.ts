import type { RotateMaterialKeyResponse, SlotView } from "../../ipc/bindings";
import type { Handlers } from "./handlers";
import { refusal } from "./refusal";
import { checkStrength, secretOf, wrongSecret } from "./secrets";
import type { CoreState } from "./state";

const cost = { memoryKib: 262_144, passes: 4 };

/** The ways into the open vault, and the key behind them all. */
export function slotCommands(core: CoreState) {
  let materialKeyRotatedAt: string | null = null;

  function slotOf(wanted: string): SlotView {
    const slot = core.opened().vault.status.slots.find(({ id }) => id === wanted);
    if (slot === undefined) throw refusal("no_such_slot", "There is no such slot.");
    return slot;
  }

  function rotateMaterialKey(reason?: string): RotateMaterialKeyResponse {
    const keys = core.opened().vault.keys.length;
    const auditSeq = core.record("vault.rotate_material_key", "vault", { reason });
    materialKeyRotatedAt = core.now();
    return { number: 2, keys, versions: keys, rotatedAt: materialKeyRotatedAt, auditSeq };
  }

  return {
    listSlots: () => ({ slots: core.opened().vault.status.slots, materialKeyRotatedAt }),
    addSlot: (request) => {
      const { vault } = core.provenAdministrator(request.proof);
      const parts = request.parts.map((part) => ({
        kind: part.kind,
        serial: "serial" in part ? part.serial : null,
      }));
      const slot = core.makeSlot(request.name, request.role, parts);
      for (const part of request.parts) {
        if ("pin" in part) vault.secrets.set(slot.id, part.pin);
        if (part.kind !== "passphrase") continue;
        checkStrength(part.passphrase, part.acceptWeak);
        vault.secrets.set(slot.id, part.passphrase);
      }
      vault.status.slots.push(slot);
      return { slot, auditSeq: core.record("slot.add", "slot", { object: slot.id }) };
    },
    makeRecovery: ({ shares, proof }) => {
      core.provenAdministrator(proof);
      const words = (share: number) =>
        Array.from({ length: 33 }, (_, at) => (at < 4 ? "academic" : `word${share}x${at}`)).join(" ");
      if (shares === undefined) return { texts: ["KRV1-QQQQ-PPPP-ZZZZ"] };
      return { texts: Array.from({ length: shares }, (_, at) => words(at + 1)) };
    },
    renameSlot: ({ slot: id, name }) => {
      core.administrator();
      const slot = slotOf(id);
      slot.name = name;
      return { slot, auditSeq: core.record("slot.rename", "slot", { object: id }) };
    },
    changePassphrase: ({ slot: id, newPassphrase, acceptWeakPassphrase, proof }) => {
      const { vault } = core.provenAdministrator(proof);
      checkStrength(newPassphrase, acceptWeakPassphrase);
      const slot = slotOf(id);
      vault.secrets.set(id, newPassphrase);
      return { slot, auditSeq: core.record("slot.change", "slot", { object: id }) };
    },
    testSlot: ({ slot: id, credentials }) => {
      const slot = slotOf(id);
      if (core.opened().vault.secrets.get(id) !== secretOf(credentials)) throw wrongSecret(credentials);
      slot.lastUsedAt = core.now();
      return { slot, auditSeq: core.record("slot.test", "slot", { object: id }) };
    },
    removeSlot: ({ slot: id, proof, rotateMaterialKey: alsoRotates }) => {
      const { vault } = core.provenAdministrator(proof);
      const slot = slotOf(id);
      const left = vault.status.slots.filter((other) => other.id !== id);
      if (!left.some(({ role }) => role === "administrator")) {
        throw refusal("last_slot", "This is the last administrator slot.");
      }
      vault.status.slots = left;
      vault.secrets.delete(id);
      const auditSeq = core.record("slot.remove", "slot", { object: id });
      return { slot, auditSeq, materialKey: alsoRotates === true ? rotateMaterialKey() : null };
    },
    slotCosts: () => ({ today: cost, weaker: [...core.weakSlots] }),
    recalibrateSlot: ({ slot: id, passphrase }) => {
      const slot = slotOf(id);
      if (core.opened().vault.secrets.get(id) !== passphrase) throw wrongSecret();
      core.weakSlots.delete(id);
      const auditSeq = core.record("slot.recalibrate", "slot", { object: id });
      return { slot, before: { memoryKib: 65_536, passes: 3 }, now: cost, auditSeq };
    },
    rotateMaterialKey: ({ reason, proof }) => {
      core.provenAdministrator(proof);
      return rotateMaterialKey(reason);
    },
  } satisfies Partial<Handlers>;
}
