// Whoever leaves the computer leaves no vault open: it sleeps, the screen is locked, another person sits down, or another
// program asks for it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { after, before } from "node:test";
import { startApp } from "./support/app.mjs";
import { startBus } from "./support/bus.mjs";
import { initVault, keyreeveJson } from "./support/command-line.mjs";
import { makeHome } from "./support/home.mjs";
import { startLogind } from "./support/logind.mjs";
import { tellStory } from "./support/story.mjs";
import { go, passphrase, unlock } from "./support/vault.mjs";

const home = makeHome();
const vault = join(home.path, "Left.keyreeve");
let app;
let bus;
let logind;
const test = tellStory(() => app);

before(async () => {
  await initVault(home, vault, passphrase);
  bus = await startBus(home);
  logind = await startLogind(home);
});
after(async () => {
  await app?.stop();
  await logind?.stop();
  await bus?.stop();
  home.remove();
});

const lockFromOutside = () => keyreeveJson(home, ["lock"]);

function screenLocks() {
  execFileSync("dbus-send", [
    ...[`--bus=${bus.address}`, "--type=signal", "/org/gnome/ScreenSaver"],
    ...["org.gnome.ScreenSaver.ActiveChanged", "boolean:true"],
  ]);
}

async function newestLock() {
  const { events } = await keyreeveJson(home, ["audit", "list"], { vault, passphrase });
  return events.find(({ action, source }) => action === "vault.lock" && source === "gui").details.why;
}

test("`keyreeve lock` locks the vault that the window has open, and says so", async () => {
  assert.deepEqual(await lockFromOutside(), { window: false, locked: false });
  const environment = { DBUS_SESSION_BUS_ADDRESS: bus.address, ...logind.environment };
  app = await startApp({ home, args: [vault], environment });
  assert.deepEqual(await lockFromOutside(), { window: true, locked: false });
  await unlock(app);
  assert.deepEqual(await lockFromOutside(), { window: true, locked: true });
  assert.equal((await app.core("current_session")).session, null, "the answer comes after the lock");
  await app.find({ testId: "unlock" });
  assert.equal(await newestLock(), "outside");
});

test("the vault locks when the screen does", async () => {
  await unlock(app);
  screenLocks();
  await app.find({ testId: "unlock" });
  assert.equal(await newestLock(), "screen");
});

test("sleep is held back until the vault is locked, each time", async () => {
  for (let time = 0; time < 2; time += 1) {
    await logind.say("await-delay");
    await unlock(app);
    // Answered once nobody holds it back any more: the vault is locked by then, and not only soon after.
    await logind.say("sleep");
    assert.equal((await app.core("current_session")).session, null);
    await app.find({ testId: "unlock" });
    assert.equal(await newestLock(), "sleep");
    await logind.say("wake");
  }
});

test("the vault locks with the session, and when another person's is in front", async () => {
  for (const [word, why] of [
    ["lock", "screen"],
    ["switch", "user_switch"],
  ]) {
    await unlock(app);
    await logind.say(word);
    await app.find({ testId: "unlock" });
    assert.equal((await app.core("current_session")).session, null);
    assert.equal(await newestLock(), why);
  }
});

test("and does not when one chose so", async () => {
  await unlock(app);
  await go(app, "settings");
  await app.click({ label: "Lock when the screen is locked" });
  await app.find({ css: '[data-testid="settings-lockWithScreen"]:not(:checked)' });
  // The box shows what was chosen before the app has taken it to heart.
  await app.eventually("the choice", async () => {
    if ((await app.core("get_preferences")).lockWithScreen) throw new Error("it still locks with the screen");
    return true;
  });
  screenLocks();
  assert.deepEqual(await lockFromOutside(), { window: true, locked: true });
  assert.equal(await newestLock(), "outside");
});
