import type { ExamineResponse } from "../../ipc/bindings";
import type { Handlers } from "./handlers";
import { createKey } from "./keys";
import { rowOf } from "./makeKey";
import { refusal } from "./refusal";
import type { CoreState } from "./state";

/** Looking at what others made, and bringing it in. */
export function importCommands(core: CoreState) {
  let staged: ExamineResponse | null = null;

  function stage(): ExamineResponse {
    staged = structuredClone(core.found);
    return staged;
  }

  function stagedItems(): ExamineResponse {
    if (staged === null) throw refusal("invalid_request", "There is nothing to bring in.");
    return staged;
  }

  return {
    stageImport: () => {
      core.mayChange();
      return stage();
    },
    examineFiles: () => stage(),
    unlockImport: ({ password }) => {
      const found = stagedItems();
      const opened = core.opens.get(password) ?? [];
      found.items = found.items.map((item) => opened.find(({ number }) => number === item.number) ?? item);
      return { opened: opened.length, found };
    },
    importKeys: ({ choices, exportable }) => {
      const { items } = stagedItems();
      const of = (kind: string) => choices.filter(({ number }) => items[number]?.kind === kind);
      const [certificates, publicKeys] = [of("certificate").length, of("public").length];
      const wanted = choices.filter(
        ({ number }) => !["certificate", "public"].includes(items[number]?.kind ?? ""),
      );
      const keys = wanted.map(({ number, name, algorithm, purpose }) => {
        const item = items[number];
        const known = algorithm ?? item?.algorithm;
        const use = purpose ?? item?.purpose;
        if (item === undefined || known == null || use == null) {
          throw refusal("invalid_request", "There is no such item.");
        }
        const request = { name: name ?? item.name, algorithm: known, purpose: use, exportable };
        return rowOf(createKey(core, request));
      });
      staged = null;
      return { keys: keys.slice(0, 100), imported: keys.length, certificates, publicKeys };
    },
    discardImport: () => {
      staged = null;
    },
  } satisfies Partial<Handlers>;
}
