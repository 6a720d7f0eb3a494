import { expect, it } from "vitest";
import { recipientsOf } from "./recipients";

it("takes one recipient a line, and neither empty lines nor comments", () => {
  expect(recipientsOf("  age1abc \r\n\n# me\nssh-ed25519 AAAA me@host\n")).toEqual([
    "age1abc",
    "ssh-ed25519 AAAA me@host",
  ]);
  expect(recipientsOf(" \n# only a comment")).toEqual([]);
});
