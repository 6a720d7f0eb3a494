import type { Opening } from "./bindings";

/**
 * What is to be shown once the vault is locked, when that is not its door.
 *
 * With the lock the page ends, and with it all that was typed and shown in it; another page begins at the same address.
 * So the address carries this over, and the core adds to it that there was a lock.
 */
export type AfterLock = Opening | { kind: "restore" };

/** Notes what the next page begins with, or that it is the door. */
export function beginAfterLock(next: AfterLock): void {
  show(new URLSearchParams({ next: JSON.stringify(next) }));
}

/** Whether this page was made by a lock, and what it begins with; asking takes it. */
export function takeAfterLock(): { locked: boolean; next: AfterLock | null } {
  const noted = new URLSearchParams(window.location.search);
  const next = noted.get("next");
  if (noted.size > 0) show(new URLSearchParams());
  return { locked: noted.has("locked"), next: next === null ? null : (JSON.parse(next) as AfterLock) };
}

function show(noted: URLSearchParams): void {
  const words = noted.size > 0 ? `?${noted}` : "";
  window.history.replaceState(null, "", `${window.location.pathname}${words}`);
}
