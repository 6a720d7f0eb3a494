import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import type { KeyView } from "../ipc/bindings";
import { asCoreError, type CoreError } from "../ipc/call";
import { tellLocked } from "./locked";
import { isClosed, rememberKey, vaultChanged } from "./queries";

interface CommandOptions<R> {
  /** What happens with the answer; nothing when the component is gone by then. */
  onDone?: (result: R) => void;
  /** Whether the vault is another one afterwards; yes if absent. */
  changes?: boolean;
}

interface Command<A extends unknown[], R> {
  /** Runs it once; a second call while it runs does nothing. Resolves to `undefined` when it failed. */
  run: (...args: A) => Promise<R | undefined>;
  pending: boolean;
  error: CoreError | null;
  /** Forgets the error. */
  clear: () => void;
}

/**
 * Runs a command that changes something, and puts a key that it answers with into the cache.
 *
 * TanStack's mutations would do, but they keep what they were called with, passphrases among it, for as long as the
 * component lives. This keeps nothing.
 */
export function useCommand<A extends unknown[], R>(
  command: (...args: A) => Promise<R>,
  { onDone, changes = true }: CommandOptions<R> = {},
): Command<A, R> {
  const client = useQueryClient();
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<CoreError | null>(null);
  const busy = useRef(false);
  const alive = useAlive();
  const latest = useRef({ command, onDone });
  useEffect(() => {
    latest.current = { command, onDone };
  });
  const run = useCallback(
    async (...args: A): Promise<R | undefined> => {
      if (busy.current) return undefined;
      busy.current = true;
      setPending(true);
      setError(null);
      try {
        const result = await latest.current.command(...args);
        busy.current = false;
        // A vault that was locked meanwhile has left nothing behind, and must not get it back through this answer.
        if (changes && !isClosed(client)) remember(client, result);
        if (!alive.current) return undefined;
        setPending(false);
        latest.current.onDone?.(result);
        return result;
      } catch (reason) {
        const failure = asCoreError(reason);
        busy.current = false;
        if (failure.code === "locked") tellLocked();
        if (alive.current) {
          setPending(false);
          setError(failure);
        }
        return undefined;
      }
    },
    [client, changes, alive],
  );
  const clear = useCallback(() => setError(null), []);
  return { run, pending, error, clear };
}

function remember(client: ReturnType<typeof useQueryClient>, result: unknown): void {
  if (typeof result === "object" && result !== null && "key" in result && isKeyView(result.key)) {
    rememberKey(client, result.key);
  } else {
    vaultChanged(client);
  }
}

function isKeyView(value: unknown): value is KeyView {
  return typeof value === "object" && value !== null && "versions" in value && "revision" in value;
}

function useAlive() {
  const alive = useRef(true);
  useEffect(() => {
    alive.current = true;
    return () => {
      alive.current = false;
    };
  }, []);
  return alive;
}
