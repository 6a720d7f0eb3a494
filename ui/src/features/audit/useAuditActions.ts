import { IconFileExport, IconShieldCheck } from "@tabler/icons-react";
import { useMemo } from "react";
import { type Action, useActions } from "../../shared/actions";

/** Offers what the screen does, in place of the app's way here. */
export function useAuditActions(verify: () => void, exportLog: () => void): void {
  const actions = useMemo<Action[]>(
    () => [
      {
        id: "audit.verify",
        title: "Verify the audit log",
        icon: IconShieldCheck,
        section: "Vault",
        enabled: true,
        run: verify,
      },
      {
        id: "audit.export",
        title: "Export the audit log…",
        icon: IconFileExport,
        section: "Vault",
        enabled: true,
        run: exportLog,
      },
    ],
    [verify, exportLog],
  );
  useActions(actions);
}
