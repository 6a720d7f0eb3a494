import { type CountsView, type KeyRowView, KeyStateValues, type SmartFilter } from "../../ipc/bindings";
import type { Handlers } from "./handlers";
import { passes } from "./keyList";
import { rowOf } from "./makeKey";
import type { CoreState } from "./state";
import { untestedRecovery } from "./vault";

/** What is said of everything in the vault at once. */
export const overviewCommands = (core: CoreState) =>
  ({
    counts: () => counts(core),
    overview: () => {
      const { vault } = core.opened();
      const now = core.clock();
      const rows = vault.keys.map(rowOf);
      const pick = (filter: SmartFilter, by: (row: KeyRowView) => string | null) =>
        rows
          .filter((row) => passes(core, row, filter))
          .sort((a, b) => (by(a) ?? "").localeCompare(by(b) ?? ""))
          .slice(0, 5);
      const month = (time: Date) => time.getUTCFullYear() * 12 + time.getUTCMonth();
      const rotationsByMonth = Array.from({ length: 12 }, () => 0);
      for (const { rotateBy } of rows) {
        if (rotateBy === null) continue;
        const index = month(new Date(rotateBy)) - month(now);
        if (index >= 0 && index < 12) rotationsByMonth[index] = (rotationsByMonth[index] ?? 0) + 1;
      }
      const newest = vault.backups.at(-1);
      const weak = vault.keys.filter(({ strengthBits }) => strengthBits < 128).length;
      const quantumSafe = vault.keys.filter((key) => key.quantumSafe).length;
      return {
        counts: counts(core),
        compromised: pick("compromised", ({ name }) => name),
        overdue: pick("overdue", ({ rotateBy }) => rotateBy),
        expiring: pick("expiring_soon", ({ rotateBy }) => rotateBy),
        scheduled: pick("scheduled_for_destruction", ({ destroyScheduledAt }) => destroyScheduledAt),
        rotationsByMonth,
        firstMonth: now.toISOString().slice(0, 7),
        strength: { quantumSafe, classical: rows.length - quantumSafe - weak, disallowedAfter2030: weak },
        auditSize: vault.events.length,
        certificates: {
          total: core.certificates.length,
          expiringSoon: core.certificates.filter(({ state }) => state === "expiring_soon").length,
          expired: core.certificates.filter(({ state }) => state === "expired").length,
        },
        lastBackupAt: newest?.time ?? null,
        lastBackupVerified: newest?.verifiedAt != null,
        eventsSinceBackup: vault.changesSinceBackup,
        recoveryUntested: untestedRecovery(core),
      };
    },
    exportInventory: async ({ out, format, job }) => {
      await core.work(job);
      const counts = { keys: 3, certificates: core.certificates.length, publicKeys: core.knownKeys.length };
      const reminders = format === "ics" ? { reminders: 4 } : {};
      return { file: out, format, ...counts, ...reminders, bytes: 2048 };
    },
  }) satisfies Partial<Handlers>;

function counts(core: CoreState): CountsView {
  const { keys } = core.opened().vault;
  const rows = keys.map(rowOf);
  const tags = new Map<string, number>();
  for (const tag of keys.flatMap((key) => key.tags)) tags.set(tag, (tags.get(tag) ?? 0) + 1);
  const count = (filter: SmartFilter) => rows.filter((row) => passes(core, row, filter)).length;
  return {
    total: rows.length,
    byState: KeyStateValues.map((state) => rows.filter((row) => row.state === state).length),
    expiringSoon: count("expiring_soon"),
    overdue: count("overdue"),
    expired: count("expired"),
    compromised: count("compromised"),
    scheduledForDestruction: count("scheduled_for_destruction"),
    tags: [...tags]
      .map(([tag, number]) => ({ tag, count: number }))
      .sort((a, b) => b.count - a.count || a.tag.localeCompare(b.tag))
      .slice(0, 12),
  };
}
