// What is changed about the ways in and the key behind them, in the real window: remove, rotate.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { startApp } from "./support/app.mjs";
import { initVault, keyreeve, keyreeveJson } from "./support/command-line.mjs";
import { makeHome } from "./support/home.mjs";
import { makeLook } from "./support/look.mjs";
import { tellStory } from "./support/story.mjs";
import { secretsOfVault } from "./support/traces.mjs";
import { go, passphrase, unlock } from "./support/vault.mjs";

/** What a new passphrase costs on this computer; those of the vault cost 3. */
const PASSES = 7;
const deputys = "violet harbour plum ladder";
const home = makeHome();
const vault = join(home.path, "Team vault.keyreeve");
let app;
const test = tellStory(() => app);
const { look, problems } = makeLook(() => app);

before(async () => {
  await initVault(home, vault, passphrase);
  const cheap = ["--kdf-memory-kib", "65536", "--kdf-passes", "3"];
  await keyreeveJson(home, ["slot", "add", "passphrase", "--name", "Deputy", ...cheap], {
    vault,
    passphrase,
    newPassphrase: deputys,
  });
  const batch = ["--name", "database", "--algorithm", "aes-256-gcm", "--purpose", "encrypt", "--count", "20"];
  await keyreeveJson(home, ["key", "create", ...batch], { vault, passphrase });
  app = await startApp({ home, args: [vault], environment: { KEYREEVE_KDF_PASSES: String(PASSES) } });
  await unlock(app);
  await go(app, "access");
});

after(async () => {
  for (const problem of problems) console.error(problem);
  await app?.stop();
  home.remove();
});

async function begin(name) {
  await app.click({ role: "button", name });
  await app.find({ role: "dialog" });
}

async function end(verb) {
  await app.click({ role: "button", name: verb, within: { role: "dialog" } });
}

async function slots() {
  return (await app.core("list_slots")).slots.map(({ name }) => name);
}

/** The cost of the slot “Deputy”, as the file says it. */
function deputysCost() {
  const { slots } = JSON.parse(readFileSync(join(vault, "header.json"), "utf8")).body;
  const { memoryKib, timeCost } = slots.find(({ name }) => name === "Deputy").kdf;
  return memoryKib * timeCost;
}

/** The material key, and the value of every key by its name and version, as another program reads them. */
async function inside() {
  const { MK, ...others } = await secretsOfVault(vault, passphrase);
  const isValue = ([name]) => /^database-\d+ \d+ key$/.test(name);
  return { MK, values: Object.fromEntries(Object.entries(others).filter(isValue)) };
}

test("a passphrase that is cheap to guess is made costlier", async () => {
  const before = deputysCost();
  await app.find({ role: "button", name: "Strengthen “Deputy”…" });
  await look("access-strengthen");
  await begin("Strengthen “Deputy”…");
  await app.fill({ label: "Passphrase of “Deputy”" }, passphrase);
  await end("Strengthen");
  await app.waitForText("That is not its passphrase.", { within: { role: "dialog" } });
  await look("dialog-slot-strengthen");
  assert.equal(deputysCost(), before);
  await app.fill({ label: "Passphrase of “Deputy”" }, deputys);
  await end("Strengthen");
  await app.gone({ role: "dialog" });
  await app.gone({ role: "button", name: "Strengthen “Deputy”…" });
  assert.equal(deputysCost() / before, PASSES / 3);
  const [event] = (await app.core("list_events", { limit: 1 })).events;
  assert.equal(event.action, "slot.recalibrate");
  // The passphrase is the same as before.
  const opened = await keyreeveJson(home, ["slot", "list", "--slot", "Deputy"], {
    vault,
    passphrase: deputys,
  });
  assert.equal(opened.slots.length, 2);
});

test("a way in is removed, and the material key with what it knew", async () => {
  const before = await inside();
  assert.equal(Object.keys(before.values).length, 20);
  await begin("Remove “Deputy”…");
  await app.fill({ label: "Your passphrase" }, "not the one");
  await end("Remove");
  await app.waitForText(/opens no slot|not.*passphrase/i, { within: { role: "dialog" } });
  await look("dialog-slot-remove");
  assert.deepEqual((await slots()).toSorted(), ["Deputy", "Passphrase"]);
  await app.fill({ label: "Your passphrase" }, passphrase);
  await end("Remove");
  await app.gone({ role: "dialog" });
  await app.gone({ testId: "slot-Deputy" });
  assert.deepEqual(await slots(), ["Passphrase"]);
  await app.waitForText(/rotated/, { within: { testId: "material-key" } });
  const refused = await keyreeve(home, ["key", "list"], { vault, passphrase: deputys });
  assert.notEqual(refused.code, 0);
  const after = await inside();
  assert.notEqual(after.MK, before.MK);
  assert.deepEqual(after.values, before.values, "the keys themselves stay as they were");
});

test("the material key is rotated by itself", async () => {
  const before = (await app.core("list_slots")).materialKeyRotatedAt;
  await begin("Rotate the material key…");
  await app.fill({ label: "Reason, for the audit log" }, "a laptop was stolen");
  await app.fill({ label: "Your passphrase" }, passphrase);
  await look("dialog-material-key");
  await end("Rotate");
  await app.waitForText("20 keys wrapped anew", { within: { role: "dialog" } });
  await look("dialog-material-key-done");
  await app.press("Escape");
  await app.gone({ role: "dialog" });
  const { materialKeyRotatedAt } = await app.core("list_slots");
  assert.ok(materialKeyRotatedAt > before, `${materialKeyRotatedAt} after ${before}`);
  await look("access-material-key");
});

test("all of it is in the log, which verifies, and the vault opens as before", async () => {
  const { events } = await app.core("list_events", { limit: 100 });
  const actions = events.map(({ action }) => action);
  for (const action of ["slot.remove", "vault.rotate_material_key"]) {
    assert.ok(actions.includes(action), `${action} among ${[...new Set(actions)].join()}`);
  }
  const verified = await keyreeveJson(home, ["audit", "verify"], { vault, passphrase });
  assert.equal(verified.ok, true);
  await app.lock();
  await unlock(app);
});

test("nothing on these screens is wrong to axe, or cut off", () => {
  assert.deepEqual(problems, []);
});
