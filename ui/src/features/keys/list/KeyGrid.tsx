import { defaultRangeExtractor, type Range, useVirtualizer } from "@tanstack/react-virtual";
import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type Ref,
  useCallback,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
} from "react";
import type { KeyRowView } from "../../../ipc/bindings";
import type { Column } from "./columns";
import { GridHeader } from "./GridHeader";
import { moveTo } from "./gridKeys";
import "./KeyGrid.css";
import { KeyRow } from "./KeyRow";
import type { Sort } from "./question";
import { EVERYTHING, isSelected, NOTHING, range, type Selection, toggle } from "./selection";
import { useGridFocus } from "./useGridFocus";

/** The height of a row in pixels, as in KeyGrid.module.css. */
const ROW = 38;
/** The height of the headers, which stay above the rows while these scroll under them. */
const HEADER = 35;

/** What the screen may ask of the list. */
export interface KeyGridHandle {
  /** Moves the focus to the row that has the tab stop. */
  focusActive: () => void;
}

interface KeyGridProps {
  ref: Ref<KeyGridHandle>;
  rows: readonly KeyRowView[];
  total: number;
  columns: readonly Column[];
  sort: Sort;
  onSort: (sort: Sort) => void;
  selection: Selection;
  /** Takes what is chosen; nothing can be chosen if `null`. */
  onSelect: ((selection: Selection) => void) | null;
  /** The key shown in the detail pane. */
  openId: string | null;
  onOpen: (row: KeyRowView, how: "pointer" | "keyboard") => void;
  /** The active row moved while the pane may follow. */
  onFollow: (row: KeyRowView) => void;
  onRename: (row: KeyRowView) => void;
  onEscape: () => void;
  onReach: (lastVisible: number) => void;
  isStale: boolean;
  /** Changes when the list starts over: a new question, another order. */
  startOver: string;
}

