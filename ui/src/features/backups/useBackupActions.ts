import { IconArchive, IconFileCheck, IconRestore } from "@tabler/icons-react";
import { useMemo } from "react";
import { type Action, useActions } from "../../shared/actions";

/** Offers what the screen does, in place of the app's way here. */
export function useBackupActions(create: () => void, verify: () => void, restore: () => void): void {
  const actions = useMemo<Action[]>(
    () => [
      {
        id: "backup.create",
        title: "Back up…",
        icon: IconArchive,
        section: "Vault",
        enabled: true,
        run: create,
      },
      {
        id: "backup.verify",
        title: "Verify a backup…",
        icon: IconFileCheck,
        section: "Vault",
        enabled: true,
        run: verify,
      },
      {
        id: "backup.restore",
        title: "Restore a backup…",
        icon: IconRestore,
        section: "Vault",
        enabled: true,
        run: restore,
      },
    ],
    [create, verify, restore],
  );
  useActions(actions);
}
