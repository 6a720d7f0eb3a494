type Listener = () => void;

const listeners = new Set<Listener>();

/** Tells that the core answered "locked": the window must not go on showing what it holds. */
export function tellLocked(): void {
  for (const listener of [...listeners]) listener();
}

export function onLockedAnswer(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
