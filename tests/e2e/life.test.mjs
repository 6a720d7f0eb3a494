// One life of a vault in the window, from the first run to the restore; each test goes on where the one before ended.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { startApp } from "./support/app.mjs";
import { keyreeve, keyreeveJson } from "./support/command-line.mjs";
import { tellStory } from "./support/story.mjs";
import {
  act,
  algorithms,
  createKey,
  createKeyByCommand,
  createVault,
  decide,
  detailsSay,
  go,
  openKey,
  passphrase,
  unlock,
} from "./support/vault.mjs";

const backupPassphrase = "copper lantern verbatim quay";
const filePassphrase = "window sparrow ninety ferry";
let app;
const test = tellStory(() => app);
let vault;
const inHome = (name) => join(app.home.path, name);

before(async () => {
  app = await startApp();
});
after(() => app?.stop());

test("a first run makes a vault and says what to know of it", async () => {
  vault = await createVault(app, { name: "Team vault" });
  await app.waitForText("This vault is empty");
  await app.waitForText("No backup yet", { within: { role: "contentinfo" } });
  const status = await keyreeveJson(app.home, ["status"], { vault });
  assert.equal(status.vault?.path ?? status.path, vault, "the command line sees the same vault");
});

test("a key of every algorithm is made: half in the window, half by command on the open vault", async () => {
  await go(app, "keys");
  for (const [index, [algorithm, purpose]] of algorithms.entries()) {
    const key = { name: `key-${algorithm}`, purpose, algorithm, exportable: true };
    if (index % 2 === 0) await createKey(app, key);
    else await createKeyByCommand(app, vault, key);
  }
  await app.reload();
  await go(app, "keys");
  await app.waitForText("23 keys", { within: { testId: "keys-total" } });
  for (const name of ["key-aes-192-gcm", "key-ed25519"]) await app.find({ testId: `key-row-${name}` });
  const listed = await keyreeveJson(app.home, ["key", "list", "--limit", "100"], { vault, passphrase });
  const words = (name, purpose, algorithm) => `${name} ${purpose} ${algorithm}`;
  assert.deepEqual(
    listed.keys.map(({ name, purpose, algorithm }) => words(name, purpose, algorithm)).sort(),
    algorithms.map(([algorithm, purpose]) => words(`key-${algorithm}`, purpose, algorithm)).sort(),
    "the command line sees what the window made",
  );
});

test("the search finds keys as one types, and says when there is none", async () => {
  await app.fill({ testId: "keys-search" }, "key-ml");
  await app.waitForText("6 keys", { within: { testId: "keys-total" } });
  await app.fill({ testId: "keys-search" }, "key-ml dsa-87");
  await app.waitForText("1 key", { within: { testId: "keys-total" } });
  await app.fill({ testId: "keys-search" }, "nothing-of-this-name");
  await app.waitForText("No key is like that");
  await app.click({ role: "button", name: "Show all keys" });
  await app.waitForText("23 keys", { within: { testId: "keys-total" } });
  assert.equal(await app.value({ testId: "keys-search" }), "");
});

test("rotating shows what will come of it, and makes a new primary version", async () => {
  await openKey(app, "key-aes-256-gcm");
  await app.click({ testId: "key-primary-act" });
  await app.find({ testId: "rotation-preview" });
  await app.fill({ label: "Reason" }, "yearly");
  await decide(app, "Rotate");
  await app.waitForText("version 2 is primary", { within: { testId: "key-summary" } });
  await app.click({ role: "tab", name: "Versions" });
  await app.waitForText("Active", { within: { testId: "version-2" } });
  await app.waitForText("Deactivated", { within: { testId: "version-1" } });
  await app.click({ role: "tab", name: "Overview" });
});

test("a suspended key is paused, and resumed", async () => {
  await act(app, "suspend");
  await decide(app, "Suspend");
  await detailsSay(app, "Suspended");
  await app.click({ testId: "key-primary-act" });
  await app.fill({ label: "Your passphrase" }, "not the one");
  await app.click({ role: "button", name: "Resume", within: { role: "dialog" } });
  await app.waitForText("That is not the passphrase.", { within: { role: "dialog" } });
  await app.fill({ label: "Your passphrase" }, passphrase);
  await decide(app, "Resume");
  await detailsSay(app, "Active");
});

