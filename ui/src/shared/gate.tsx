import { createContext, useContext } from "react";
import type { AppInfo, Preferences, SessionView } from "../ipc/bindings";
import type { Place } from "./navigation";

/** The ways between the locked and the open side of a vault. */
export interface Gate {
  /** Goes into the vault that the core has just opened. */
  enter: (session: SessionView, place?: Place) => void;
  /** Puts a vault first among the recent ones, where its door is found again. */
  remember: (path: string) => void;
  /** Shows the unlock screen of the vault at this path. */
  chooseVault: (path: string) => void;
  /** Shows the first screen: create, open, restore; for a restore perhaps with the backup. */
  goToStart: (task?: StartTask, backup?: string) => void;
  /** Locks the open vault. */
  lock: () => void;
}

/** Where the first screen begins. */
export type StartTask = "choose" | "create" | "restore";

export interface Home {
  app: AppInfo;
  preferences: Preferences;
  /** Stores changed preferences; what is not named stays. */
  changePreferences: (changes: Partial<Preferences>) => Promise<void>;
}

export const GateContext = createContext<Gate | null>(null);
export const HomeContext = createContext<Home | null>(null);
export const SessionContext = createContext<SessionView | null>(null);

export function useGate(): Gate {
  return present(useContext(GateContext), "useGate");
}

/** What the app knows without a vault: about itself and its preferences. */
export function useHome(): Home {
  return present(useContext(HomeContext), "useHome");
}

/** The open vault and the slot that opened it. Only below the unlocked shell. */
export function useSession(): SessionView {
  return present(useContext(SessionContext), "useSession");
}

function present<T>(value: T | null, hook: string): T {
  if (value === null) throw new Error(`${hook} was called outside of what provides it`);
  return value;
}
