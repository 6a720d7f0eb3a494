// The documentation's links lead somewhere, and the tests that it names are there.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { outputOf, root } from "./lib/run.mjs";

const files = outputOf("git", ["ls-files", "--cached", "--others", "--exclude-standard"])
  .split("\n")
  .filter((path) => path !== "" && existsSync(join(root, path)));
const pages = files.filter((path) => path.endsWith(".md"));
const read = (path) => readFileSync(join(root, path), "utf8");

/** A heading as its link names it. */
function anchor(heading) {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}

const withoutCode = (text) => text.replaceAll(/^```.*?^```/gms, "").replaceAll(/`[^`\n]*`/g, "");

const anchorsOf = (path) =>
  new Set([...read(path).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchor(heading)));

for (const page of pages) {
  test(`every link of ${page} leads somewhere`, () => {
    for (const [, target] of withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [path, heading] = target.split("#");
      const file = path === "" ? page : join(dirname(page), decodeURIComponent(path));
      assert.ok(existsSync(join(root, file)), `${target} is not there`);
      if (heading !== undefined) assert.ok(anchorsOf(file).has(heading), `${target} has no such heading`);
    }
  });
}

test("every test that the threat model names is there", () => {
  const sources = files
    .filter((path) => path.endsWith(".rs"))
    .map(read)
    .join("\n");
  const named = [...read("docs/threat-model.md").matchAll(/`([a-z0-9]+(?:_[a-z0-9]+){2,})`/g)];
  assert.ok(named.length > 10);
  for (const [, name] of named) assert.ok(sources.includes(`fn ${name}(`), name);
});

test("every file that the threat model names is there", () => {
  for (const [, path] of read("docs/threat-model.md").matchAll(/`((?:crates|tests|docs)\/[^`*]+)`/g)) {
    assert.ok(existsSync(join(root, path)), path);
  }
});
