import type { BulkSelection, KeyListRequest } from "../../../ipc/bindings";

/** Which rows are chosen: some, by identifier, or everything the list's question has. */
export type Selection = { kind: "none" } | { kind: "keys"; ids: ReadonlySet<string> } | { kind: "query" };

/** Nothing chosen. */
export const NOTHING: Selection = { kind: "none" };

/** Everything the question has, loaded or not. */
export const EVERYTHING: Selection = { kind: "query" };

interface Row {
  id: string;
}

/** Whether the row is chosen. */
export function isSelected(selection: Selection, id: string): boolean {
  return selection.kind === "query" || (selection.kind === "keys" && selection.ids.has(id));
}

/** How many rows are chosen, of `total`. */
export function selectedCount(selection: Selection, total: number): number {
  switch (selection.kind) {
    case "none":
      return 0;
    case "keys":
      return selection.ids.size;
    case "query":
      return total;
  }
}

/**
 * Chooses the row, or lets it go. Taking one row out of everything needs to know the others; while they are
 * not all loaded the choice starts again with this row.
 */
export function toggle(selection: Selection, id: string, loaded: readonly Row[], total: number): Selection {
  if (selection.kind === "query") {
    return loaded.length < total ? of([id]) : of(loaded.filter((row) => row.id !== id).map((row) => row.id));
  }
  const ids = new Set(selection.kind === "keys" ? selection.ids : []);
  if (!ids.delete(id)) {
    ids.add(id);
  }
  return of(ids);
}

/** Chooses the rows from `anchor` to `index`, both included, and nothing else. */
export function range(anchor: number, index: number, loaded: readonly Row[]): Selection {
  const [first, last] = anchor <= index ? [anchor, index] : [index, anchor];
  return of(loaded.slice(first, last + 1).map((row) => row.id));
}

/** What a bulk change is to be told. */
export function toBulkSelection(selection: Selection, query: KeyListRequest): BulkSelection {
  return selection.kind === "query"
    ? { kind: "query", query }
    : { kind: "keys", keys: selection.kind === "keys" ? [...selection.ids] : [] };
}

function of(ids: Iterable<string>): Selection {
  const set = new Set(ids);
  return set.size === 0 ? NOTHING : { kind: "keys", ids: set };
}
