import type { CardSightView, JobProgress, PadRequestView, RunDueResponse, VaultLocked } from "./bindings";
import { platform } from "./platform";

/** Calls the handler for every step that a job tells of. Returns what stops it. */
export function onJobProgress(handler: (progress: JobProgress) => void): () => void {
  return on("job-progress", (payload) => handler(payload as JobProgress));
}

/** Calls the handler when the core has locked the vault, for whatever reason. Returns what stops it. */
export function onVaultLocked(handler: (locked: VaultLocked) => void): () => void {
  return on("vault-locked", (payload) => handler(payload as VaultLocked));
}

/** Calls the handler when something fell due while the vault was open, and the core has done it. */
export function onDueDone(handler: (response: RunDueResponse) => void): () => void {
  return on("due-done", (payload) => handler(payload as RunDueResponse));
}

/** Calls the handler whenever something else is seen of the cards that are watched. Returns what stops it. */
export function onCardsSeen(handler: (sight: CardSightView) => void): () => void {
  return on("cards-seen", (payload) => handler(payload as CardSightView));
}

/** Calls the handler when a reader's PIN pad waits for someone, and with nothing when it does so no more. */
export function onPinPad(handler: (request: PadRequestView | null) => void): () => void {
  return on("pin-pad", (payload) => handler(payload as PadRequestView | null));
}

/** Calls the handler when someone asked to have a vault or a backup opened. Returns what stops it. */
export function onOpening(handler: () => void): () => void {
  return on("opening", () => handler());
}

/** What someone does with files over the window. */
export type FileDrag = { kind: "over" } | { kind: "away" } | { kind: "drop"; paths: string[] };

/** Calls the handler when files are drawn over the window, away from it, or dropped. Returns what stops it. */
export function onFileDrag(handler: (drag: FileDrag) => void): () => void {
  const stops = [
    on("tauri://drag-enter", () => handler({ kind: "over" })),
    on("tauri://drag-leave", () => handler({ kind: "away" })),
    on("tauri://drag-drop", (payload) =>
      handler({ kind: "drop", paths: (payload as { paths?: string[] }).paths ?? [] }),
    ),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

function on(event: string, handler: (payload: unknown) => void): () => void {
  // Listening begins asynchronously: someone may stop before it has begun.
  let stopped = false;
  let stop: (() => void) | undefined;
  platform()
    .listen(event, (payload) => {
      if (!stopped) handler(payload);
    })
    .then((unlisten) => {
      if (stopped) unlisten();
      else stop = unlisten;
    })
    // Without events the interface still works: it learns of a lock from the next refused call.
    .catch(() => {});
  return () => {
    stopped = true;
    stop?.();
  };
}
