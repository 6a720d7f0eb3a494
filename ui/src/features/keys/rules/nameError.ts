import type { CoreError } from "../../../ipc/call";

/** What to say at the field of a name, when the error is about the name; `null` when it is about something else. */
export function nameError(error: CoreError | null): string | null {
  switch (error?.code) {
    case "name_taken":
      return "Another key has this name.";
    case "invalid_name":
      return `${error.message} ${error.cure}`;
    default:
      return null;
  }
}
