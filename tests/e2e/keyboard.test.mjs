// A whole job without the mouse, with the focus always in sight, and the shortcuts that people of this field expect.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before } from "node:test";
import { startApp } from "./support/app.mjs";
import { initVault } from "./support/command-line.mjs";
import { makeHome } from "./support/home.mjs";
import { tellStory } from "./support/story.mjs";
import { passphrase } from "./support/vault.mjs";

const home = makeHome();
const vault = join(home.path, "Keyboard.keyreeve");
let app;
const test = tellStory(() => app);

before(async () => {
  await initVault(home, vault, passphrase);
  app = await startApp({ home });
});
after(async () => {
  await app?.stop();
  home.remove();
});

/** Goes on with Tab until the focus is on what is meant; on the way it must always be visible. */
async function tabTo(wanted) {
  const seen = [];
  for (let step = 0; step < 40; step += 1) {
    await app.press("Tab");
    let focus;
    await app.eventually("the focus to be in sight", async () => {
      focus = await app.focused();
      if (focus?.visible === false) throw new Error(`it is on ${JSON.stringify(focus)}`);
      return true;
    });
    if (focus === null) continue;
    if (focus.testId === wanted || focus.name === wanted) return;
    seen.push(focus.testId ?? focus.name);
  }
  assert.fail(`Tab does not reach ${wanted}, only ${seen.join(", ")}`);
}

async function focusIsOn(wanted) {
  await app.eventually(`the focus on ${wanted}`, async () => {
    const focus = await app.focused();
    if (focus?.testId === wanted || focus?.name === wanted) return true;
    throw new Error(`it is on ${JSON.stringify(focus)}`);
  });
}

test("a vault is opened by its path", async () => {
  await tabTo("tile-open");
  await app.press("Enter");
  await focusIsOn("open-path");
  await app.write(vault);
  await app.press("Enter");
  await focusIsOn("unlock-passphrase");
  await app.write(passphrase);
  await app.press("Enter");
  await app.find({ testId: "shell" });
});

test("a key is made and rotated", async () => {
  await app.press("Control", "n");
  await app.find({ role: "dialog", name: "Create a key" });
  await tabTo("new-key-name");
  await app.write("by-hand");
  await app.press("Enter");
  await app.gone({ role: "dialog" });
  await app.waitForText("by-hand", { within: { css: "#key-detail-title" } });

  await app.press("Control", "f");
  await focusIsOn("keys-search");
  await app.press("ArrowDown");
  await focusIsOn("key-row-by-hand");
  await app.press("Enter");
  await focusIsOn("by-hand");
  await tabTo("key-primary-act");
  await app.press("Enter");
  await app.find({ role: "dialog", name: "Rotate by-hand" });
  await app.find({ testId: "rotation-preview" });
  await tabTo("Rotate");
  await app.press("Enter");
  await app.gone({ role: "dialog" });
  await app.waitForText("version 2 is primary", { within: { testId: "key-summary" } });
  await focusIsOn("key-primary-act");
  await app.waitForText("rotated to version 2", { within: { testId: "announcer" } });
});

test("the menu of a key is walked with the arrows, and gives the focus back", async () => {
  await tabTo("key-menu");
  await app.press("Enter");
  await app.find({ role: "menu" });
  await focusIsOn("act-suspend");
  await app.press("ArrowDown");
  await focusIsOn("act-deactivate");
  await app.press("ArrowUp");
  await focusIsOn("act-suspend");
  await app.press("Enter");
  await app.find({ role: "dialog", name: "Suspend by-hand" });
  await app.press("Escape");
  await app.gone({ role: "dialog" });
  await focusIsOn("key-menu");
});

test("F2 renames the key in the list, and the focus comes back to it", async () => {
  await app.press("Escape");
  await focusIsOn("key-row-by-hand");
  await app.press("F2");
  await app.find({ role: "dialog", name: "Rename by-hand" });
  await app.write("renamed");
  await app.press("Enter");
  await app.gone({ role: "dialog" });
  await focusIsOn("key-row-renamed");
});

test("Ctrl+K finds an action by its words and does it", async () => {
  await app.press("Control", "k");
  await focusIsOn("Search for an action");
  await app.write("verify the");
  await app.press("Enter");
  await app.waitForText(/all \d+ entries are as they were written/);
  await app.press("Escape");
  await app.gone({ role: "dialog" });
});

test("Ctrl+, shows the settings, Ctrl+/ the shortcuts, and Ctrl+L locks", async () => {
  await app.press("Control", ",");
  await app.find({ css: '[data-testid="shell"][data-section="settings"]' });
  await app.press("Control", "/");
  await app.find({ role: "dialog", name: "Keyboard shortcuts" });
  await app.press("Escape");
  await app.gone({ role: "dialog" });
  await app.lock();
  await focusIsOn("unlock-passphrase");
  assert.equal(await app.value({ testId: "unlock-passphrase" }), "");
});
