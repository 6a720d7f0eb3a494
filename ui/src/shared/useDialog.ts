import { useCallback, useEffect, useRef, useState } from "react";

/** One dialog at a time: which one is shown, and the ways to change that. */
export interface DialogSlot<T> {
  shown: T | null;
  /** Shows a dialog, in place of the one that is shown. */
  open: (dialog: T) => void;
  /** Takes the dialog away, with everything that was typed into it, and puts the focus back where it came from. */
  close: () => void;
}

/**
 * Keeps a dialog mounted only while it is shown, so that no passphrase outlives it. The modal cannot return the focus
 * itself when it is taken away; this does.
 */
export function useDialog<T>(): DialogSlot<T> {
  const [shown, setShown] = useState<T | null>(null);
  const origin = useRef<HTMLElement | null>(null);
  const back = useRef(false);

  const open = useCallback((dialog: T) => {
    if (origin.current === null && document.activeElement instanceof HTMLElement) {
      origin.current = document.activeElement;
    }
    back.current = false;
    setShown(dialog);
  }, []);
  const close = useCallback(() => {
    back.current = true;
    setShown(null);
  }, []);

  useEffect(() => {
    if (shown !== null || !back.current) {
      return;
    }
    back.current = false;
    const target = origin.current;
    origin.current = null;
    // The modal's focus trap lets go only after this render.
    const timer = window.setTimeout(() => {
      if (target?.isConnected && lostFocus()) {
        target.focus({ preventScroll: true });
      }
    }, 0);
    return () => window.clearTimeout(timer);
  }, [shown]);

  return { shown, open, close };
}

/** Whether nothing that matters has the focus: the dialog is gone and took it along. */
function lostFocus(): boolean {
  const active = document.activeElement;
  return active === null || active === document.body;
}
