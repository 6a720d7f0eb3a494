import type { KeyListRequest, KeyRowView, KeyView, SmartFilter } from "../../ipc/bindings";
import { catalogue } from "./algorithms";
import type { Handlers } from "./handlers";
import { rowOf } from "./makeKey";
import type { CoreState } from "./state";
import { day } from "./time";

const cursorMark = "at:";

/** What there is to choose from, and the keys that a search finds. */
export const keyListCommands = (core: CoreState) =>
  ({
    catalogue: () => catalogue,
    listKeys: (request) => {
      const rows = matchingRows(core, request);
      const begin = Number(request.after?.slice(cursorMark.length) ?? 0);
      const end = begin + (request.limit ?? 100);
      return {
        keys: rows.slice(begin, end),
        total: rows.length,
        next: end < rows.length ? `${cursorMark}${end}` : null,
      };
    },
  }) satisfies Partial<Handlers>;

export function matchingRows(core: CoreState, request: KeyListRequest): KeyRowView[] {
  const words = (request.search ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const rows = core
    .opened()
    .vault.keys.filter((key) => {
      const places = key.whereUsed.map(({ value }) => value);
      const text = [key.name, key.algorithm, key.owner, key.note, ...key.tags, ...places]
        .join(" ")
        .toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .map(rowOf)
    .filter(
      (row) =>
        (request.state ?? row.state) === row.state &&
        (request.algorithm ?? row.algorithm) === row.algorithm &&
        (request.purpose ?? row.purpose) === row.purpose &&
        (request.tag === undefined || row.tags.includes(request.tag)) &&
        (request.filter === undefined || passes(core, row, request.filter)),
    );
  const by = (row: KeyRowView) => {
    switch (request.sortBy ?? "name") {
      case "rotate_by":
        return row.rotateBy ?? "9";
      case "created_at":
        return row.createdAt;
      case "algorithm":
        return row.algorithm;
      case "purpose":
        return row.purpose;
      case "state":
        return row.state;
      default:
        return row.name.toLowerCase();
    }
  };
  rows.sort((a, b) => by(a).localeCompare(by(b)) || a.name.localeCompare(b.name));
  return request.descending === true ? rows.reverse() : rows;
}

export function passes(core: CoreState, row: KeyRowView, filter: SmartFilter): boolean {
  const now = core.clock().getTime();
  const left = row.rotateBy === null ? Number.POSITIVE_INFINITY : new Date(row.rotateBy).getTime() - now;
  switch (filter) {
    case "expiring_soon":
      return left > 0 && left < 30 * day;
    case "overdue":
      return left <= 0;
    case "expired":
      return row.state === "deactivated" && hasRunOut(core.find(row.id));
    case "compromised":
      return row.state === "compromised";
    case "scheduled_for_destruction":
      return row.destroyScheduledAt !== null;
  }
}

/** Whether the primary version went out of use because its time was over, and not by hand before that. */
function hasRunOut({ versions, primaryVersion }: KeyView): boolean {
  const primary = versions.find(({ version }) => version === primaryVersion);
  return (
    primary?.deactivatedAt != null &&
    primary.originatorUsageEnd !== null &&
    primary.deactivatedAt >= primary.originatorUsageEnd
  );
}