test("revoking asks what happened, proposes a rotation, and shows", async () => {
  await openKey(app, "key-rsa-3072");
  await act(app, "revoke");
  const verb = { role: "button", name: "Revoke", within: { role: "dialog" } };
  assert.equal(await (await app.find(verb)).isEnabled(), false, "not without a reason");
  await app.fill({ label: /What happened/ }, "laptop stolen");
  await app.click(verb);
  await app.find({ role: "dialog", name: "Rotate key-rsa-3072" });
  await decide(app, "Cancel");
  await detailsSay(app, "Compromised");
  await detailsSay(app, "laptop stolen");
  await app.find({ role: "button", name: /^Compromised,? 1$/ });
});

test("destruction wants the name typed, waits, and can be cancelled", async () => {
  await openKey(app, "key-hmac-sha256");
  await act(app, "deactivate");
  await decide(app, "Deactivate");
  await detailsSay(app, "Deactivated");
  await act(app, "destroy");
  const verb = { role: "button", name: "Schedule destruction", within: { role: "dialog" } };
  const typed = { label: /Type .* to confirm/ };
  await app.fill(typed, "key-hmac-sha25");
  assert.equal(await (await app.find(verb)).isEnabled(), false, "not with another name");
  await app.type(typed, "6");
  await app.fill({ label: "Wait" }, "6");
  await app.waitForText("Between 7 and 90 days.");
  assert.equal(await (await app.find(verb)).isEnabled(), false, "not sooner than in 7 days");
  await app.fill({ label: "Wait" }, "7");
  await app.click(verb);
  await app.gone({ role: "dialog" });
  await app.find({ role: "button", name: /^To be destroyed,? 1$/ });
  await app.click({ testId: "key-primary-act" });
  await decide(app, "Keep");
  await detailsSay(app, "Deactivated");
  await app.find({ role: "button", name: /^To be destroyed,? 0$/ });
});

