// A key handed over in the real window, opened with age; the check-list after its rotation; and a package for a key service.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { startApp } from "./support/app.mjs";
import { initVault, keyreeveJson } from "./support/command-line.mjs";
import { makeHome } from "./support/home.mjs";
import { makeLook } from "./support/look.mjs";
import { tellStory } from "./support/story.mjs";
import { decide, go, openKey, passphrase, unlock } from "./support/vault.mjs";

const home = makeHome();
const vault = join(home.path, "Team vault.keyreeve");
const identity = join(home.path, "ann.txt");
const host = join(home.path, "web-1");
const sealed = join(home.path, "deploy.sealed");
let app;
let ann;
const test = tellStory(() => app);
const { look, problems } = makeLook(() => app);

const tool = (program, ...words) =>
  execFileSync(program, words, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

before(async () => {
  tool("age-keygen", "-o", identity);
  ann = tool("age-keygen", "-y", identity).trim();
  tool("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "root at web-1", "-f", host);
  await initVault(home, vault, passphrase);
  const key = ["--name", "deploy-ssh", "--algorithm", "ed25519", "--purpose", "authenticate", "--exportable"];
  await keyreeveJson(home, ["key", "create", ...key, "--where-used", "host=build-7"], { vault, passphrase });
  const other = ["--name", "payments", "--algorithm", "aes-256-gcm", "--purpose", "encrypt", "--exportable"];
  await keyreeveJson(home, ["key", "create", ...other], { vault, passphrase });
  app = await startApp({ home, args: [vault] });
  await unlock(app);
  await go(app, "keys");
  await openKey(app, "deploy-ssh");
});

after(async () => {
  for (const problem of problems) console.error(problem);
  await app?.stop();
  home.remove();
});

const showTab = (name) => app.click({ role: "tab", name });

test("a private key among the recipients is refused, and nothing is written", async () => {
  await app.click({ testId: "key-export" });
  await app.click({ testId: "export-send" });
  await app.fill({ testId: "export-recipients" }, `${ann}\n${identity}`);
  await app.fill({ label: "File" }, sealed);
  await app.fill({ label: "Your passphrase" }, passphrase);
  await app.click({ role: "button", name: "Encrypt and write", within: { role: "dialog" } });
  await app.find({ css: '[role="dialog"] [data-testid="error"][data-code="bad_recipient"]' });
  await look("dialog-hand-over-refused");
  assert.ok(!existsSync(sealed));
  const shown = await app.text({ role: "dialog" });
  assert.ok(!shown.includes("AGE-SECRET-KEY"), "the private key is not repeated");
});

test("the file opens for each recipient", async () => {
  await app.fill({ testId: "export-recipients" }, `${ann}\n${host}.pub`);
  await app.fill({ label: "Your passphrase" }, passphrase);
  await look("dialog-hand-over");
  await app.click({ role: "button", name: "Encrypt and write", within: { role: "dialog" } });
  await app.waitForText("root at web-1", { within: { testId: "export-recipients-list" } });
  await look("dialog-hand-over-done");
  await decide(app, "Done");
  const opened = [identity, host].map((key) => tool("age", "--decrypt", "--identity", key, sealed));
  assert.equal(opened[0], opened[1]);
  assert.match(opened[0], /^-----BEGIN OPENSSH PRIVATE KEY-----/);
  // It is the key whose public half the vault shows.
  const file = join(home.path, "opened");
  writeFileSync(file, opened[0], { mode: 0o600 });
  const { key } = await keyreeveJson(home, ["key", "show", "deploy-ssh"], { vault, passphrase });
  assert.ok(tool("ssh-keygen", "-lf", file).includes(key.versions[0].fingerprints["ssh-sha256"]));
});

test("after a rotation the check-list names who has the old version, until it is ticked off", async () => {
  await showTab("Distribution");
  await app.waitForText("1 holder not known to have version 1.", {
    within: { testId: "distribution-summary" },
  });
  await look("distribution");
  await app.click({ testId: "key-primary-act" });
  await app.waitForText("root at web-1", { within: { testId: "where-used-list" } });
  await look("dialog-rotate-holders");
  await decide(app, "Rotate");
  await app.waitForText("3 holders not known to have version 2.", {
    within: { testId: "distribution-summary" },
  });
  await look("distribution-behind");
  await app.click({ role: "button", name: /^root at web-1 has version 2/ });
  await app.waitForText("2 holders not known", { within: { testId: "distribution-summary" } });
  await app.click({ role: "button", name: /needs it no more$/, within: { css: "li:has(.kr-mono)" } });
  await app.waitForText("1 holder not known", { within: { testId: "distribution-summary" } });
  await app.click({ role: "button", name: /^build-7 .* has version 2/ });
  await app.waitForText("All have version 2.", { within: { testId: "distribution-summary" } });
  await showTab("Activity");
  await app.waitForText("needs it no more", { within: { testId: "key-activity" } });
  const said = await keyreeveJson(home, ["key", "distribution", "deploy-ssh"], { vault, passphrase });
  assert.equal(said.behind, 0);
  assert.equal(readFileSync(sealed, "utf8").includes("AGE ENCRYPTED FILE"), true);
});

test("a package for AWS is what AWS opens, with its import token beside it", async () => {
  const wrapping = join(home.path, "wrapping.pem");
  tool("openssl", "genrsa", "-out", wrapping, "2048");
  const der = execFileSync("openssl", ["rsa", "-in", wrapping, "-pubout", "-outform", "DER"], {
    stdio: "pipe",
  });
  const parameters = join(home.path, "parameters.json");
  const token = Buffer.from("what AWS wants back");
  const given = { KeyId: "alias/payments", ImportToken: token.toString("base64") };
  writeFileSync(parameters, JSON.stringify({ ...given, PublicKey: der.toString("base64") }));
  const out = join(home.path, "payments.bin");

  await openKey(app, "payments");
  await app.click({ testId: "key-export" });
  await app.click({ testId: "export-service" });
  await app.waitForText("aws kms get-parameters-for-import", { within: { role: "dialog" } });
  await look("dialog-key-service");
  await app.fill({ testId: "service-wrapping-key" }, identity);
  await app.fill({ label: "Package" }, out);
  await app.fill({ label: "Your passphrase" }, passphrase);
  await app.click({ role: "button", name: "Wrap and write", within: { role: "dialog" } });
  await app.find({ css: '[role="dialog"] [data-testid="error"][data-code="bad_input_file"]' });
  assert.ok(!existsSync(out));
  await look("dialog-key-service-refused");

  await app.fill({ testId: "service-wrapping-key" }, parameters);
  await app.fill({ label: "Your passphrase" }, passphrase);
  await app.click({ role: "button", name: "Wrap and write", within: { role: "dialog" } });
  await app.waitForText("--key-id alias/payments", { within: { testId: "result" } });
  await look("dialog-key-service-done");
  await decide(app, "Done");
  assert.deepEqual(readFileSync(`${out}.import-token`), token);
  const root = join(import.meta.dirname, "../..");
  const reader = join(root, "tests/independent/unwrap_byok.py");
  const opened = tool(
    join(root, ".venv/bin/python3"),
    reader,
    "aws-kms",
    "RSAES_OAEP_SHA_256",
    wrapping,
    out,
  );
  const raw = join(home.path, "payments.hex");
  const format = ["--format", "hex", "--plaintext", "--out", raw];
  await keyreeveJson(home, ["key", "export", "payments", ...format], { vault, passphrase });
  assert.equal(opened.trim(), readFileSync(raw, "utf8").trim());
});

test("a certificate of OpenPGP is pasted, and GnuPG opens what is for it", async () => {
  const gpg = (...words) =>
    tool("gpg", "--homedir", join(home.path, "gnupg"), "--batch", "--quiet", ...words);
  mkdirSync(join(home.path, "gnupg"), { mode: 0o700 });
  try {
    gpg("--passphrase", "", "--quick-gen-key", "Ann <ann@example.org>", "default", "default", "never");
    const message = join(home.path, "payments.asc");
    await app.click({ testId: "key-export" });
    await app.click({ testId: "export-send" });
    await app.choose({ testId: "export-format" }, "hex");
    await app.fill({ testId: "export-recipients" }, gpg("--armor", "--export"));
    await app.fill({ label: "File" }, message);
    await app.fill({ label: "Your passphrase" }, passphrase);
    await look("dialog-hand-over-openpgp");
    await app.click({ role: "button", name: "Encrypt and write", within: { role: "dialog" } });
    await app.waitForText("Ann <ann@example.org>", { within: { testId: "export-recipients-list" } });
    await decide(app, "Done");
    assert.equal(gpg("--decrypt", message), readFileSync(join(home.path, "payments.hex"), "utf8"));
  } finally {
    tool("gpgconf", "--homedir", join(home.path, "gnupg"), "--kill", "all");
  }
});
