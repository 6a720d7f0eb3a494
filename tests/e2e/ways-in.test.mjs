// The ways in beside a passphrase, in the real window with a real keyring, and a card together with it.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startApp } from "./support/app.mjs";
import { pin, startCards } from "./support/cards.mjs";
import { initVault } from "./support/command-line.mjs";
import { makeHome } from "./support/home.mjs";
import { startKeyring } from "./support/keyring.mjs";
import { readQrCodes } from "./support/qr.mjs";
import { go, passphrase, unlock } from "./support/vault.mjs";

const SECOND = "violet harbour plum ladder";
const home = makeHome();
let keyring;
let cards;
let app;

before(async () => {
  keyring = await startKeyring(home);
  cards = await startCards(home);
  const vault = join(home.path, "Ways.keyreeve");
  await initVault(home, vault, passphrase);
  app = await startApp({ home });
  await app.click({ testId: "tile-open" });
  await app.fill({ testId: "open-path" }, vault);
  await app.press("Enter");
  await unlock(app);
  await go(app, "access");
});

after(async () => {
  await app?.stop();
  await cards?.stop();
  await keyring?.stop();
  home.remove();
});

async function openDialog(kind) {
  await app.click({ testId: "slot-add-other" });
  await app.click({ testId: `slot-add-${kind}` });
  return app.find({ role: "dialog" });
}

async function choose(name) {
  await app.click({ role: "button", name: new RegExp(name), within: { testId: "unlock" } });
}

test("the keyring opens the vault without typing", async () => {
  await openDialog("keyring");
  await app.fill({ testId: "slot-name" }, "Desk");
  await app.fill({ label: "Your passphrase" }, passphrase);
  await app.screenshot("dialog-slot-keyring");
  const add = { role: "button", name: "Add", within: { role: "dialog" } };
  // A keyring that does not answer is not waited for longer than one wants: neither here nor at the door.
  keyring.pause();
  await app.click(add);
  await app.find({ testId: "slot-stop-waiting" });
  await app.screenshot("dialog-slot-keyring-waits");
  await app.click({ testId: "slot-stop-waiting" });
  await app.find({ css: '[data-testid="error"][data-code="cancelled"]' });
  assert.equal((await app.core("list_slots")).slots.length, 1);
  keyring.goOn();
  await app.click(add);
  await app.find({ testId: "slot-Desk" });
  await app.gone({ role: "dialog" });
  await app.core("lock_vault");
  await app.find({ testId: "unlock" });
  await app.screenshot("unlock-keyring");
  keyring.pause();
  await app.click({ testId: "unlock-submit" });
  await app.find({ testId: "unlock-stop-waiting" });
  await app.screenshot("unlock-keyring-waits");
  await app.click({ testId: "unlock-stop-waiting" });
  await app.find({ css: '[data-testid="error"][data-code="cancelled"]' });
  keyring.goOn();
  assert.equal((await app.core("current_session")).session, null);
  await app.click({ testId: "unlock-submit" });
  await app.find({ testId: "shell" });
  assert.equal((await app.core("current_session")).session.slot.kind, "os_keyring");
  await app.core("lock_vault");
  await choose("Passphrase");
  await unlock(app);
  await go(app, "access");
});

/** Reads the sheets, types the words that are asked for, and answers the shares. */
async function putOnPaper() {
  const { shares, places } = await app.driver.executeScript(() => {
    const shares = [1, 2, 3].map((share) =>
      [...document.querySelectorAll(`[data-testid="sheet-text-${share}"] li`)].map((li) => li.textContent),
    );
    const places = [1, 2, 3].map((share) =>
      Number(document.querySelector(`[data-testid="sheet-check-${share}"]`).dataset.place),
    );
    return { shares, places };
  });
  for (const at of [0, 1, 2]) {
    await app.fill({ testId: `sheet-check-${at + 1}` }, shares[at][places[at] - 1]);
  }
  await app.click({ role: "button", name: "They are on paper", within: { role: "dialog" } });
  return shares;
}

/** What a phone reads from the QR code of a sheet, as it is on the screen; the one for the printer is drawn alike. */
async function readSheet(number) {
  const code = await app.find({ css: `[data-testid="sheet-${number}"] svg` });
  const { drawn, printed, place } = await app.driver.executeScript(
    (svg, at) => {
      svg.scrollIntoView({ block: "center" });
      const paths = (one) => [...one.querySelectorAll("path")].map((path) => path.getAttribute("d"));
      const { left, right, top, bottom } = svg.getBoundingClientRect();
      return {
        drawn: paths(svg),
        printed: paths(document.querySelectorAll(".kr-paper .kr-sheet svg")[at]),
        place: [left, right, top, bottom].map((side) => side * window.devicePixelRatio),
      };
    },
    code,
    number - 1,
  );
  assert.deepEqual(printed, drawn);
  const [left, right, top, bottom] = place;
  const seen = await readQrCodes(await app.picture());
  const own = seen.filter(({ x, y }) => x > left && x < right && y > top && y < bottom);
  assert.equal(own.length, 1, `the QR code of sheet ${number} can be read`);
  return own[0].text;
}

