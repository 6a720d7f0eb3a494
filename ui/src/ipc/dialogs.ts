import { asCoreError } from "./call";
import { type PickRequest, platform } from "./platform";

export type { PickRequest } from "./platform";

/** Lets the person choose a file that exists; `null` when they think better of it. */
export function pickFile(request: PickRequest): Promise<string | null> {
  return platform().pickFile(request).catch(rethrow);
}

/** Lets the person choose files that exist. */
export function pickFiles(request: PickRequest): Promise<string[] | null> {
  return platform().pickFiles(request).catch(rethrow);
}

/** Lets the person choose a folder that exists. */
export function pickFolder(request: PickRequest): Promise<string | null> {
  return platform().pickFolder(request).catch(rethrow);
}

/** Lets the person choose where a new file goes. */
export function pickNewFile(request: PickRequest): Promise<string | null> {
  return platform().pickNewFile(request).catch(rethrow);
}

function rethrow(reason: unknown): never {
  throw asCoreError(reason);
}
