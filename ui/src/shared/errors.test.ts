import { expect, test } from "vitest";
import type { ErrorCode } from "../ipc/bindings";
import { errorWords } from "./errors";

test("a fault of Keyreeve's own is shown as bad, a typing mistake is not", () => {
  expect(errorWords("internal").severity).toBe("bad");
  expect(errorWords("wrong_passphrase").severity).toBe("warn");
});

test("a code that the interface does not know is shown as a fault", () => {
  expect(errorWords("from_the_future" as ErrorCode)).toBe(errorWords("internal"));
  expect(errorWords("constructor" as ErrorCode)).toBe(errorWords("internal"));
});
