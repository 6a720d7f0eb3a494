import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { commands } from "../ipc/bindings";
import { queryKeys } from "./queries";

const inputs = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] as const;
const every = 10_000;

/** Tells the core of the person's input, at most every ten seconds, so that the vault locks only when they are away. */
export function useKeepAwake(): void {
  const client = useQueryClient();
  useEffect(() => {
    let last = Number.NEGATIVE_INFINITY;
    const told = () => {
      const now = performance.now();
      if (now - last < every) return;
      last = now;
      commands.keepAwake().then(
        () => client.invalidateQueries({ queryKey: queryKeys.session }),
        // If the vault is locked by now, the next question will say so.
        () => {},
      );
    };
    for (const input of inputs) window.addEventListener(input, told, { passive: true, capture: true });
    return () => {
      for (const input of inputs) window.removeEventListener(input, told, { capture: true });
    };
  }, [client]);
}
