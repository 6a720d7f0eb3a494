// Every screen, in both looks and two sizes: pictures of them in target/screenshots, nothing for axe to find, nothing cut
// off sideways.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { startApp } from "./support/app.mjs";
import { makeChain } from "./support/chain.mjs";
import { makeLook } from "./support/look.mjs";
import { fillSampleVault } from "./support/sample.mjs";
import { tellStory } from "./support/story.mjs";
import { act, go, openKey, passphrase, unlock } from "./support/vault.mjs";

/** An RSA key that is too small for use. */
const SMALL = ["-pkeyopt", "rsa_keygen_bits:1024"];
let app;
const test = tellStory(() => app);
const { look, problems } = makeLook(() => app);

before(async () => {
  app = await startApp();
});
after(async () => {
  // Told here too: after a step that failed, the last one does not run.
  for (const problem of problems) console.error(problem);
  await app?.stop();
});

async function lookAtDialog(name) {
  await app.find({ role: "dialog" });
  await look(name);
  await app.click({ role: "button", name: "Close", within: { role: "dialog" } });
  await app.gone({ role: "dialog" });
}

test("the first run", async () => {
  await look("start");
  await app.click({ testId: "tile-open" });
  await app.find({ testId: "open-path" });
  await look("start-open");
  await app.click({ testId: "tile-restore" });
  await app.find({ testId: "restore-file" });
  await look("restore");
  await app.click({ role: "button", name: "Back" });
  await app.click({ testId: "tile-create" });
  await app.fill({ testId: "vault-name" }, "Team vault");
  await app.fill({ testId: "vault-folder" }, app.home.path);
  await look("create-1-place");
  await app.click({ testId: "create-next" });
  await app.fill({ testId: "create-passphrase" }, "password1");
  await app.waitForText(/Guessed at once|Very weak/);
  await look("create-2-weak");
  await app.fill({ testId: "create-passphrase" }, passphrase);
  await app.fill({ testId: "create-passphrase-again" }, passphrase);
  await app.waitForText("Very strong");
  await look("create-2-passphrase");
  await app.click({ testId: "create-submit" });
  await app.find({ testId: "create-understood" });
  await look("create-3-recovery");
  await app.click({ testId: "create-understood" });
  await app.click({ testId: "create-recovery-next" });
  await app.find({ testId: "audit-public-key" });
  await look("create-4-audit-key");
  await app.click({ testId: "create-done" });
  await app.find({ testId: "shell" });
});

test("an empty vault", async () => {
  await app.waitForText("This vault is empty");
  await look("overview-empty");
  await go(app, "keys");
  await app.waitForText("Your keys will be here");
  await look("keys-empty");
  await go(app, "backups");
  await app.waitForText("A lost disk takes every key with it");
  await look("backups-empty");
  await go(app, "access");
  await look("access");
  await go(app, "settings");
  await look("settings");
});

test("the list of keys, and one key in full", async () => {
  await fillSampleVault(app);
  await app.reload();
  await go(app, "keys");
  await app.waitForText("15 keys", { within: { testId: "keys-total" } });
  await look("keys");
  await openKey(app, "payments-dek");
  for (const tab of ["Overview", "Versions", "Policy", "Distribution", "Activity"]) {
    await app.click({ role: "tab", name: tab });
    await look(`keys-detail-${tab.toLowerCase().replace(" ", "-")}`);
  }
  await app.click({ role: "tab", name: "Overview" });
  await app.click({ testId: "key-menu" });
  await app.find({ testId: "act-revoke" });
  await look("keys-menu");
  await app.press("Escape");
  await openKey(app, "edge-tls");
  await look("keys-detail-public");
  await openKey(app, "staging-ca");
  await look("keys-detail-compromised");
  await app.fill({ testId: "keys-search" }, "nothing-of-this-name");
  await app.waitForText("No key is like that");
  await look("keys-none");
  await app.click({ role: "button", name: "Show all keys" });
});

test("what is decided about a key", async () => {
  await app.click({ testId: "new-key" });
  await lookAtDialog("dialog-new-key");
  await openKey(app, "payments-dek");
  await app.click({ testId: "key-primary-act" });
  await app.find({ testId: "rotation-preview" });
  await lookAtDialog("dialog-rotate");
  for (const name of ["suspend", "revoke", "rename", "edit", "editPolicy"]) {
    await act(app, name);
    await lookAtDialog(`dialog-${name}`);
  }
  await app.click({ testId: "key-export" });
  await lookAtDialog("dialog-export");
  await openKey(app, "payments-dek-retired");
  await act(app, "destroy");
  await lookAtDialog("dialog-destroy");
});

