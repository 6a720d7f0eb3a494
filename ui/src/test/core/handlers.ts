import type { commands } from "../../ipc/bindings";

type Commands = typeof commands;
type Answer<C extends keyof Commands> = ReturnType<Commands[C]>;

/** What answers each command: asked and answering as the bindings say, at once or later. */
export type Handlers = {
  [C in keyof Commands]: (...asked: Parameters<Commands[C]>) => Answer<C> | Awaited<Answer<C>>;
};
