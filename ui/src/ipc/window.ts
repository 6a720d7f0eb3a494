import { isTauri } from "@tauri-apps/api/core";

/** Whether the interface runs in Keyreeve's own window, with the core behind it. */
export function hasCore(): boolean {
  return isTauri();
}
