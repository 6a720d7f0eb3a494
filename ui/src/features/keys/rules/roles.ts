import type { Role } from "../../../ipc/bindings";
import type { KeyAct } from "./acts";

/** What can be done with keys, one or many; `create` and the places of use among it. */
export type RoleAct = KeyAct | "create" | "editWhereUsed";

/** Why the role of the slot in use does not do this, in words; `null` when it does. The core has the last word. */
export function roleRefusal(act: RoleAct, role: Role): string | null {
  switch (role) {
    case "administrator":
      return null;
    case "operator":
      return act === "editPolicy" ? "Only an administrator changes policies." : null;
    case "auditor":
      // The public half is no secret, and whoever reads the books may take it along.
      return act === "export" ? null : "An auditor changes nothing.";
  }
}
