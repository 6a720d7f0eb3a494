import { Modal } from "@mantine/core";
import { spotlight } from "@mantine/spotlight";
import {
  IconArchive,
  IconCalendar,
  IconCertificate,
  IconCommand,
  IconFileImport,
  IconFileSearch,
  IconFileText,
  IconKeyboard,
  IconLock,
  IconPlus,
  IconSearch,
  IconSettings,
  IconShieldCheck,
  IconUserPlus,
} from "@tabler/icons-react";
import { type ReactNode, useMemo, useState } from "react";
import { type Action, useActions } from "../shared/actions";
import { useGate, useSession } from "../shared/gate";
import { type Place, useNavigation } from "../shared/navigation";
import { ShortcutList } from "../shared/ShortcutList";
import { filterNames } from "../shared/words";
import { sections } from "./sections";

/** Offers what can be done from everywhere; returns the shortcut sheet. */
export function useAppActions(): ReactNode {
  const { go } = useNavigation();
  const { lock } = useGate();
  const { slot } = useSession();
  const [sheet, setSheet] = useState(false);
  const mayChange = slot.role !== "auditor";
  const administers = slot.role === "administrator";
  const actions = useMemo<Action[]>(
    () => [
      {
        id: "key.create",
        title: "New key…",
        icon: IconPlus,
        shortcut: "mod+N",
        section: "Keys",
        enabled: mayChange,
        keywords: "create generate add",
        run: () => go({ section: "keys", intent: "create" }),
      },
      {
        id: "key.import",
        title: "Import keys…",
        icon: IconFileImport,
        shortcut: "mod+I",
        section: "Keys",
        enabled: mayChange,
        keywords: "bring in add file pem ssh",
        run: () => go({ section: "keys", intent: "import" }),
      },
      {
        id: "key.examine",
        title: "Examine files…",
        icon: IconFileSearch,
        section: "Keys",
        enabled: true,
        keywords: "look certificate chain fingerprint compare pem",
        run: () => go({ section: "keys", intent: "examine" }),
      },
      {
        id: "key.search",
        title: "Search keys",
        icon: IconSearch,
        shortcut: "mod+F",
        section: "Keys",
        enabled: true,
        keywords: "find filter",
        run: () => go({ section: "keys", intent: "search" }),
      },
      ...(["expiring_soon", "overdue", "expired", "compromised", "scheduled_for_destruction"] as const).map(
        (filter): Action => ({
          id: `filter.${filter}`,
          title: `Show keys: ${filterNames[filter].toLowerCase()}`,
          icon: IconSearch,
          section: "Keys",
          enabled: true,
          run: () => go({ section: "keys", filter }),
        }),
      ),
      {
        id: "certificate.import",
        title: "Import certificates…",
        icon: IconCertificate,
        section: "Certificates",
        enabled: mayChange,
        keywords: "bring in add file pem crt cer p7b",
        run: () => go({ section: "certificates", intent: "import" }),
      },
      {
        id: "certificate.issue",
        title: "Issue a certificate…",
        icon: IconCertificate,
        section: "Certificates",
        enabled: mayChange,
        keywords: "ca sign csr request",
        run: () => go({ section: "certificates", intent: "issue" }),
      },
      {
        id: "vault.inventory",
        title: "Write an inventory…",
        icon: IconFileText,
        section: "Vault",
        enabled: true,
        keywords: "cbom cyclonedx bill of materials csv export list",
        run: () => go({ section: "overview", intent: "inventory" }),
      },
      {
        id: "vault.reminders",
        title: "Write reminders for a calendar…",
        icon: IconCalendar,
        section: "Vault",
        enabled: true,
        keywords: "ics icalendar expiry due rotation dates",
        run: () => go({ section: "overview", intent: "reminders" }),
      },
      {
        id: "audit.verify",
        title: "Verify the audit log",
        icon: IconShieldCheck,
        section: "Vault",
        enabled: true,
        run: () => go({ section: "audit", intent: "verify" }),
      },
      {
        id: "backup.create",
        title: "Back up…",
        icon: IconArchive,
        section: "Vault",
        enabled: true,
        run: () => go({ section: "backups", intent: "create" }),
      },
      ...(
        [
          ["add", "Add a passphrase…", "way in access"],
          ["card", "Add a smartcard…", "way in access piv openpgp yubikey badge token"],
          ["keyring", "Add the keyring of this computer…", "way in access secret service"],
          ["recovery", "Make recovery shares…", "way in access sheets code paper"],
          ["rotate", "Rotate the material key…", "access wrap"],
        ] as const
      ).map(
        ([intent, title, keywords]): Action => ({
          id: `access.${intent}`,
          title,
          icon: IconUserPlus,
          section: "Vault",
          enabled: administers,
          keywords,
          run: () => go({ section: "access", intent }),
        }),
      ),
      {
        id: "vault.lock",
        title: "Lock the vault",
        icon: IconLock,
        shortcut: "mod+L",
        section: "Vault",
        enabled: true,
        always: true,
        run: lock,
      },
      ...sections.map(
        ({ section, title, icon }): Action => ({
          id: `go.${section}`,
          title: `Go to ${title.toLowerCase()}`,
          icon,
          section: "Go to",
          enabled: true,
          ...(section === "settings" ? { shortcut: "mod+,", icon: IconSettings } : {}),
          run: () => go({ section } as Place),
        }),
      ),
      {
        id: "palette",
        title: "Find an action",
        icon: IconCommand,
        shortcut: "mod+K",
        section: "Help",
        enabled: true,
        run: () => spotlight.open(),
      },
      {
        id: "shortcuts",
        title: "Show the keyboard shortcuts",
        icon: IconKeyboard,
        shortcut: "mod+/",
        section: "Help",
        enabled: true,
        run: () => setSheet(true),
      },
    ],
    [administers, go, lock, mayChange],
  );
  useActions(actions);
  return (
    <Modal opened={sheet} onClose={() => setSheet(false)} title="Keyboard shortcuts" size={460}>
      <ShortcutList />
    </Modal>
  );
}
