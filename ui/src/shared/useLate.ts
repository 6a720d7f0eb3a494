import { useEffect, useState } from "react";

/** Most cards do not tell that they wait for a touch. One that waits for nobody has answered by then, in milliseconds. */
const PATIENCE = 500;

/** Whether something has been at work for longer than it takes where nobody is waited for. */
export function useLate(pending: boolean): boolean {
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    setIsLate(false);
    if (!pending) return;
    const timer = window.setTimeout(() => setIsLate(true), PATIENCE);
    return () => window.clearTimeout(timer);
  }, [pending]);
  return isLate;
}
