import assert from "node:assert/strict";
import { test } from "node:test";
import { crateProblems, secretProblems, sourceProblems } from "./lib/crate-rules.mjs";
import { interfaceProblems } from "./lib/interface-rules.mjs";

function crate(name, ...dependencies) {
  return {
    packages: [
      { name, dependencies: dependencies.map(([dependency, kind = null]) => ({ name: dependency, kind })) },
    ],
  };
}

test("crates may depend downwards only", () => {
  assert.deepEqual(crateProblems(crate("keyreeve-domain", ["keyreeve-crypto"], ["serde"])), []);
  assert.equal(crateProblems(crate("keyreeve-crypto", ["keyreeve-domain"])).length, 1);
  for (const adapter of ["store", "unlock", "backup"]) {
    assert.equal(crateProblems(crate("keyreeve-app", [`keyreeve-${adapter}`])).length, 1);
    assert.deepEqual(crateProblems(crate("keyreeve-app", [`keyreeve-${adapter}`, "dev"])), []);
    assert.deepEqual(crateProblems(crate("keyreeve-cli", [`keyreeve-${adapter}`])), []);
  }
  assert.equal(crateProblems(crate("keyreeve-store", ["keyreeve-desktop", "dev"])).length, 1);
});

test("a crate that nobody described is a problem", () => {
  assert.equal(crateProblems(crate("keyreeve-new")).length, 1);
});

test("a library with an owner is named by it alone", () => {
  assert.deepEqual(crateProblems(crate("keyreeve-store", ["rusqlite"])), []);
  for (const [name, library] of [
    ["keyreeve-app", "rusqlite"],
    ["keyreeve-cli", "tauri"],
    ["keyreeve-app", "tauri-plugin-dialog"],
    ["keyreeve-cli", "pcsc"],
    ["keyreeve-store", "keyring-core"],
    ["keyreeve-app", "clap"],
  ]) {
    assert.equal(crateProblems(crate(name, [library])).length, 1, `${name} ${library}`);
  }
});

test("pure crates read no clock and no file, except in tests and comments", () => {
  const problems = (text, path = "crates/domain/src/key.rs") => sourceProblems([[path, text]]).length;
  assert.equal(problems("let now = Timestamp::now();"), 1);
  assert.equal(problems("use std::fs::File;"), 1);
  assert.equal(problems("// never Timestamp::now()"), 0);
  assert.equal(problems("fn f() {}\n#[cfg(test)]\nmod tests { fn g() { SystemTime::now(); } }"), 0);
  assert.equal(problems("let now = Timestamp::now();", "crates/cli/src/main.rs"), 0);
});

test("a secret's type derives neither comparison nor copies", () => {
  const problems = (text) => secretProblems([["crates/crypto/src/secret.rs", text]]).length;
  assert.equal(problems("#[derive(ZeroizeOnDrop)]\npub struct Key([u8; 32]);"), 0);
  assert.equal(problems("#[derive(Debug, Clone, PartialEq)]\npub struct Public([u8; 32]);"), 0);
  assert.equal(problems("#[derive(ZeroizeOnDrop, PartialEq, Eq)]\nstruct Key([u8; 32]);"), 1);
  assert.equal(problems("#[derive(\n    Clone,\n    zeroize::Zeroize,\n)]\nstruct Key([u8; 32]);"), 1);
});

test("features import neither each other nor the app", () => {
  const problems = (path, text) => interfaceProblems([[path, text]]).length;
  const keys = "ui/src/features/keys/KeyTable.tsx";
  assert.equal(problems(keys, 'import { a } from "./columns";'), 0);
  assert.equal(problems(keys, 'import { a } from "../../shared/Time";'), 0);
  assert.equal(problems(keys, 'import { a } from "../audit/Log";'), 1);
  assert.equal(problems(keys, 'import "@/features/audit/Log";'), 1);
  assert.equal(problems(keys, 'const a = await import("../audit/Log");'), 1);
  assert.equal(problems(keys, 'import { a } from "../../app/routes";'), 1);
  assert.equal(problems("ui/src/shared/Time.tsx", 'import { a } from "../features/keys/KeyTable";'), 1);
  assert.equal(problems("ui/src/app/App.tsx", 'import { a } from "../features/keys/KeyTable";'), 0);
});

test("only ipc names the platform", () => {
  const line = 'import { invoke } from "@tauri-apps/api/core";';
  assert.equal(interfaceProblems([["ui/src/ipc/call.ts", line]]).length, 0);
  assert.equal(interfaceProblems([["ui/src/shared/call.ts", line]]).length, 1);
  assert.equal(interfaceProblems([["ui/src/main.tsx", line]]).length, 1);
});
