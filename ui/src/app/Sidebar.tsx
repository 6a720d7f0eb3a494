import { Menu, Tooltip } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import {
  IconAlertTriangleFilled,
  IconClock,
  IconHash,
  IconHourglassEmpty,
  IconRefreshAlert,
  IconX,
} from "@tabler/icons-react";
import type { ComponentType, ReactNode } from "react";
import type { CountsView, SmartFilter } from "../ipc/bindings";
import type { ActionIconProps } from "../shared/actions";
import { Mark } from "../shared/Brand";
import { formatNumber } from "../shared/format";
import { type Place, useNavigation } from "../shared/navigation";
import { useCounts } from "../shared/queries";
import { filterNames } from "../shared/words";
import "./Sidebar.css";
import { sections } from "./sections";

interface FilterEntry {
  filter: SmartFilter;
  icon: ComponentType<ActionIconProps>;
  colour: string;
  count: (counts: CountsView) => number;
}

const filters: readonly FilterEntry[] = [
  { filter: "expiring_soon", icon: IconClock, colour: "warn", count: (counts) => counts.expiringSoon },
  { filter: "overdue", icon: IconRefreshAlert, colour: "warn", count: (counts) => counts.overdue },
  { filter: "expired", icon: IconHourglassEmpty, colour: "dim", count: (counts) => counts.expired },
  {
    filter: "compromised",
    icon: IconAlertTriangleFilled,
    colour: "bad",
    count: (counts) => counts.compromised,
  },
  {
    filter: "scheduled_for_destruction",
    icon: IconX,
    colour: "dim",
    count: (counts) => counts.scheduledForDestruction,
  },
];

/** Sections, what needs attention, and tags. Below 900 px only the icons stay. */
export function Sidebar() {
  const { place, go } = useNavigation();
  const counts = useCounts().data;
  const folded = useMediaQuery("(max-width: 899px)") ?? false;
  const keys = place.section === "keys" ? place : undefined;
  return (
    <nav className="kr-sidebar" aria-label="Sections" data-folded={folded}>
      <div className="kr-sidebar-brand">
        <Mark />
        <span>Keyreeve</span>
      </div>
      <ul>
        {sections.map(({ section, title, icon }) => (
          <Item
            key={section}
            title={title}
            icon={icon}
            folded={folded}
            count={section === "keys" ? counts?.total : undefined}
            current={place.section === section && keys?.filter === undefined && keys?.tag === undefined}
            onClick={() => go({ section } as Place)}
            testId={`nav-${section}`}
          />
        ))}
      </ul>
      <Heading folded={folded}>Needs attention</Heading>
      <ul aria-label="Needs attention">
        {filters.map(({ filter, icon, colour, count }) => (
          <Item
            key={filter}
            title={filterNames[filter]}
            icon={icon}
            folded={folded}
            colour={counts !== undefined && count(counts) > 0 ? colour : "dim"}
            count={counts === undefined ? undefined : count(counts)}
            current={keys?.filter === filter}
            onClick={() => go({ section: "keys", filter })}
            testId={`filter-${filter}`}
          />
        ))}
      </ul>
      {counts !== undefined && counts.tags.length > 0 && (
        <>
          <Heading folded={folded}>Tags</Heading>
          {folded ? (
            <TagMenu counts={counts} current={keys?.tag} />
          ) : (
            <ul aria-label="Tags">
              {counts.tags.map(({ tag, count }) => (
                <Item
                  key={tag}
                  title={tag}
                  icon={IconHash}
                  folded={false}
                  count={count}
                  current={keys?.tag === tag}
                  onClick={() => go({ section: "keys", tag })}
                />
              ))}
            </ul>
          )}
        </>
      )}
    </nav>
  );
}

function Heading({ folded, children }: { folded: boolean; children: ReactNode }) {
  return folded ? <hr className="kr-sidebar-rule" /> : <div className="kr-sidebar-heading">{children}</div>;
}

function Item({
  title,
  icon: Icon,
  folded,
  colour,
  count,
  current,
  onClick,
  testId,
}: {
  title: string;
  icon: ComponentType<ActionIconProps>;
  folded: boolean;
  colour?: string;
  count: number | undefined;
  current: boolean;
  onClick: () => void;
  testId?: string;
}) {
  const label = count === undefined ? title : `${title} ${formatNumber(count)}`;
  return (
    <li>
      <Tooltip label={label} position="right" disabled={!folded}>
        <button
          type="button"
          className="kr-sidebar-item"
          aria-current={current ? "page" : undefined}
          aria-label={folded ? label : undefined}
          data-testid={testId}
          onClick={onClick}
        >
          <span className={colour === undefined ? "kr-sidebar-icon" : `kr-sidebar-icon kr-${colour}`}>
            <Icon size={17} stroke={1.7} aria-hidden />
          </span>
          <span className="kr-sidebar-title">{title}</span>{" "}
          {count !== undefined && <span className="kr-sidebar-count kr-numbers">{formatNumber(count)}</span>}
        </button>
      </Tooltip>
    </li>
  );
}

function TagMenu({ counts, current }: { counts: CountsView; current: string | undefined }) {
  const { go } = useNavigation();
  return (
    <Menu position="right-start">
      <Menu.Target>
        <button
          type="button"
          className="kr-sidebar-item"
          aria-label="Tags"
          aria-current={current === undefined ? undefined : "page"}
        >
          <span className="kr-sidebar-icon">
            <IconHash size={17} stroke={1.7} aria-hidden />
          </span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {counts.tags.map(({ tag, count }) => (
          <Menu.Item
            key={tag}
            onClick={() => go({ section: "keys", tag })}
            rightSection={formatNumber(count)}
          >
            {tag}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
