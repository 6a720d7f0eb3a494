import type { KeyState, KeyView, Role, VersionView } from "../../../ipc/bindings";
import { roleRefusal } from "./roles";

/** What can be done with a key. */
export type KeyAct =
  | "rotate"
  | "activate"
  | "suspend"
  | "resume"
  | "deactivate"
  | "revoke"
  | "destroy"
  | "cancelDestroy"
  | "export"
  | "certificate"
  | "sshCertificate"
  | "sshRevocation"
  | "rename"
  | "edit"
  | "editPolicy";

/** Why an act is not offered, in words; `null` when it is. The core has the last word. */
export function refusal(act: KeyAct, key: KeyView, role: Role): string | null {
  return roleRefusal(act, role) ?? stateRefusal(act, key, role);
}

function stateRefusal(act: KeyAct, key: KeyView, role: Role): string | null {
  const primary = primaryVersion(key);
  if (primary === undefined) {
    return "The key has no version.";
  }
  switch (act) {
    case "rename":
    case "edit":
    case "editPolicy":
      return null;
    case "export":
      return key.publicFormats.length > 0 ? null : takeOutRefusal(key, primary, role);
    case "certificate":
      return key.signsCertificates ? certificateRefusal(primary) : "It signs no certificates.";
    case "sshCertificate":
    case "sshRevocation":
      return isSshAuthority(key) ? certificateRefusal(primary) : "It signs no certificates of OpenSSH.";
    case "destroy":
      return destroyRefusal(key);
    case "cancelDestroy":
      return key.versions.some((version) => version.destroyScheduledAt !== null)
        ? null
        : "No destruction is scheduled.";
    case "rotate":
      return rotateRefusal(primary);
    default:
      return versionRefusal(act, primary);
  }
}

/** Whether it can be a CA of OpenSSH, in whatever state it is. */
export function isSshAuthority({ purpose, signsCertificates, publicFormats }: KeyView): boolean {
  return purpose === "sign" && signsCertificates && publicFormats.includes("openssh-public");
}

/** The acts that a single version can undergo. */
export type VersionAct = "suspend" | "resume" | "deactivate" | "revoke" | "destroy" | "cancelDestroy";

/** As {@link refusal}, for one version. */
export function versionRefusal(act: VersionAct | "activate", version: VersionView): string | null {
  if (act === "revoke") {
    return version.compromisedAt === null ? null : "It was reported compromised before.";
  }
  if (act === "cancelDestroy") {
    return version.destroyScheduledAt === null ? "No destruction is scheduled." : null;
  }
  if (version.destroyScheduledAt !== null) {
    return "Its destruction is scheduled: cancel that first.";
  }
  if (act === "destroy") {
    return version.state === "active" || version.state === "suspended"
      ? "Deactivate it first."
      : version.state === "destroyed"
        ? "It is destroyed."
        : null;
  }
  return FROM[act].includes(version.state) ? null : `It is ${STATE_WORDS[version.state]}.`;
}

/** The act that the detail pane offers first; `null` when nothing is left to do. */
export function primaryAct(key: KeyView): KeyAct | null {
  const primary = primaryVersion(key);
  if (primary === undefined) {
    return null;
  }
  if (primary.destroyScheduledAt !== null) {
    return "cancelDestroy";
  }
  switch (primary.state) {
    case "pre_active":
      return "activate";
    case "suspended":
      return "resume";
    case "destroyed":
      return null;
    default:
      return "rotate";
  }
}

/** The primary version. */
export function primaryVersion(key: KeyView): VersionView | undefined {
  return key.versions.find((version) => version.version === key.primaryVersion);
}

/** Why the version's material may not be written to a file now; `null` when it may. */
export function takeOutRefusal(key: KeyView, version: VersionView, role: Role): string | null {
  if (!key.exportable) {
    return "The key was created as not exportable: its material never leaves the vault.";
  }
  if (role === "auditor") {
    return "An auditor does not reach key material.";
  }
  const { export: permission } = version.permissions;
  if (key.privateFormats.length === 0 || permission === "no") {
    return "The state of this version does not allow it.";
  }
  return permission === "warn" && role !== "administrator"
    ? "Before it is active, only an administrator takes it out."
    : null;
}

const FROM: Record<"activate" | "suspend" | "resume" | "deactivate", readonly KeyState[]> = {
  activate: ["pre_active"],
  suspend: ["active"],
  resume: ["suspended"],
  deactivate: ["active", "suspended"],
};

const STATE_WORDS: Record<KeyState, string> = {
  pre_active: "not active yet",
  active: "active",
  suspended: "suspended",
  deactivated: "deactivated",
  compromised: "compromised",
  destroyed: "destroyed",
};

function certificateRefusal(primary: VersionView): string | null {
  if (primary.destroyScheduledAt !== null) {
    return "Its destruction is scheduled: cancel that first.";
  }
  return primary.state === "active" ? null : `It is ${STATE_WORDS[primary.state]}.`;
}

function rotateRefusal(primary: VersionView): string | null {
  if (primary.destroyScheduledAt !== null) {
    return "Its destruction is scheduled: cancel that first.";
  }
  return primary.state === "pre_active" || primary.state === "destroyed"
    ? `It is ${STATE_WORDS[primary.state]}.`
    : null;
}

function destroyRefusal(key: KeyView): string | null {
  const open = key.versions.filter(
    (version) => version.state !== "destroyed" && version.destroyScheduledAt === null,
  );
  if (open.length === 0) {
    return key.versions.some((version) => version.destroyScheduledAt !== null)
      ? "Its destruction is scheduled."
      : "It is destroyed.";
  }
  const used = open.find((version) => version.state === "active" || version.state === "suspended");
  return used === undefined ? null : "Deactivate it first.";
}
