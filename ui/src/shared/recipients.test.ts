import { expect, it } from "vitest";
import { recipientsOf } from "./recipients";

it("takes one recipient a line, and neither empty lines nor comments", () => {
  expect(recipientsOf("  age1abc \r\n\n# me\nssh-ed25519 AAAA me@host\n")).toEqual([
    "age1abc",
    "ssh-ed25519 AAAA me@host",
  ]);
  expect(recipientsOf(" \n# only a comment")).toEqual([]);
});

it("takes a pasted block as one recipient, with the empty line of its armour", () => {
  const block = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDME\n=AbCd\n-----END PGP PUBLIC KEY BLOCK-----";
  expect(recipientsOf(`age1abc\n${block.replaceAll("\n", "\r\n")}\nage1def`)).toEqual([
    "age1abc",
    block,
    "age1def",
  ]);
  expect(recipientsOf("-----BEGIN PGP PUBLIC KEY BLOCK-----\nmDME")).toHaveLength(1);
});
