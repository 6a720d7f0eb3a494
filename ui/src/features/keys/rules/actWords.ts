import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconCertificate,
  IconCircleOff,
  IconDownload,
  IconEdit,
  IconListDetails,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
  IconScale,
  IconTerminal2,
  IconTextCaption,
  IconTrash,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import type { ActionIconProps } from "../../../shared/actions";
import type { KeyAct } from "./acts";

/** How an act is offered. */
export interface ActWords {
  label: string;
  icon: ComponentType<ActionIconProps>;
  /** Whether it cannot be taken back. */
  danger?: boolean;
  shortcut?: string;
}

/** The words and icon of each act, the same in the menu, the button and the palette. */
export const actWords: Record<KeyAct, ActWords> = {
  rotate: { label: "Rotate…", icon: IconRefresh },
  activate: { label: "Activate…", icon: IconPlayerPlay },
  suspend: { label: "Suspend…", icon: IconPlayerPause },
  resume: { label: "Resume…", icon: IconPlayerPlay },
  deactivate: { label: "Deactivate…", icon: IconCircleOff },
  revoke: { label: "Revoke…", icon: IconAlertTriangle, danger: true },
  destroy: { label: "Schedule destruction…", icon: IconTrash, danger: true },
  cancelDestroy: { label: "Keep…", icon: IconArrowBackUp },
  export: { label: "Export…", icon: IconDownload },
  certificate: { label: "Certificate…", icon: IconCertificate },
  sshCertificate: { label: "OpenSSH certificate…", icon: IconTerminal2 },
  sshRevocation: { label: "OpenSSH revocation list…", icon: IconListDetails },
  rename: { label: "Rename…", icon: IconTextCaption, shortcut: "F2" },
  edit: { label: "Edit details…", icon: IconEdit },
  editPolicy: { label: "Change policy…", icon: IconScale },
};

/** The order of the menu; `null` is a line between groups. */
export const ACT_ORDER: readonly (KeyAct | null)[] = [
  "rotate",
  "activate",
  "suspend",
  "resume",
  "deactivate",
  null,
  "export",
  "certificate",
  "sshCertificate",
  "sshRevocation",
  "rename",
  "edit",
  "editPolicy",
  null,
  "revoke",
  "destroy",
  "cancelDestroy",
];
