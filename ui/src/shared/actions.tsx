import {
  type ComponentType,
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useId,
  useMemo,
  useState,
  useSyncExternalStore,
} from "react";

export interface ActionIconProps {
  size?: number | string;
  stroke?: number | string;
  className?: string;
  "aria-hidden"?: boolean;
}

/** Something one can do, described once for menus, shortcuts and the palette. */
export interface Action {
  id: string;
  /** What it does, as a button would say it. */
  title: string;
  icon: ComponentType<ActionIconProps>;
  /** For instance `mod+K`, `F2`, `Enter`, `mod+,`; `mod` is Ctrl, or Command on a Mac. */
  shortcut?: string;
  /** The heading under which the palette and the shortcut sheet list it. */
  section: string;
  enabled: boolean;
  /** Other words under which the palette finds it. */
  keywords?: string;
  /** The shortcut is the business of a list or a field on the screen: shown here, but not listened for. */
  listensItself?: boolean;
  /** Works also while a dialog is open. */
  always?: boolean;
  run: () => void;
}

class ActionRegistry {
  private readonly groups = new Map<string, readonly Action[]>();
  private readonly listeners = new Set<() => void>();
  private snapshot: readonly Action[] = [];

  put(owner: string, actions: readonly Action[]): void {
    this.groups.set(owner, actions);
    this.changed();
  }

  remove(owner: string): void {
    this.groups.delete(owner);
    this.changed();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  all = (): readonly Action[] => this.snapshot;

  private changed(): void {
    // A screen's own action stands in for the app's action of the same name.
    const byId = new Map<string, Action>();
    for (const action of [...this.groups.values()].flat()) byId.set(action.id, action);
    this.snapshot = [...byId.values()];
    for (const listener of this.listeners) listener();
  }
}

const ActionsContext = createContext<ActionRegistry | null>(null);

export function ActionsProvider({ children }: { children: ReactNode }) {
  const [registry] = useState(() => new ActionRegistry());
  return (
    <ActionsContext value={registry}>
      <Shortcuts registry={registry} />
      {children}
    </ActionsContext>
  );
}

/** Offers actions while the component is shown. Memoise the list: a new one is registered anew. */
export function useActions(actions: readonly Action[]): void {
  const registry = useRegistry();
  const owner = useId();
  useEffect(() => {
    registry.put(owner, actions);
  }, [registry, owner, actions]);
  useEffect(() => () => registry.remove(owner), [registry, owner]);
}

/** Everything one can do now. */
export function useAllActions(): readonly Action[] {
  const registry = useRegistry();
  return useSyncExternalStore(registry.subscribe, registry.all);
}

function useRegistry(): ActionRegistry {
  const registry = useContext(ActionsContext);
  if (registry === null) throw new Error("useActions needs an ActionsProvider above it");
  return registry;
}

function Shortcuts({ registry }: { registry: ActionRegistry }) {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const action = registry
        .all()
        .findLast(
          ({ shortcut, listensItself }) =>
            shortcut !== undefined && listensItself !== true && matches(shortcut, event),
        );
      if (action === undefined) return;
      if (isDialogOpen() && action.always !== true) return;
      if (!/^mod\+/.test(action.shortcut ?? "") && isTyping(event.target)) return;
      // Also when it may not run: the web view must not do something of its own with the keys.
      event.preventDefault();
      if (action.enabled) action.run();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [registry]);
  return null;
}

export function matches(shortcut: string, event: KeyboardEvent): boolean {
  const parts = shortcut.split("+");
  const key = parts.at(-1) ?? "";
  const mod = isMac() ? event.metaKey : event.ctrlKey;
  const otherMod = isMac() ? event.ctrlKey : event.metaKey;
  return (
    event.key.toLowerCase() === key.toLowerCase() &&
    mod === parts.includes("mod") &&
    !otherMod &&
    // A slash may need Shift on the person's keyboard.
    (event.shiftKey === parts.includes("shift") || key === "/") &&
    !event.altKey
  );
}

/** The shortcut as the keyboard says it: `Ctrl K`, or `⌘ K`. */
export function shortcutKeys(shortcut: string): string[] {
  return shortcut.split("+").map((part) => {
    if (part === "mod") return isMac() ? "⌘" : "Ctrl";
    if (part === "shift") return isMac() ? "⇧" : "Shift";
    return part;
  });
}

/** The keys of a shortcut, drawn as keys. */
export function ShortcutKeys({ shortcut }: { shortcut: string }) {
  const keys = useMemo(() => shortcutKeys(shortcut), [shortcut]);
  return (
    <span className="kr-shortcut-keys">
      {keys.map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  );
}

function isMac(): boolean {
  return navigator.userAgent.includes("Macintosh");
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

function isDialogOpen(): boolean {
  return document.querySelector('[role="dialog"][aria-modal="true"], [role="alertdialog"]') !== null;
}
