import { IconCaretDownFilled, IconCaretUpFilled } from "@tabler/icons-react";
import type { Column } from "./columns";
import { Tick } from "./Tick";
import "./KeyGrid.css";
import type { Sort } from "./question";

interface GridHeaderProps {
  columns: readonly Column[];
  sort: Sort;
  onSort: (sort: Sort) => void;
  /** Whether all, some or no rows are chosen. */
  all: boolean | "some";
  /** Chooses all or nothing; absent where nothing can be chosen. */
  onAll: (() => void) | null;
}

/** The column headers; those that sort are buttons. */
export function GridHeader({ columns, sort, onSort, all, onAll }: GridHeaderProps) {
  return (
    <div role="rowgroup" className="kr-grid-header">
      <div role="row" aria-rowindex={1} className="kr-grid-header-row">
        <div role="columnheader" aria-colindex={1} className="kr-grid-tick-cell">
          {onAll === null ? (
            <span className="kr-hidden">Selection</span>
          ) : (
            <button
              type="button"
              className="kr-grid-tick-button"
              aria-label={all === false ? "Select all keys" : "Clear the selection"}
              onClick={onAll}
            >
              <Tick state={all} />
            </button>
          )}
        </div>
        {columns.map((column, index) => (
          <div
            key={column.id}
            role="columnheader"
            aria-colindex={index + 2}
            aria-sort={ariaSort(column, sort)}
            data-align={column.align}
            className="kr-grid-header-cell"
          >
            {column.sortBy === undefined ? (
              column.label
            ) : (
              <SortButton column={column} sortBy={column.sortBy} sort={sort} onSort={onSort} />
            )}
          </div>
        ))}
      </div>
    </div>
  );
}

function SortButton(props: { column: Column; sortBy: Sort["by"]; sort: Sort; onSort: (sort: Sort) => void }) {
  const { column, sortBy, sort, onSort } = props;
  const sorted = sort.by === sortBy;
  return (
    <button
      type="button"
      className="kr-grid-sort-button"
      onClick={() => onSort({ by: sortBy, descending: sorted && !sort.descending })}
    >
      {column.label}
      {sorted &&
        (sort.descending ? (
          <IconCaretDownFilled size={10} aria-hidden />
        ) : (
          <IconCaretUpFilled size={10} aria-hidden />
        ))}
    </button>
  );
}

function ariaSort(column: Column, sort: Sort): "ascending" | "descending" | "none" | undefined {
  if (column.sortBy === undefined) {
    return undefined;
  }
  if (sort.by !== column.sortBy) {
    return "none";
  }
  return sort.descending ? "descending" : "ascending";
}
