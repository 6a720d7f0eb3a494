import type { SessionView, SlotView } from "../../ipc/bindings";
import type { Handlers } from "./handlers";
import { vaultPath } from "./paths";
import { refusal } from "./refusal";
import { checkStrength, secretOf, strengthOf, wrongSecret } from "./secrets";
import type { CoreState } from "./state";
import { day } from "./time";

/** Making a vault, opening it, and the session that comes of it. */
export const vaultCommands = (core: CoreState) =>
  ({
    checkPassphrase: ({ passphrase }) => strengthOf(passphrase),
    vaultStatus: ({ path }) => core.vaultAt(path).status,
    createVault: (request) => {
      needNoneOpen(core);
      const path = vaultPath(request.path);
      if (!path.startsWith("/")) throw refusal("invalid_request", "The path must be absolute.");
      if (core.vaults.has(path)) throw refusal("exists", `There is something at ${path} already.`);
      checkStrength(request.passphrase, request.acceptWeakPassphrase);
      core.addVault(path, request.passphrase);
      for (const slot of core.vaultAt(path).status.slots) slot.name = request.slotName ?? slot.name;
      core.openVault(path);
      return sessionView(core);
    },
    unlockVault: ({ path, slot: wanted, credentials }) => {
      needNoneOpen(core);
      const vault = core.vaultAt(path);
      const slot = vault.status.slots.find(
        ({ id }) => (wanted ?? id) === id && vault.secrets.get(id) === secretOf(credentials),
      );
      if (slot === undefined) {
        vault.failedUnlocks += 1;
        throw wrongSecret(credentials);
      }
      core.enter(vault, slot);
      slot.lastUsedAt = core.now();
      core.record("vault.unlock", "vault");
      const view = sessionView(core);
      vault.failedUnlocks = 0;
      return view;
    },
    lockVault: () => core.lock("user"),
    currentSession: () => {
      if (core.open === null) return { session: null, locksInMs: null };
      const left = core.preferences.idleLockMinutes * 60_000 - (Date.now() - core.lastInput);
      return { session: sessionView(core), locksInMs: Math.max(0, left) };
    },
    keepAwake: () => {
      core.lastInput = Date.now();
    },
    runDue: () => ({ done: [] }),
  }) satisfies Partial<Handlers>;

/** The ways to recover that nobody tried for a year. */
export function untestedRecovery(core: CoreState): SlotView[] {
  const year = 365 * day;
  return core
    .opened()
    .vault.status.slots.filter(
      (slot) =>
        slot.parts.some(({ kind }) => kind === "recovery") &&
        new Date(slot.lastUsedAt ?? slot.createdAt).getTime() + year <= core.clock().getTime(),
    );
}

function sessionView(core: CoreState): SessionView {
  const { vault, slot, unlockedAt } = core.opened();
  return {
    vault: vault.status,
    slot,
    unlockedAt,
    auditPublicKey: `keyreeve.local/${vault.status.id}+c0ffee12+AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGh`,
    auditSize: vault.events.length,
    failedUnlocks: vault.failedUnlocks,
    doneAtUnlock: [],
    lastBackupAt: vault.backups.at(-1)?.time ?? null,
    recoveryUntested: untestedRecovery(core).map(({ name }) => name),
  };
}

function needNoneOpen(core: CoreState): void {
  if (core.open !== null) throw refusal("already_unlocked", "A vault is unlocked already.");
}
