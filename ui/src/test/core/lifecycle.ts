import type { AuditAction, KeyState, KeyView, VersionView } from "../../ipc/bindings";
import type { Handlers } from "./handlers";
import { makeVersion, settle } from "./makeKey";
import { refusal } from "./refusal";
import type { CoreState } from "./state";
import { day } from "./time";

/** What takes a key's versions from one state to the next. */
export const lifecycleCommands = (core: CoreState) =>
  ({
    rotateKey: (request) =>
      change(core, request, "key.rotate", (key) => {
        const primary = core.version(key);
        if (primary.state === "destroyed" || primary.state === "pre_active") {
          throw refusal("refused_by_state", `Version ${primary.version} is ${inWords(primary.state)}.`);
        }
        const next = makeVersion(key, key.versions.length + 1, core.clock());
        if (primary.state === "active" || primary.state === "suspended") {
          primary.state = "deactivated";
          primary.deactivatedAt = core.now();
        }
        primary.replacedBy = next.version;
        key.versions.unshift(next);
        key.primaryVersion = next.version;
      }),
    activateKey: (request) =>
      change(core, request, "key.activate", (_key, version) => {
        need(version, ["pre_active"], "activated");
        version.state = "active";
        version.activateAt = null;
        version.activatedAt = core.now();
      }),
    suspendKey: (request) =>
      change(core, request, "key.suspend", (_key, version) => {
        need(version, ["active"], "suspended");
        version.state = "suspended";
        version.suspendedAt = core.now();
      }),
    resumeKey: (request) => {
      core.reauthenticate(request.proof);
      return change(core, request, "key.resume", (_key, version) => {
        need(version, ["suspended"], "resumed");
        version.state = "active";
        version.suspendedAt = null;
      });
    },
    deactivateKey: (request) =>
      change(core, request, "key.deactivate", (_key, version) => {
        need(version, ["active", "suspended"], "deactivated");
        version.state = "deactivated";
        version.deactivatedAt = core.now();
      }),
    revokeKey: (request) =>
      change(core, request, "key.revoke", (_key, version) => {
        need(version, ["pre_active", "active", "suspended", "deactivated"], "reported compromised");
        version.state = "compromised";
        version.compromisedAt = request.at ?? core.now();
        version.compromiseReason = request.reason;
      }),
    destroyKey: (request) =>
      change(core, request, "key.schedule_destruction", (key) => {
        const days = request.waitDays ?? 30;
        if (days < 7 || days > 90)
          throw refusal("invalid_request", "The waiting period must be 7 to 90 days.");
        const wanted = key.versions.filter(
          ({ version, state }) => state !== "destroyed" && (request.version ?? version) === version,
        );
        for (const version of wanted) need(version, ["deactivated", "compromised"], "destroyed");
        for (const version of wanted) {
          version.destroyScheduledAt = new Date(core.clock().getTime() + days * day).toISOString();
        }
      }),
    cancelDestroyKey: (request) =>
      change(core, request, "key.cancel_destruction", (key) => {
        const wanted = key.versions.filter(
          ({ version, destroyScheduledAt }) =>
            destroyScheduledAt !== null && (request.version ?? version) === version,
        );
        if (wanted.length === 0) throw refusal("refused_by_state", "No destruction is scheduled.");
        for (const version of wanted) version.destroyScheduledAt = null;
      }),
  }) satisfies Partial<Handlers>;

/** Changes a key, or with `dryRun` only says what would become of it. */
export function change(
  core: CoreState,
  request: { key: string; version?: number; expectedRevision?: number; reason?: string; dryRun?: boolean },
  action: AuditAction,
  act: (key: KeyView, version: VersionView) => void,
) {
  core.mayChange();
  const stored = core.find(request.key);
  if (request.expectedRevision !== undefined && request.expectedRevision !== stored.revision) {
    throw refusal("stale", `${stored.name} was changed meanwhile.`);
  }
  const key = structuredClone(stored);
  act(key, core.version(key, request.version));
  settle(key);
  if (request.dryRun === true) return { key, auditSeq: null };
  key.revision += 1;
  const { vault } = core.opened();
  vault.keys = vault.keys.map((other) => (other.id === key.id ? key : other));
  vault.changesSinceBackup += 1;
  const { version = key.primaryVersion, reason } = request;
  return { key, auditSeq: core.record(action, "key", { object: key.id, version, reason }) };
}

function need(version: VersionView, states: readonly KeyState[], done: string): void {
  if (!states.includes(version.state) || version.destroyScheduledAt !== null) {
    const state = version.destroyScheduledAt === null ? inWords(version.state) : "scheduled for destruction";
    throw refusal("refused_by_state", `Version ${version.version} is ${state} and cannot be ${done}.`);
  }
}

function inWords(state: KeyState): string {
  return state.replace("_", "-");
}
