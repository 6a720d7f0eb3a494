import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import { useMemo } from "react";
import { type Action, ShortcutKeys, useAllActions } from "../shared/actions";

/** Everything one can do, found by typing. */
export function CommandPalette() {
  const actions = useAllActions();
  const groups = useMemo(() => groupsOf(actions), [actions]);
  return (
    <Spotlight
      actions={groups}
      attributes={{ content: { "aria-label": "Find an action" } }}
      shortcut={null}
      highlightQuery
      scrollable
      maxHeight={360}
      nothingFound="Nothing found"
      overlayProps={{ blur: 0, backgroundOpacity: 0.4 }}
      transitionProps={{ duration: 120, transition: "fade" }}
      searchProps={{
        placeholder: "What do you want to do?",
        "aria-label": "Search for an action",
        leftSection: <IconSearch size={18} stroke={1.6} aria-hidden />,
      }}
    />
  );
}

function groupsOf(actions: readonly Action[]): SpotlightActionGroupData[] {
  const groups = new Map<string, SpotlightActionData[]>();
  for (const { id, title, icon: Icon, shortcut, section, enabled, keywords, run } of actions) {
    if (!enabled || id === "palette") continue;
    const group = groups.get(section) ?? [];
    group.push({
      id,
      label: title,
      ...(keywords === undefined ? {} : { keywords }),
      leftSection: <Icon size={18} stroke={1.6} aria-hidden />,
      ...(shortcut === undefined ? {} : { rightSection: <ShortcutKeys shortcut={shortcut} /> }),
      onClick: run,
    });
    groups.set(section, group);
  }
  return [...groups].map(([group, entries]) => ({ group, actions: entries }));
}
