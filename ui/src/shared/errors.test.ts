import { expect, test } from "vitest";
import type { ErrorCode } from "../ipc/bindings";
import { errorWords, messageBelow } from "./errors";

test("a fault of Keyreeve's own is shown as bad, a typing mistake is not", () => {
  expect(errorWords("internal").severity).toBe("bad");
  expect(errorWords("wrong_passphrase").severity).toBe("warn");
});

test("a code that the interface does not know is shown as a fault", () => {
  expect(errorWords("from_the_future" as ErrorCode)).toBe(errorWords("internal"));
  expect(errorWords("constructor" as ErrorCode)).toBe(errorWords("internal"));
});

test("a message does not repeat the title above it", () => {
  const title = "The backup is damaged";
  expect(messageBelow(title, "The backup is damaged: its end is missing.")).toBe("Its end is missing.");
  expect(messageBelow(title, "The backup is damaged.")).toBe("");
  expect(messageBelow(title, "The backup is damaged in two places.")).toBe(
    "The backup is damaged in two places.",
  );
  expect(messageBelow(title, "The file “ü” is cut short.")).toBe("The file “ü” is cut short.");
  expect(messageBelow(title, "the backup is damaged: “ü” is cut short.")).toBe("“ü” is cut short.");
});
