import { expect, it } from "vitest";
import { distinguishedName, proposedNames } from "./distinguishedName";

it("leaves out what is empty, and takes the meaning from what means something", () => {
  const name = (commonName: string, organisation = "", country = "") =>
    distinguishedName({ commonName, organisation, country });
  expect(name("example.org")).toBe("CN=example.org");
  expect(name(" example.org ", "Example", "ch")).toBe("CN=example.org,O=Example,C=CH");
  expect(name("a", 'Example, Inc. + <Sons>; "x" \\ y')).toBe(
    'CN=a,O=Example\\, Inc. \\+ \\<Sons\\>\\; \\"x\\" \\\\ y',
  );
  expect(name("#1 of # all")).toBe("CN=\\#1 of # all");
});

it.each([
  ["example.org", "dns:example.org"],
  ["*.example.org", "dns:*.example.org"],
  ["ada@example.org", "email:ada@example.org"],
  ["Ada Lovelace", ""],
  ["localhost", ""],
  ["", ""],
])("knows the other name that %j is", (commonName, expected) => {
  expect(proposedNames(commonName)).toBe(expected);
});
