import type { CreateKeyRequest, EditKeyRequest, ErrorView, KeyRowView, KeyView } from "../../ipc/bindings";
import { algorithmSuits, policyOf } from "./algorithms";
import type { Handlers } from "./handlers";
import { matchingRows } from "./keyList";
import { change, lifecycleCommands } from "./lifecycle";
import { makeKey, rowOf } from "./makeKey";
import { refusal } from "./refusal";
import type { CoreState } from "./state";

/** Making keys, and what is written beside them. */
export const keyCommands = (core: CoreState) =>
  ({
    showKey: ({ key }) => ({ key: core.find(key), auditSeq: null }),
    createKey: (request) => {
      const key = createKey(core, request);
      const { vault } = core.opened();
      vault.changesSinceBackup += 1;
      return { key, auditSeq: vault.events.length - 1 };
    },
    createKeys: async (request) => {
      const count = request.count ?? 1;
      const keys: KeyRowView[] = [];
      await core.work(request.job, count);
      for (let number = 1; number <= count; number += 1) {
        const name = `${request.name}-${String(number).padStart(6, "0")}`;
        const row = rowOf(createKey(core, { ...request, name }));
        if (keys.length < 100) keys.push(row);
      }
      return { keys, created: count };
    },
    renameKey: (request) =>
      change(core, request, "key.rename", (key) => {
        checkName(core, request.name, key);
        key.name = request.name;
      }),
    editKey: (request) => editKey(core, request),
    bulkChange: async ({ selection, change: wanted, job }) => {
      core.mayChange();
      const keys = selection.kind === "keys" ? selection.keys : idsOf(matchingRows(core, selection.query));
      const found = keys.map((key) => core.find(key));
      await core.work(job, found.length);
      const { rotateKey, deactivateKey } = lifecycleCommands(core);
      const skipped: { name: string; why: string }[] = [];
      let changed = 0;
      for (const { id, name, tags } of found) {
        try {
          if (wanted.kind === "rotate") rotateKey({ key: id });
          else if (wanted.kind === "deactivate") deactivateKey({ key: id });
          else {
            const without = tags.filter((tag) => tag !== wanted.tag);
            const next = wanted.kind === "add_tag" ? [...without, wanted.tag] : without;
            if (next.length === tags.length) throw refusal("refused_by_state", "Nothing to change.");
            editKey(core, { key: id, tags: next });
          }
          changed += 1;
        } catch (reason) {
          skipped.push({ name, why: (reason as ErrorView).message });
        }
      }
      return { changed, skipped: skipped.slice(0, 100), skippedTotal: skipped.length };
    },
  }) satisfies Partial<Handlers>;

/** Makes a key as the interface asks for it. */
export function createKey(core: CoreState, request: CreateKeyRequest): KeyView {
  core.mayChange();
  checkName(core, request.name);
  if (!algorithmSuits(request.algorithm, request.purpose)) {
    throw refusal("refused_by_policy", `${request.algorithm} cannot serve the purpose ${request.purpose}.`);
  }
  return addKey(core, request);
}

/** Makes a key unasked. */
export function addKey(core: CoreState, request: CreateKeyRequest, at = core.clock()): KeyView {
  const key = makeKey(core.makeId("key"), request, at);
  core.opened().vault.keys.push(key);
  core.record("key.create", "key", { object: key.id, version: 1, at });
  return key;
}

function editKey(core: CoreState, request: EditKeyRequest) {
  if (request.policy !== undefined) core.provenAdministrator(request.proof);
  return change(core, request, "key.edit", (key) => {
    if (request.owner !== undefined) key.owner = request.owner;
    if (request.note !== undefined) key.note = request.note;
    if (request.tags !== undefined) key.tags = [...request.tags].sort();
    if (request.whereUsed !== undefined) key.whereUsed = request.whereUsed;
    if (request.fields !== undefined) key.fields = request.fields;
    if (request.policy !== undefined) key.policy = policyOf(request.policy);
  });
}

function checkName(core: CoreState, name: string, self?: KeyView): void {
  if (name.trim() === "") throw refusal("invalid_name", "The name is empty.");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is these that a name must not have.
  if (/[\u0000-\u001f\u202a-\u202e]/.test(name)) {
    throw refusal("invalid_name", "The name has a character which could hide or reorder text.");
  }
  if (core.opened().vault.keys.some((key) => key.name === name && key.id !== self?.id)) {
    throw refusal("name_taken", `There is a key ${name} already.`);
  }
}

function idsOf(rows: readonly KeyRowView[]): string[] {
  return rows.map(({ id }) => id);
}
