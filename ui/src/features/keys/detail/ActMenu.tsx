import { ActionIcon, Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { useRef } from "react";
import type { KeyView } from "../../../ipc/bindings";
import { ShortcutKeys } from "../../../shared/actions";
import { useSession } from "../../../shared/gate";
import { type KeyAct, refusal } from "../rules/acts";
import { ACT_ORDER, actWords } from "../rules/actWords";
import { roleRefusal } from "../rules/roles";

interface ActMenuProps {
  keyView: KeyView;
  /** Those that have a button of their own. */
  except: readonly (KeyAct | null)[];
  onAct: (act: KeyAct) => void;
}

/** Everything else that can be done with a key in one's role; what cannot be done now says why. */
export function ActMenu({ keyView, except, onAct }: ActMenuProps) {
  const target = useRef<HTMLButtonElement>(null);
  const choose = (act: KeyAct) => {
    // The menu is about to go: the dialog must find a place to give the focus back to.
    target.current?.focus();
    onAct(act);
  };
  const { role } = useSession().slot;
  const offered = ACT_ORDER.filter(
    (act) =>
      act === null ||
      (!except.includes(act) &&
        roleRefusal(act, role) === null &&
        (refusal(act, keyView, role) === null || TEACHES.includes(act))),
  ).filter(
    (act, index, all) => act !== null || (index > 0 && all[index - 1] !== null && index < all.length - 1),
  );
  if (offered.every((act) => act === null)) {
    return null;
  }
  return (
    <Menu position="bottom-end" withinPortal width={240}>
      <Menu.Target>
        <ActionIcon ref={target} variant="default" size={36} aria-label="More actions" data-testid="key-menu">
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {offered.map((act, index) =>
          act === null ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line has nothing else to be known by.
            <Menu.Divider key={`line ${index}`} />
          ) : (
            <ActItem key={act} act={act} refused={refusal(act, keyView, role)} onChoose={() => choose(act)} />
          ),
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Acts that are shown also when refused, because the reason tells what to do first. */
const TEACHES: readonly KeyAct[] = ["rotate", "destroy"];

function ActItem({ act, refused, onChoose }: { act: KeyAct; refused: string | null; onChoose: () => void }) {
  const { label, icon: Icon, danger, shortcut } = actWords[act];
  return (
    <Menu.Item
      leftSection={<Icon size={16} aria-hidden />}
      rightSection={shortcut === undefined ? null : <ShortcutKeys shortcut={shortcut} />}
      disabled={refused !== null}
      data-testid={`act-${act}`}
      {...(danger && refused === null ? { color: "bad" } : {})}
      onClick={onChoose}
    >
      {label}
      {refused !== null && <span className="kr-menu-why">{refused}</span>}
    </Menu.Item>
  );
}
