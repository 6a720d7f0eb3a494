import { IconUserPlus } from "@tabler/icons-react";
import { useMemo } from "react";
import { type Action, useActions } from "../../shared/actions";

/** Offers what the screen does to the palette. */
export function useAccessActions(mayChange: boolean, add: () => void): void {
  const actions = useMemo<Action[]>(
    () => [
      {
        id: "slot.add",
        title: "Add a passphrase…",
        icon: IconUserPlus,
        section: "Vault",
        enabled: mayChange,
        run: add,
      },
    ],
    [mayChange, add],
  );
  useActions(actions);
}
