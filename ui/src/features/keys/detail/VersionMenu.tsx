import { ActionIcon, Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { useRef } from "react";
import type { KeyView, VersionView } from "../../../ipc/bindings";
import { useSession } from "../../../shared/gate";
import { takeOutRefusal, type VersionAct, versionRefusal } from "../rules/acts";
import { actWords } from "../rules/actWords";
import { roleRefusal } from "../rules/roles";

const ACTS: readonly VersionAct[] = ["suspend", "resume", "deactivate", "revoke", "destroy", "cancelDestroy"];

interface VersionMenuProps {
  keyView: KeyView;
  version: VersionView;
  onAct: (act: VersionAct | "export") => void;
}

/** What can be done with one version alone. */
export function VersionMenu({ keyView, version, onAct }: VersionMenuProps) {
  const target = useRef<HTMLButtonElement>(null);
  const { role } = useSession().slot;
  const acts = ACTS.filter((act) => roleRefusal(act, role) === null && versionRefusal(act, version) === null);
  const mayExport = keyView.publicFormats.length > 0 || takeOutRefusal(keyView, version, role) === null;
  if (acts.length === 0 && !mayExport) {
    return null;
  }
  const choose = (act: VersionAct | "export") => {
    target.current?.focus();
    onAct(act);
  };
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon ref={target} aria-label={`Actions for version ${version.version}`} size={26}>
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {[...(mayExport ? (["export"] as const) : []), ...acts].map((act) => {
          const { label, icon: Icon, danger } = actWords[act];
          return (
            <Menu.Item
              key={act}
              leftSection={<Icon size={16} aria-hidden />}
              {...(danger ? { color: "bad" } : {})}
              onClick={() => choose(act)}
            >
              {label}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