test("what is brought in", async () => {
  const folder = join(app.home.path, "ssh");
  mkdirSync(folder);
  for (const [name, password] of [
    ["id_ed25519", ""],
    ["id_work", "window sparrow ninety ferry"],
    ["id_bastion", ""],
  ]) {
    const file = join(folder, name);
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-C", "me@desk", "-N", password, "-f", file]);
  }
  execFileSync("openssl", ["genpkey", "-algorithm", "RSA", "-out", join(folder, "old.pem"), ...SMALL]);
  writeFileSync(join(folder, "hmac.hex"), `${"5a".repeat(32)}\n`);
  writeFileSync(join(folder, "putty.ppk"), "PuTTY-User-Key-File-1: ssh-rsa\nEncryption: none\n");
  await app.click({ testId: "import-keys" });
  await app.find({ testId: "import-sources" });
  await look("dialog-import");
  await app.fill({ label: "Path of a file or folder" }, folder);
  await app.press("Enter");
  await app.find({ testId: "import-summary" });
  await lookAtDialog("dialog-import-found");
});

test("what is only looked at", async () => {
  const chain = makeChain(join(app.home.path, "tls"));
  await app.click({ testId: "examine-files" });
  await app.find({ testId: "import-sources" });
  await app.fill({ label: "Path of a file or folder" }, chain);
  await app.press("Enter");
  await app.find({ testId: "examined" });
  await app.click({ role: "button", name: "example.org" });
  await look("dialog-examine");
  const other = "Example middle";
  await app.choose({ role: "combobox", name: "Compare with" }, other, { role: "option", name: other });
  await app.waitForText(/differences/, { within: { testId: "examined" } });
  await look("dialog-examine-compare");
  await app.press("Escape");
  await app.gone({ role: "dialog" });
});

test("several keys at once", async () => {
  await app.click({ role: "button", name: "Select all keys" });
  await app.find({ testId: "selection-bar" });
  await look("keys-selected");
  for (const [button, name] of [
    ["Rotate…", "rotate"],
    ["Tag…", "tag"],
    ["Deactivate…", "deactivate"],
  ]) {
    await app.click({ role: "button", name: button, within: { testId: "selection-bar" } });
    await lookAtDialog(`dialog-bulk-${name}`);
  }
  await app.click({ role: "button", name: "Clear", within: { testId: "selection-bar" } });
});

test("audit, backups and the overview of a vault in use", async () => {
  await go(app, "backups");
  await app.click({ testId: "backup-create" });
  await lookAtDialog("dialog-back-up");
  execFileSync("age-keygen", ["-o", join(app.home.path, "identity.txt")], { stdio: "ignore" });
  const [recipient] = readFileSync(join(app.home.path, "identity.txt"), "utf8").match(/age1\w+/);
  await app.core("create_backup", {
    out: join(app.home.path, "Team vault.keyreeve-backup.age"),
    recipients: [recipient],
  });
  await app.reload();
  await go(app, "backups");
  await app.find({ testId: "backup-list" });
  await look("backups");
  await app.click({ testId: "backup-verify" });
  await lookAtDialog("dialog-verify-backup");
  await app.click({ testId: "backup-restore" });
  await lookAtDialog("dialog-restore");
  await go(app, "audit");
  await app.find({ testId: "audit-events" });
  await look("audit");
  await app.click({ testId: "audit-verify" });
  await app.waitForText("Everything is as it was written");
  await look("dialog-audit-verified");
  await app.click({ role: "button", name: "Done" });
  await app.click({ testId: "audit-export" });
  await lookAtDialog("dialog-audit-export");
  await app.click({ css: '[data-testid="audit-events"] button[aria-expanded="false"]', first: true });
  await look("audit-entry");
  await go(app, "overview");
  await app.find({ testId: "needs" });
  await look("overview");
});

test("palette, shortcuts, access and the locked door", async () => {
  await app.press("Control", "k");
  await app.find({ label: "Search for an action" });
  await look("palette");
  await app.press("Escape");
  await app.press("Control", "/");
  await lookAtDialog("shortcuts");
  await go(app, "access");
  await app.click({ testId: "slot-add" });
  await lookAtDialog("dialog-slot-add");
  await app.lock();
  await app.find({ testId: "unlock-passphrase" });
  await look("unlock");
  await app.fill({ testId: "unlock-passphrase" }, "not the one");
  await app.press("Enter");
  await app.find({ css: '[data-testid="unlock-passphrase"][aria-invalid="true"]' });
  await look("unlock-wrong");
  await unlock(app);
});

test("axe found nothing on any of them, and nothing scrolls sideways", () => {
  assert.deepEqual(problems, []);
});