/** The list of keys as a grid: 38 pixel rows, of which only the visible ones exist. */
export function KeyGrid(props: KeyGridProps) {
  const { rows, total, columns, sort, selection, openId, onReach, startOver } = props;
  const selects = props.onSelect !== null;
  const onSelect = props.onSelect ?? ignore;
  const scroller = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const anchor = useRef(0);
  const { active, setActive, focusRow } = useGridFocus(body, total);

  const virtualizer = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 4,
    scrollMargin: HEADER,
    scrollPaddingStart: HEADER,
    // The active row stays drawn however far away one scrolls, or the focus would fall off the page.
    rangeExtractor: useCallback(
      (visible: Range) => {
        const drawn = defaultRangeExtractor(visible);
        return active < visible.count && !drawn.includes(active)
          ? [...drawn, active].sort((a, b) => a - b)
          : drawn;
      },
      [active],
    ),
  });
  const items = virtualizer.getVirtualItems();
  const lastVisible = virtualizer.range?.endIndex ?? 0;

  useImperativeHandle(
    props.ref,
    () => ({
      focusActive: () => {
        virtualizer.scrollToIndex(active, { align: "auto" });
        focusRow(active);
      },
    }),
    [virtualizer, active, focusRow],
  );

  useEffect(() => onReach(lastVisible), [onReach, lastVisible]);

  const lastStart = useRef(startOver);
  useEffect(() => {
    if (lastStart.current !== startOver) {
      lastStart.current = startOver;
      anchor.current = 0;
      setActive(0);
      virtualizer.scrollToOffset(0);
    }
  }, [startOver, setActive, virtualizer]);

  const move = (to: number, extend: boolean) => {
    virtualizer.scrollToIndex(to, { align: "auto" });
    focusRow(to);
    if (extend) {
      onSelect(range(anchor.current, to, rows));
      return;
    }
    anchor.current = to;
    const row = rows[to];
    if (row !== undefined) {
      props.onFollow(row);
    }
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || isInHeader(event.target)) {
      return;
    }
    const command = event.ctrlKey || event.metaKey;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? ROW) / ROW) - 1);
    const to =
      command && event.key !== "Home" && event.key !== "End" ? null : moveTo(event.key, active, total, page);
    if (to !== null && total > 0) {
      event.preventDefault();
      move(to, event.shiftKey);
      return;
    }
    const row = rows[active];
    const act = command
      ? event.key.toLowerCase() === "a"
        ? () => onSelect(EVERYTHING)
        : null
      : actOf(event.key, row, props, {
          toggleRow: (target) => {
            anchor.current = active;
            onSelect(toggle(selection, target.id, rows, total));
          },
        });
    if (act !== null) {
      event.preventDefault();
      act();
    }
  };

  const onClick = (event: MouseEvent) => {
    const index = indexOf(event.target);
    const row = index === null ? undefined : rows[index];
    if (index === null || row === undefined) {
      return;
    }
    const onBox = event.target instanceof Element && event.target.closest("[data-check]") !== null;
    focusRow(index);
    if (event.shiftKey) {
      onSelect(range(anchor.current, index, rows));
      return;
    }
    anchor.current = index;
    if (onBox || event.ctrlKey || event.metaKey) {
      onSelect(toggle(selection, row.id, rows, total));
      return;
    }
    props.onOpen(row, "pointer");
  };

  const template = useMemo(
    () => `${selects ? "32px" : "16px"} ${columns.map((column) => column.width).join(" ")}`,
    [columns, selects],
  );

  return (
    <div
      role="grid"
      aria-label="Keys"
      aria-rowcount={total + 1}
      aria-colcount={columns.length + 1}
      aria-multiselectable={selects}
      data-selects={selects || undefined}
      aria-busy={props.isStale}
      data-testid="keys-grid"
      data-selecting={selection.kind !== "none" || undefined}
      className="kr-grid"
      style={{ "--columns": template } as CSSProperties}
      onKeyDown={onKeyDown}
      onClick={onClick}
      // Shift and a click extend the choice; the browser would mark text as well.
      onMouseDown={(event) => event.shiftKey && event.preventDefault()}
    >
      <div ref={scroller} className="kr-grid-scroller" role="presentation">
        <GridHeader
          columns={columns}
          sort={sort}
          onSort={props.onSort}
          all={selection.kind === "query" ? true : selection.kind === "keys" ? "some" : false}
          onAll={selects ? () => onSelect(selection.kind === "none" ? EVERYTHING : NOTHING) : null}
        />
        <div
          ref={body}
          role="rowgroup"
          className="kr-grid-body"
          style={{ height: virtualizer.getTotalSize() }}
        >
          {items.map((item) => {
            const row = rows[item.index];
            return (
              <KeyRow
                key={item.index}
                index={item.index}
                top={item.start - HEADER}
                row={row}
                columns={columns}
                tabStop={item.index === active}
                selected={row !== undefined && isSelected(selection, row.id)}
                open={row !== undefined && row.id === openId}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

function ignore(): void {}

function actOf(
  key: string,
  row: KeyRowView | undefined,
  props: KeyGridProps,
  own: { toggleRow: (row: KeyRowView) => void },
): (() => void) | null {
  if (key === "Escape") {
    return props.onEscape;
  }
  if (row === undefined) {
    return null;
  }
  switch (key) {
    case " ":
      return () => own.toggleRow(row);
    case "Enter":
      return () => props.onOpen(row, "keyboard");
    case "F2":
      return () => props.onRename(row);
    default:
      return null;
  }
}

function isInHeader(target: EventTarget): boolean {
  return target instanceof Element && target.closest('[role="columnheader"]') !== null;
}

function indexOf(target: EventTarget): number | null {
  const row = target instanceof Element ? target.closest<HTMLElement>("[data-index]") : null;
  return row === null ? null : Number(row.getAttribute("data-index"));
}
