import { IconAlertTriangle, IconCheck, IconKey, IconX } from "@tabler/icons-react";
import type { Permission, Purpose, VersionPermissions } from "../../../ipc/bindings";
import "./Permissions.css";

const VERBS: Record<Purpose, [protect: string, process: string]> = {
  encrypt: ["Encrypt", "Decrypt"],
  wrap: ["Wrap", "Unwrap"],
  mac: ["Make MACs", "Verify"],
  sign: ["Sign", "Verify"],
  authenticate: ["Log in", "Verify"],
  agree: ["Agree", "Open"],
  derive: ["Derive", "Derive again"],
};

/** What a version's state lets it do now, by shape and word. */
export function Permissions({ purpose, permissions }: { purpose: Purpose; permissions: VersionPermissions }) {
  const [protect, process] = VERBS[purpose];
  return (
    <ul className="kr-permissions" aria-label="What it may do now">
      <PermissionItem what={protect} permission={permissions.protect} />
      <PermissionItem what={process} permission={permissions.process} />
      <PermissionItem what="Export" permission={permissions.export} />
    </ul>
  );
}

const ANSWERS: Record<Permission, { words: string; colour: string; icon: typeof IconCheck }> = {
  yes: { words: "yes", colour: "kr-ok", icon: IconCheck },
  warn: { words: "with a warning", colour: "kr-warn", icon: IconAlertTriangle },
  override: { words: "only to rescue data", colour: "kr-warn", icon: IconKey },
  no: { words: "no", colour: "kr-dim", icon: IconX },
};

function PermissionItem({ what, permission }: { what: string; permission: Permission }) {
  const { words, colour, icon: Icon } = ANSWERS[permission];
  return (
    <li title={`${what}: ${words}`} className={permission === "no" ? "kr-dim" : undefined}>
      <Icon size={13} aria-hidden className={colour} />
      {what}
      <span className={permission === "yes" || permission === "no" ? "kr-hidden" : colour}>
        {permission === "yes" || permission === "no" ? `: ${words}` : words}
      </span>
    </li>
  );
}
