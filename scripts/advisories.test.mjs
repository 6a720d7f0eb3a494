// Known vulnerabilities are found without a network, and a crate that nobody looked up is noticed.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { factsFolder, notLookedUp, pinnedCheck, platforms, refuseUnknown } from "./lib/advisories.mjs";
import { Problem, root } from "./lib/run.mjs";
import { toolFolder } from "./setup.mjs";

const denyToml = readFileSync(join(root, "deny.toml"), "utf8");
const lookedUp = readFileSync(join(factsFolder, "crates.txt"), "utf8").trimEnd().split("\n");

/** cargo-deny's answer about this repository, with facts that `change` may have changed. */
function check(t, { change = () => {}, config } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "keyreeve-advisories-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const facts = join(folder, "facts");
  cpSync(factsFolder, facts, { recursive: true });
  change((name, id, versions, kind = "") => {
    mkdirSync(join(facts, "crates", name), { recursive: true });
    const head = ["[advisory]", `id = "${id}"`, `package = "${name}"`, 'date = "2026-01-01"', kind];
    const text = ["```toml", ...head, "[versions]", versions, "```", "# Made up", "By a test.", ""];
    writeFileSync(join(facts, "crates", name, `${id}.md`), text.join("\n"));
  });
  const args = pinnedCheck(join(folder, "check"), { facts, denyToml: config });
  const { status, stderr } = spawnSync(join(toolFolder, "bin", "cargo-deny"), args, {
    cwd: root,
    encoding: "utf8",
  });
  return { status, found: [...stderr.matchAll(/ID: (\S+)/g)].map(([, id]) => id), stderr };
}

test("nothing is known about the crates that are used but what deny.toml names", (t) => {
  const { status, found, stderr } = check(t);
  assert.deepEqual({ status, found }, { status: 0, found: [] }, stderr);
});

test("what is known of a program's crates, of the command line's and of the tests' is found, however deep they lie", (t) => {
  const { status, found } = check(t, {
    change: (write) => {
      write("serde", "RUSTSEC-2999-0001", "patched = []");
      write("clap", "RUSTSEC-2999-0002", 'patched = [">= 1000"]');
      write("proptest", "RUSTSEC-2999-0003", "patched = []");
      write("serde", "RUSTSEC-2999-0004", 'patched = [">= 0.0.1"]');
      write("itoa", "RUSTSEC-2999-0005", "patched = []", 'informational = "unsound"');
      write("itoa", "RUSTSEC-2999-0006", "patched = []", 'informational = "unmaintained"');
    },
  });
  assert.notEqual(status, 0);
  const numbers = [...new Set(found)].sort().map((id) => id.replace("RUSTSEC-2999-000", ""));
  assert.deepEqual(numbers, ["1", "2", "3", "5", "6"]);
});

test("what deny.toml ignores would be found, and has a reason there", (t) => {
  const ignored = [...denyToml.matchAll(/\{ id = "(RUSTSEC-\d{4}-\d{4})", reason = "[^"]{40,}" \}/g)];
  assert.equal(ignored.length, denyToml.match(/RUSTSEC-/g).length);
  const { status, found } = check(t, { config: denyToml.replace(/^ignore = \[[^\]]*\]/m, "ignore = []") });
  assert.notEqual(status, 0);
  assert.deepEqual([...new Set(found)].sort(), ignored.map(([, id]) => id).sort());
});

test("a crate of the dependency graph that nobody looked up is a problem that says what to do", () => {
  const crates = [
    { id: "ours", name: "keyreeve-domain", source: null },
    { id: "a1", name: "aes", source: "registry" },
    { id: "a2", name: "aes", source: "registry" },
    { id: "n1", name: "newcomer", source: "registry" },
    { id: "n2", name: "newcomer", source: "git" },
    { id: "x", name: "of-another-platform", source: "registry" },
  ];
  const metadata = { packages: crates, resolve: { nodes: crates.slice(0, 5) } };
  assert.deepEqual(notLookedUp(metadata, "aes\nserde\n"), ["newcomer"]);
  assert.deepEqual(notLookedUp(metadata, "aes\nnewcomer\n"), []);
  refuseUnknown([]);
  assert.throws(
    () => refuseUnknown(["newcomer"]),
    (error) => {
      assert.ok(error instanceof Problem);
      assert.match(error.message, /newcomer/);
      assert.match(error.message, /crates\.txt/);
      return true;
    },
  );
});

test("the platforms are deny.toml's", () => {
  assert.deepEqual(platforms('[graph]\ntargets = [\n  "one",\n  "two",\n]\n'), ["one", "two"]);
  assert.throws(() => platforms("[graph]\n"), Problem);
  assert.ok(platforms(denyToml).includes("x86_64-unknown-linux-gnu"));
});

test("the facts are where they belong", () => {
  assert.deepEqual(lookedUp, [...new Set(lookedUp)].sort());
  for (const name of readdirSync(join(factsFolder, "crates"))) {
    assert.ok(lookedUp.includes(name), `${name} is not in crates.txt`);
    for (const file of readdirSync(join(factsFolder, "crates", name))) {
      const text = readFileSync(join(factsFolder, "crates", name, file), "utf8");
      assert.match(file, /^RUSTSEC-\d{4}-\d{4}\.md$/);
      assert.ok(text.includes(`id = "${file.slice(0, -3)}"\npackage = "${name}"\n`), file);
      assert.match(text, /\[versions\]\npatched = \[/, file);
    }
  }
});
