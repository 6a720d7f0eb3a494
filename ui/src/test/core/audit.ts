import type { Handlers } from "./handlers";
import type { CoreState } from "./state";

const root = "5c".repeat(32);

export const auditCommands = (core: CoreState) =>
  ({
    listEvents: (request) => {
      const { vault } = core.opened();
      const key = request.key === undefined ? undefined : core.find(request.key);
      const events = vault.events
        .filter(
          (event) =>
            (key === undefined || event.object === key.id) &&
            (request.action ?? event.action) === event.action &&
            (request.since === undefined || event.time >= request.since) &&
            (request.until === undefined || event.time < request.until) &&
            (request.beforeSeq === undefined || event.seq < request.beforeSeq),
        )
        .reverse()
        .slice(0, request.limit ?? 100);
      return { events, size: vault.events.length };
    },
    verifyAudit: async ({ job }) => {
      const { vault } = core.opened();
      await core.work(job);
      core.record("audit.verify", "audit");
      return {
        ok: true,
        size: vault.events.length,
        root,
        checkpoint: `keyreeve.local/${vault.status.id}\n${vault.events.length}\n${"ab".repeat(16)}\n\n— keyreeve sig\n`,
        checkpoints: 3,
        keys: vault.keys.length,
        verifiedAt: core.now(),
      };
    },
    exportAudit: async ({ out, job }) => {
      const { vault } = core.opened();
      await core.work(job);
      core.record("audit.export", "audit");
      return { file: out, entries: vault.events.length, bytes: vault.events.length * 420 };
    },
    proveAudit: ({ entry, sinceSize }) => ({
      kind: entry === undefined ? "consistency" : "inclusion",
      size: core.opened().vault.events.length,
      root,
      of: entry ?? sinceSize ?? 0,
      hash: "7d".repeat(32),
      entry: entry === undefined ? null : "{}",
      proof: ["1a".repeat(32), "2b".repeat(32)],
      checkpoint: "keyreeve.local\n1\nabab\n\n— keyreeve sig\n",
    }),
  }) satisfies Partial<Handlers>;
