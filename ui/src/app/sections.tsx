import {
  IconArchive,
  IconCertificate,
  IconFileText,
  IconFingerprint,
  IconKey,
  IconLayoutDashboard,
  IconSettings,
  IconUsers,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import { AccessScreen } from "../features/access";
import { AuditScreen } from "../features/audit";
import { BackupsScreen } from "../features/backups";
import { CertificatesScreen, PublicKeysScreen } from "../features/certificates";
import { KeysScreen } from "../features/keys";
import { OverviewScreen } from "../features/overview";
import { SettingsScreen } from "../features/settings";
import type { ActionIconProps } from "../shared/actions";
import type { Section } from "../shared/navigation";

interface SectionEntry {
  section: Section;
  title: string;
  icon: ComponentType<ActionIconProps>;
  screen: ComponentType;
}

/** The sections of an open vault, as the sidebar lists them. */
export const sections: readonly SectionEntry[] = [
  { section: "overview", title: "Overview", icon: IconLayoutDashboard, screen: OverviewScreen },
  { section: "keys", title: "Keys", icon: IconKey, screen: KeysScreen },
  { section: "certificates", title: "Certificates", icon: IconCertificate, screen: CertificatesScreen },
  { section: "public-keys", title: "Public keys", icon: IconFingerprint, screen: PublicKeysScreen },
  { section: "audit", title: "Audit", icon: IconFileText, screen: AuditScreen },
  { section: "backups", title: "Backups", icon: IconArchive, screen: BackupsScreen },
  { section: "access", title: "Access", icon: IconUsers, screen: AccessScreen },
  { section: "settings", title: "Settings", icon: IconSettings, screen: SettingsScreen },
];