test("a private key goes into a file that OpenSSL opens, after the passphrase was asked again", async () => {
  const file = inHome("exported.pem");
  await openKey(app, "key-ec-p256");
  await app.click({ testId: "key-export" });
  await app.click({ testId: "export-deploy" });
  await app.choose({ testId: "export-format" }, "pkcs8-pem");
  await app.fill({ label: "Passphrase of the file" }, filePassphrase);
  await app.fill({ label: "Passphrase of the file, again" }, filePassphrase);
  await app.fill({ label: "File" }, file);
  await app.fill({ label: "Your passphrase" }, "not the one");
  await app.click({ role: "button", name: "Export", within: { role: "dialog" } });
  await app.waitForText("That is not the passphrase.");
  assert.throws(() => statSync(file), "nothing is written before the right passphrase");
  await app.fill({ label: "Your passphrase" }, passphrase);
  await app.click({ role: "button", name: "Export", within: { role: "dialog" } });
  await app.find({ testId: "result" });
  await decide(app, "Done");

  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.match(readFileSync(file, "utf8"), /^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
  const fromPrivate = openssl(["pkey", "-in", file, "-passin", `pass:${filePassphrase}`, "-pubout"]);

  await app.click({ testId: "key-export" });
  await app.click({ testId: "export-share" });
  await app.choose({ testId: "export-format" }, "spki-pem");
  await app.fill({ label: "File" }, file);
  await app.click({ role: "button", name: "Export", within: { role: "dialog" } });
  await app.find({ testId: "error", within: { role: "dialog" } });
  assert.match(readFileSync(file, "utf8"), /ENCRYPTED/, "a file that exists is not overwritten");
  await app.fill({ label: "File" }, inHome("public.pem"));
  await app.click({ role: "button", name: "Export", within: { role: "dialog" } });
  await app.find({ testId: "result" });
  await decide(app, "Done");
  assert.equal(readFileSync(inHome("public.pem"), "utf8"), fromPrivate);
});

test("the audit log verifies, in the vault and as an exported file", async () => {
  await go(app, "audit");
  await app.click({ testId: "audit-verify" });
  await app.waitForText(/all \d+ entries are as they were written/);
  await decide(app, "Done");
  await app.waitForText("Log verified", { within: { role: "contentinfo" } });
  await app.click({ testId: "audit-export" });
  await app.fill({ label: "File" }, inHome("log.jsonl"));
  await app.click({ role: "button", name: "Export", within: { role: "dialog" } });
  await app.find({ testId: "result", within: { role: "dialog" } });
  await decide(app, "Done");
  const log = readFileSync(inHome("log.jsonl"), "utf8");
  assert.match(log, /laptop stolen/);
  assert.doesNotMatch(log, new RegExp(`${passphrase}|${filePassphrase}`));
  const verified = await keyreeveJson(app.home, ["audit", "verify", inHome("log.jsonl")]);
  assert.equal(verified.ok, true);
});

test("a backup is made, restore-tested, and listed as good", async () => {
  await go(app, "backups");
  await app.click({ testId: "backup-create" });
  await app.fill({ testId: "backup-file" }, inHome("team.keyreeve-backup.age"));
  await app.fill({ label: "Passphrase of the backup" }, backupPassphrase);
  await app.fill({ label: "Passphrase of the backup, again" }, backupPassphrase);
  await app.click({ role: "button", name: "Back up", within: { role: "dialog" } });
  await app.waitForText("Restore-tested: every key is in it");
  await app.waitForText("23 keys", { within: { role: "dialog" } });
  await decide(app, "Done");
  await app.waitForText("Verified", { within: { testId: "backup-list" } });
  await app.waitForText("opens with a passphrase", { within: { testId: "backup-list" } });
  const head = readFileSync(inHome("team.keyreeve-backup.age")).subarray(0, 21).toString();
  assert.equal(head, "age-encryption.org/v1");
});

test("locked, nothing of the vault is left to see", async () => {
  await app.lock();
  const left = await app.driver.executeScript(() => document.documentElement.outerHTML);
  assert.doesNotMatch(left, /key-|laptop stolen/);
  const refused = await keyreeve(app.home, ["key", "list"], { vault, passphrase: "not the one" });
  assert.equal(refused.code, 3);
});

test("a wrong passphrase is said where it was typed, and the right one opens", async () => {
  await app.fill({ testId: "unlock-passphrase" }, "ledger brass tulip orbiT");
  await app.press("Enter");
  await app.waitForText("Check the keyboard layout and Caps Lock");
  assert.equal((await app.focused()).testId, "unlock-passphrase");
  await unlock(app);
  await go(app, "keys");
  await app.waitForText("23 keys", { within: { testId: "keys-total" } });
});

test("the backup is restored into a vault of its own, which opens", async () => {
  await app.lock();
  await app.click({ role: "button", name: "Restore a backup…" });
  await app.fill({ testId: "restore-file" }, inHome("team.keyreeve-backup.age"));
  await app.fill({ testId: "opener-passphrase" }, "not the one");
  await app.fill({ testId: "vault-name" }, "Restored");
  await app.fill({ testId: "vault-folder" }, app.home.path);
  await app.click({ testId: "restore-submit" });
  await app.find({ css: '[data-testid="opener-passphrase"][aria-invalid="true"]' });
  await app.fill({ testId: "opener-passphrase" }, backupPassphrase);
  await app.click({ testId: "restore-submit" });
  await app.click({ testId: "restored-unlock" });
  await unlock(app);
  await app.waitForText("Restored", { within: { role: "contentinfo" } });
  await go(app, "keys");
  await app.waitForText("23 keys", { within: { testId: "keys-total" } });
  await openKey(app, "key-aes-256-gcm");
  await app.waitForText("version 2 is primary", { within: { testId: "key-summary" } });
  const original = await keyreeveJson(app.home, ["key", "list"], { vault, passphrase });
  assert.equal(original.total, 23, "the vault that was backed up is as it was");
});

function openssl(args) {
  return execFileSync("openssl", args, { encoding: "utf8", env: app.home.environment });
}
