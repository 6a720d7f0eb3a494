import type { ReactNode } from "react";
import type { KeyRowView, SortBy } from "../../../ipc/bindings";
import { StateBadge } from "../../../shared/StateBadge";
import { algorithmNames } from "../../../shared/words";
import { DateCell, RotateByCell } from "./cells";

/** A column of the list. */
export interface Column {
  id: string;
  label: string;
  /** What the core sorts by; absent for columns that do not sort. */
  sortBy?: SortBy;
  /** A track of the grid's template. */
  width: string;
  align?: "end";
  render: (row: KeyRowView) => ReactNode;
}

/** The name; always there, always first. */
export const NAME_COLUMN: Column = {
  id: "name",
  label: "Name",
  sortBy: "name",
  width: "minmax(130px, 1.6fr)",
  render: (row) => row.name,
};

/** The columns one may choose, in their order. The identifiers are kept in the preferences. */
export const OPTIONAL_COLUMNS: readonly Column[] = [
  {
    id: "algorithm",
    label: "Algorithm",
    sortBy: "algorithm",
    width: "minmax(144px, 1fr)",
    render: (row) => algorithmNames[row.algorithm],
  },
  {
    id: "purpose",
    label: "Purpose",
    sortBy: "purpose",
    width: "minmax(86px, 0.8fr)",
    render: (row) => row.purpose,
  },
  {
    id: "state",
    label: "State",
    sortBy: "state",
    width: "minmax(138px, 1.1fr)",
    render: (row) => <StateBadge state={row.state} destroyScheduledAt={row.destroyScheduledAt} short />,
  },
  { id: "owner", label: "Owner", width: "minmax(80px, 1fr)", render: (row) => row.owner || "–" },
  { id: "tags", label: "Tags", width: "minmax(80px, 1fr)", render: (row) => row.tags.join(", ") || "–" },
  {
    id: "version",
    label: "Version",
    width: "64px",
    align: "end",
    render: (row) => row.primaryVersion,
  },
  {
    id: "createdAt",
    label: "Created",
    sortBy: "created_at",
    width: "92px",
    align: "end",
    render: (row) => <DateCell time={row.createdAt} />,
  },
  {
    id: "lastUsedAt",
    label: "Last used",
    width: "92px",
    align: "end",
    render: (row) => <DateCell time={row.lastUsedAt} />,
  },
  {
    id: "rotateBy",
    label: "Rotate by",
    sortBy: "rotate_by",
    width: "108px",
    align: "end",
    render: (row) => <RotateByCell row={row} />,
  },
];

/** The columns to show; identifiers that nobody knows any more are passed over. */
export function columnsOf(ids: readonly string[]): Column[] {
  return [NAME_COLUMN, ...OPTIONAL_COLUMNS.filter((column) => ids.includes(column.id))];
}
