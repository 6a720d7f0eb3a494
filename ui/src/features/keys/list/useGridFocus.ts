import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from "react";

/** The row that has the roving tab stop. */
export interface GridFocus {
  active: number;
  /** Makes a row the tab stop without moving the focus. */
  setActive: (index: number) => void;
  /** Makes a row the tab stop and focuses it as soon as it is drawn. */
  focusRow: (index: number) => void;
}

/** One row of the grid is in the tab order; the arrow keys move which one. */
export function useGridFocus(body: RefObject<HTMLElement | null>, total: number): GridFocus {
  const [active, setActiveState] = useState(0);
  const wanted = useRef<number | null>(null);
  const clamped = Math.max(0, Math.min(active, total - 1));

  // The row may only be drawn by the render that its becoming active causes.
  useLayoutEffect(() => {
    if (wanted.current !== null) {
      const row = body.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"]`);
      if (row) {
        wanted.current = null;
        row.focus({ preventScroll: true });
      }
    }
  });

  const focusRow = useCallback(
    (index: number) => {
      const row = body.current?.querySelector<HTMLElement>(`[data-index="${index}"]`);
      wanted.current = row ? null : index;
      setActiveState(index);
      row?.focus({ preventScroll: true });
    },
    [body],
  );

  return { active: clamped, setActive: setActiveState, focusRow };
}