test("two of three shares open it, once their words came back from paper", async () => {
  await openDialog("recovery");
  await app.fill({ label: "Your passphrase" }, passphrase);
  await app.screenshot("dialog-recovery");
  await app.click({ role: "button", name: "Make", within: { role: "dialog" } });
  await app.find({ testId: "sheet-3" });
  await app.screenshot("dialog-recovery-sheets");
  const codes = [];
  for (const number of [1, 2, 3]) codes.push(await readSheet(number));
  const shares = await putOnPaper();
  assert.deepEqual(
    codes,
    shares.map((words) => words.join(" ")),
    "each QR code holds the words of its sheet, and nothing else",
  );
  await app.find({ testId: "slot-Recovery shares" });
  await app.screenshot("access-ways");
  const page = await app.driver.executeScript(() => document.documentElement.outerHTML);
  assert.ok(!page.includes(shares[1].slice(4).join("</li><li>")), "the shares are gone from the page");

  await app.core("lock_vault");
  await app.find({ testId: "unlock" });
  await choose("Recovery shares");
  await app.fill({ testId: "unlock-recovery-1" }, shares[2].join(" "));
  await app.fill({ testId: "unlock-recovery-2" }, shares[2].join(" "));
  await app.click({ testId: "unlock-submit" });
  await app.find({ css: '[data-testid="error"][data-code="recovery_duplicate"]' });
  await app.screenshot("unlock-recovery");
  // As a phone read them: what is in the codes is what the fields take.
  await app.fill({ testId: "unlock-recovery-1" }, codes[2]);
  await app.fill({ testId: "unlock-recovery-2" }, codes[0]);
  await app.click({ testId: "unlock-submit" });
  await app.find({ testId: "shell" });
  const { slot: used } = (await app.core("current_session")).session;
  assert.equal(used.kind, "recovery");

  await app.find({ role: "dialog", name: "After recovery" });
  await app.fill({ label: "New passphrase" }, passphrase);
  await app.fill({ label: "New passphrase, again" }, passphrase);
  await app.fill({ testId: "recovered-recovery-1" }, shares[1].join(" "));
  await app.fill({ testId: "recovered-recovery-2" }, shares[0].join(" "));
  await app.screenshot("after-recovery");
  await app.click({ role: "button", name: "Set it and make new sheets", within: { role: "dialog" } });
  await app.find({ testId: "sheet-3" });
  await putOnPaper();
  await app.gone({ role: "dialog" });
  await app.gone({ testId: "recovered" });
  const { slots } = await app.core("list_slots");
  assert.deepEqual(
    slots.filter(({ kind }) => kind === "recovery").map(({ id }) => id === used.id),
    [false],
    "new sheets are in the old ones' place",
  );
});

test("passphrase and keyring together", async () => {
  await openDialog("keyring");
  await app.fill({ testId: "slot-name" }, "Both");
  await app.click({ testId: "slot-both" });
  await app.fill({ label: "New passphrase" }, SECOND);
  await app.fill({ label: "New passphrase, again" }, SECOND);
  await app.fill({ label: "Your passphrase" }, passphrase);
  await app.click({ role: "button", name: "Add", within: { role: "dialog" } });
  await app.find({ testId: "slot-Both" });
  await app.core("lock_vault");
  await app.find({ testId: "unlock" });
  await choose("Both");
  await app.fill({ testId: "unlock-passphrase" }, passphrase);
  await app.press("Enter");
  await app.waitForText(/opens no slot/, { within: { testId: "unlock" } });
  await unlock(app, SECOND);
  assert.equal((await app.core("current_session")).session.slot.kind, "all_of");
});

test("card and keyring together: neither opens it alone", async () => {
  await app.core("lock_vault");
  await choose("Passphrase");
  await unlock(app);
  await go(app, "access");
  await cards.say("insert 0 piv badge serial=0a0b0c0d piv-key=p256");
  await openDialog("card");
  await app.fill({ testId: "slot-name" }, "Badge here");
  await app.fill({ testId: "slot-card-pin" }, pin);
  await app.click({ testId: "slot-with-keyring" });
  await app.fill({ label: "Your passphrase" }, passphrase);
  await app.screenshot("dialog-slot-card-keyring");
  await app.click({ role: "button", name: "Add", within: { role: "dialog" } });
  await app.find({ testId: "slot-Badge here" });
  await app.gone({ role: "dialog" });
  await app.screenshot("access-card-keyring");

  await app.core("lock_vault");
  await app.find({ testId: "unlock-pin" });
  await app.waitForText("The keyring of this computer is asked", { within: { testId: "unlock" } });
  await app.screenshot("unlock-card-keyring");
  await app.fill({ testId: "unlock-pin" }, "654321");
  await app.press("Enter");
  await app.waitForText(/The PIN is wrong; 2 tries are left/, { within: { testId: "unlock" } });
  await app.fill({ testId: "unlock-pin" }, pin);
  await app.press("Enter");
  await app.find({ testId: "shell" });
  const { slot } = (await app.core("current_session")).session;
  assert.deepEqual([slot.kind, slot.parts.map(({ kind }) => kind)], ["all_of", ["piv_card", "os_keyring"]]);

  await app.core("lock_vault");
  await keyring.stopKeyring();
  await app.fill({ testId: "unlock-pin" }, pin);
  await app.press("Enter");
  await app.find({ css: '[data-testid="error"][data-code^="keyring_"]' });
  await app.screenshot("unlock-card-keyring-gone");
  // The card's try was a good one.
  await app.waitForText("3 tries left", { within: { testId: "unlock" } });
});
