import type { ErrorCode, ErrorView } from "./bindings";
import { platform } from "./platform";

/** A refusal or failure of the core: what happened and what to do, in the core's own words. */
export class CoreError extends Error {
  override readonly name = "CoreError";
  readonly code: ErrorCode;
  readonly cure: string;

  constructor({ code, message, cure }: ErrorView) {
    super(message);
    this.code = code;
    this.cure = cure;
  }
}

/** Asks the core. Rejects with a `CoreError` and nothing else. */
export async function call<T>(command: string, args?: Record<string, unknown>): Promise<T> {
  try {
    return (await platform().invoke(command, args)) as T;
  } catch (reason) {
    throw asCoreError(reason);
  }
}

/** Makes a `CoreError` of whatever was thrown. */
export function asCoreError(reason: unknown): CoreError {
  if (reason instanceof CoreError) return reason;
  if (isErrorView(reason)) return new CoreError({ ...reason, cure: reason.cure ?? "" });
  return new CoreError({
    code: "internal",
    message: reason instanceof Error ? reason.message : String(reason),
    cure: "Nothing was changed; please report this.",
  });
}

function isErrorView(reason: unknown): reason is ErrorView {
  return (
    typeof reason === "object" &&
    reason !== null &&
    "code" in reason &&
    typeof reason.code === "string" &&
    "message" in reason &&
    typeof reason.message === "string"
  );
}
