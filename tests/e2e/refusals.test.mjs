// What goes wrong: every refusal says why and what to do, and nothing is lost or half-done.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { startApp } from "./support/app.mjs";
import { keyreeveJson } from "./support/command-line.mjs";
import { tellStory } from "./support/story.mjs";
import { createKey, createVault, decide, fillNewKey, go, passphrase, unlock } from "./support/vault.mjs";

let app;
const test = tellStory(() => app);
let vault;
const inHome = (name) => join(app.home.path, name);
const inDialog = { role: "dialog" };

before(async () => {
  app = await startApp();
});
after(() => app?.stop());

test("a weak passphrase is not taken, and is told why", async () => {
  await app.click({ testId: "tile-create" });
  await app.fill({ testId: "vault-name" }, "Refusals");
  await app.fill({ testId: "vault-folder" }, app.home.path);
  await app.click({ testId: "create-next" });
  await app.fill({ testId: "create-passphrase" }, "password1");
  await app.waitForText(/Guessed at once|Very weak/);
  await app.fill({ testId: "create-passphrase-again" }, "password1");
  assert.equal(await (await app.find({ testId: "create-submit" })).isEnabled(), false);
  await app.fill({ testId: "create-passphrase" }, passphrase);
  await app.waitForText("Very strong");
  await app.click({ testId: "create-submit" });
  await app.waitForText("The two are not the same.");
  assert.deepEqual(
    readdirSync(app.home.path).filter((name) => name.endsWith(".keyreeve")),
    [],
  );
  await app.reload();
  vault = await createVault(app, { name: "Refusals" });
});

test("a vault is never made over something that is there", async () => {
  await app.lock();
  await app.click({ role: "button", name: "Open another vault…" });
  await app.click({ testId: "tile-create" });
  await app.fill({ testId: "vault-name" }, "Refusals");
  await app.fill({ testId: "vault-folder" }, app.home.path);
  await app.click({ testId: "create-next" });
  await app.fill({ testId: "create-passphrase" }, passphrase);
  await app.fill({ testId: "create-passphrase-again" }, passphrase);
  await app.click({ testId: "create-submit" });
  await app.find({ testId: "error" });
  await app.reload();
  await unlock(app);
});

test("a second key of the same name is refused at the field, in any case of its letters", async () => {
  await go(app, "keys");
  await createKey(app, { name: "twin" });
  await app.click({ testId: "new-key" });
  await fillNewKey(app, { name: "twin" });
  await app.click({ role: "button", name: "Create", within: inDialog });
  await app.waitForText("Another key has this name.", { within: inDialog });
  await decide(app, "Cancel");
  await app.waitForText("1 key", { within: { testId: "keys-total" } });
});

