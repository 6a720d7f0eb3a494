import { memo } from "react";
import type { KeyRowView } from "../../../ipc/bindings";
import type { Column } from "./columns";
import "./KeyGrid.css";
import { Tick } from "./Tick";

interface KeyRowProps {
  index: number;
  /** Pixels from the top of the list. */
  top: number;
  /** The key; absent while its page is on the way. */
  row: KeyRowView | undefined;
  columns: readonly Column[];
  tabStop: boolean;
  selected: boolean;
  open: boolean;
}

/** A row. The grid handles its keys and clicks, so that drawing one costs as little as can be. */
export const KeyRow = memo(function KeyRow(props: KeyRowProps) {
  const { index, top, row, columns, tabStop, selected, open } = props;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      aria-busy={row === undefined || undefined}
      aria-current={open || undefined}
      tabIndex={tabStop ? 0 : -1}
      data-index={index}
      data-testid={row === undefined ? undefined : `key-row-${row.name}`}
      className="kr-grid-row"
      style={{ transform: `translateY(${top}px)` }}
    >
      <div role="gridcell" aria-colindex={1} className="kr-grid-tick-cell" data-check>
        <Tick state={selected} />
      </div>
      {columns.map((column, place) => (
        <div
          key={column.id}
          role="gridcell"
          aria-colindex={place + 2}
          data-align={column.align}
          className={column.id === "name" ? "kr-grid-name-cell" : "kr-grid-cell"}
        >
          {row === undefined ? place === 0 && <span className="kr-grid-waiting" /> : column.render(row)}
        </div>
      ))}
    </div>
  );
});
