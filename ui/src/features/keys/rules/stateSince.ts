import type { VersionView } from "../../../ipc/bindings";

/** Since when a version is in its state. */
export function stateSince(version: VersionView): string | null {
  switch (version.state) {
    case "pre_active":
      return version.createdAt;
    case "active":
      return version.activatedAt;
    case "suspended":
      return version.suspendedAt;
    case "deactivated":
      return version.deactivatedAt;
    case "compromised":
      return version.compromisedAt;
    case "destroyed":
      return version.destroyedAt;
  }
}
