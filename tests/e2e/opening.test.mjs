// What a file manager does with a backup or a vault: starts the window with its path, also while one is there already.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before } from "node:test";
import { startApp } from "./support/app.mjs";
import { startBus } from "./support/bus.mjs";
import { initVault } from "./support/command-line.mjs";
import { makeHome } from "./support/home.mjs";
import { tellStory } from "./support/story.mjs";
import { go, passphrase, unlock } from "./support/vault.mjs";

const home = makeHome();
const vault = join(home.path, "Mine.keyreeve");
const backup = join(home.path, "Mine 2026-11-24.keyreeve-backup.age");
const inDialog = { role: "dialog" };
let app;
let bus;
const test = tellStory(() => app);

before(async () => {
  await initVault(home, vault, passphrase);
  bus = await startBus(home);
  app = await startApp({ home, args: [backup], environment: { DBUS_SESSION_BUS_ADDRESS: bus.address } });
});
after(async () => {
  await app?.stop();
  await bus?.stop();
  home.remove();
});

test("a window that is started with a backup begins with its restore", async () => {
  assert.equal(await app.value({ testId: "restore-file" }), backup);
});

test("a second start with a vault shows that vault's door in the first window", async () => {
  await app.startAgain([vault]);
  await app.find({ testId: "unlock-passphrase" });
  await app.find({ role: "heading", name: "Mine" });
  await unlock(app);
});

test("while the vault is open a backup asks first, and the vault itself asks nothing", async () => {
  await app.startAgain([vault]);
  await app.startAgain([backup]);
  await app.find({ role: "dialog", name: /^Restore Mine 2026-11-24/ });
  await app.click({ role: "button", name: "Cancel", within: inDialog });
  await app.gone(inDialog);
  await go(app, "keys");
  await app.startAgain([backup]);
  await app.click({ role: "button", name: "Lock and restore…", within: inDialog });
  assert.equal(await app.value({ testId: "restore-file" }), backup);
  assert.equal((await app.core("current_session")).session, null);
});

test("a second start without a path changes nothing", async () => {
  await app.fill({ testId: "vault-name" }, "Half typed");
  await app.startAgain([]);
  assert.equal(await app.value({ testId: "vault-name" }), "Half typed");
});
