import type { AppInfo } from "../../ipc/bindings";
import type { Handlers } from "./handlers";
import { refusal } from "./refusal";
import type { CoreState } from "./state";

export const appInfo: AppInfo = {
  version: "0.1.0",
  defaultVaultPath: "/home/me/Keyreeve.keyreeve",
  defaultBackupFolder: "/home/me/Backups",
  debug: true,
};

/** What has nothing to do with one vault: the app, its preferences and its jobs. */
export const appCommands = (core: CoreState) =>
  ({
    appInfo: () => appInfo,
    getPreferences: () => core.preferences,
    putPreferences: (request) => {
      if (request.idleLockMinutes < 1 || request.idleLockMinutes > 240) {
        throw refusal("invalid_request", "The idle lock must be between 1 and 240 minutes.");
      }
      core.preferences = structuredClone(request);
      return core.preferences;
    },
    takeOpening: () => {
      const { opening } = core;
      core.opening = null;
      return { opening };
    },
    cancelJob: ({ job }) => {
      core.cancelled.add(job);
    },
  }) satisfies Partial<Handlers>;