test("names of every script are kept as they are; control characters and 10,000 letters are refused", async () => {
  for (const name of ["ключ-🔐-鍵", "مفتاح الخادم", "e\u0301-composed"]) {
    await app.click({ testId: "new-key" });
    await app.fill({ testId: "new-key-name" }, name);
    await app.click({ role: "button", name: "Create", within: inDialog });
    await app.gone(inDialog);
    await app.waitForText(name.normalize("NFC"), { within: { css: "#key-detail-title" } });
  }
  for (const name of ["bell\u0007", "hidden\u202Egnp.exe", "x".repeat(10_000)]) {
    await app.click({ testId: "new-key" });
    await app.fill({ testId: "new-key-name" }, name);
    await app.click({ role: "button", name: "Create", within: inDialog });
    // Said at the field, where it is put right.
    await app.find({ css: '[data-testid="new-key-name"][aria-invalid="true"]' });
    const message = await app.waitForText("Choose another name", { within: inDialog });
    assert.ok(message.length < 2_000, "the refusal does not repeat the whole name");
    assert.deepEqual(await app.all({ testId: "error", within: inDialog }), []);
    await decide(app, "Cancel");
  }
  await app.waitForText("4 keys", { within: { testId: "keys-total" } });
  const overflow = await app.driver.executeScript(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  assert.equal(overflow, 0, "nothing scrolls sideways");
});

test("300 keys are made at once; a hundred thousand are stopped, and none of them stays", async () => {
  await makeMany("many", "300");
  await app.gone(inDialog);
  await app.waitForText("304 keys", { within: { testId: "keys-total" } });
  await makeMany("too-many", "100000");
  await app.find({ testId: "job-progress" });
  await app.click({ role: "button", name: "Stop" });
  await app.waitForText(/stopped|cancelled/i, { within: inDialog });
  await decide(app, "Cancel");
  await app.waitForText("304 keys", { within: { testId: "keys-total" } });
  await app.fill({ testId: "keys-search" }, "many-000300");
  await app.waitForText("1 key", { within: { testId: "keys-total" } });
  await app.fill({ testId: "keys-search" }, "");
});

test("what another program changes is there when the page is loaded again, and nothing is overwritten", async () => {
  await app.fill({ testId: "keys-search" }, "twin");
  await app.click({ testId: "key-row-twin" });
  await app.waitForText("version 1 is primary", { within: { testId: "key-summary" } });
  const seen = (await app.core("show_key", { key: "twin" })).key;
  await keyreeveJson(app.home, ["key", "rotate", "twin"], { vault, passphrase });
  const late = { key: seen.id, expectedRevision: seen.revision };
  assert.equal((await app.coreError("suspend_key", late)).code, "stale");
  await app.reload();
  await go(app, "keys");
  await app.fill({ testId: "keys-search" }, "twin");
  await app.click({ testId: "key-row-twin" });
  await app.waitForText("version 2 is primary", { within: { testId: "key-summary" } });
});

test("a backup is not written over a file, nor where there is no folder", async () => {
  writeFileSync(inHome("taken.keyreeve-backup.age"), "mine");
  await go(app, "backups");
  for (const file of [inHome("taken.keyreeve-backup.age"), inHome("no-such-folder/backup.age")]) {
    await app.click({ testId: "backup-create" });
    await fillBackup(file);
    await app.find({ testId: "error", within: inDialog });
    await decide(app, "Cancel");
  }
  assert.equal(readFileSync(inHome("taken.keyreeve-backup.age"), "utf8"), "mine");
});

test("a backup that is cut short, or none at all, is not restored, and leaves no vault behind", async () => {
  const file = inHome("good.keyreeve-backup.age");
  await app.click({ testId: "backup-create" });
  await fillBackup(file);
  await app.waitForText("Restore-tested: every key is in it");
  await decide(app, "Done");
  const size = readFileSync(file).length;
  truncateSync(file, size - 1000);
  writeFileSync(inHome("photo.age"), Buffer.alloc(5000, 7));
  writeFileSync(inHome("empty.age"), "");
  await app.lock();
  await app.click({ role: "button", name: "Restore a backup…" });
  for (const bad of [file, inHome("photo.age"), inHome("empty.age"), inHome("nowhere.age")]) {
    await app.fill({ testId: "restore-file" }, bad);
    await app.fill({ testId: "opener-passphrase" }, passphrase);
    await app.fill({ testId: "vault-name" }, "Half");
    await app.fill({ testId: "vault-folder" }, app.home.path);
    await app.click({ testId: "restore-submit" });
    const message = await app.text(await app.find({ testId: "error" }));
    assert.match(message, /\.[^.]+\.$/, `${bad}: what happened, and what to do`);
    assert.equal(readdirSync(app.home.path).filter((name) => name.startsWith("Half")).length, 0);
  }
});

test("a vault that is gone from its place is said to be gone, and opens when it is back", async () => {
  renameSync(vault, `${vault}.away`);
  await app.reload();
  await app.find({ testId: "error" });
  renameSync(`${vault}.away`, vault);
  await app.click({ role: "button", name: "Try again" });
  await unlock(app);
  await go(app, "keys");
  await app.waitForText("304 keys", { within: { testId: "keys-total" } });
});

async function makeMany(name, count) {
  await app.click({ testId: "new-key" });
  await fillNewKey(app, { name });
  await app.click({ role: "button", name: "Owner, note, activation, several at once" });
  await app.fill({ testId: "new-key-count" }, count);
  await app.click({ role: "button", name: /^Create [\d,]+ keys$/, within: inDialog });
}

async function fillBackup(file) {
  await app.fill({ testId: "backup-file" }, file);
  await app.fill({ label: "Passphrase of the backup" }, passphrase);
  await app.fill({ label: "Passphrase of the backup, again" }, passphrase);
  await app.click({ role: "button", name: "Back up", within: inDialog });
}
