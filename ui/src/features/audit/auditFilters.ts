import type { AuditAction, EventListRequest } from "../../ipc/bindings";

/** What narrows the list of events. */
export interface AuditFilters {
  action: AuditAction | null;
  /** A key's name, identifier, or a prefix of it; empty for all. */
  key: string;
  /** Days as `2026-11-24` in local time; both included. */
  from: string | null;
  to: string | null;
}

/** Everything. */
export const NO_FILTERS: AuditFilters = { action: null, key: "", from: null, to: null };

/** Whether anything narrows the list. */
export function isNarrowed(filters: AuditFilters): boolean {
  return filters.action !== null || filters.key.trim() !== "" || filters.from !== null || filters.to !== null;
}

/** The question that the core is asked. Days become instants: the last one runs to its end. */
export function eventRequest(filters: AuditFilters): EventListRequest {
  return {
    ...(filters.action === null ? {} : { action: filters.action }),
    ...(filters.key.trim() === "" ? {} : { key: filters.key.trim() }),
    ...(filters.from === null ? {} : { since: startOfDay(filters.from, 0) }),
    ...(filters.to === null ? {} : { until: startOfDay(filters.to, 1) }),
  };
}

function startOfDay(day: string, later: number): string {
  const [year = 1970, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}
