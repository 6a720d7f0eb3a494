// Making a smartcard a way in, in the real window: the real smartcard service, and real card applications in a virtual
// reader.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before } from "node:test";
import { startApp } from "./support/app.mjs";
import { pin, startCards } from "./support/cards.mjs";
import { initVault } from "./support/command-line.mjs";
import { makeHome } from "./support/home.mjs";
import { makeLook } from "./support/look.mjs";
import { tellStory } from "./support/story.mjs";
import { go, passphrase, unlock } from "./support/vault.mjs";

const badge = "piv badge serial=0a0b0c0d";
const second = "violet harbour plum ladder";
const home = makeHome();
const vault = join(home.path, "Team vault.keyreeve");
let cards;
let app;
const test = tellStory(() => app);
const { look, problems } = makeLook(() => app);

before(async () => {
  cards = await startCards(home);
  await initVault(home, vault, passphrase);
  app = await startApp({ home });
  await app.click({ testId: "tile-open" });
  await app.fill({ testId: "open-path" }, vault);
  await app.press("Enter");
  await unlock(app);
  await go(app, "access");
});

after(async () => {
  for (const problem of problems) console.error(problem);
  await app?.stop();
  await cards?.stop();
  home.remove();
});

async function addCard() {
  await app.click({ testId: "slot-add-other" });
  await app.click({ testId: "slot-add-card" });
  await app.find({ role: "dialog" });
}

async function lock() {
  await app.core("lock_vault");
  await app.find({ testId: "unlock" });
}

test("a card that is put in while the dialog waits becomes a way in, once its PIN is right", async () => {
  await addCard();
  await app.find({ css: '[data-testid="cards-problem"][data-code="card_missing"]' });
  await look("dialog-slot-card-missing");
  await cards.say("insert 1 openpgp empty serial=00000042");
  await app.waitForText(/no key yet: the card can make one/, { within: { role: "dialog" } });
  await cards.say(`insert 0 ${badge} piv-key=p256`);
  await app.find({ testId: "slot-card-pin" });
  await app.waitForText("3 tries left", { within: { role: "dialog" } });
  await app.fill({ testId: "slot-name" }, "Badge");
  await app.fill({ label: "Your passphrase" }, passphrase);
  await app.fill({ testId: "slot-card-pin" }, "654321");
  await look("dialog-slot-card");
  await app.click({ role: "button", name: "Add", within: { role: "dialog" } });
  await app.waitForText(/The PIN is wrong; 2 tries are left/, { within: { role: "dialog" } });
  await app.waitForText("2 tries left", { within: { role: "dialog" } });
  assert.equal((await app.core("list_slots")).slots.length, 1);
  await app.fill({ testId: "slot-card-pin" }, pin);
  await app.click({ role: "button", name: "Add", within: { role: "dialog" } });
  await app.find({ testId: "slot-Badge" });
  await app.gone({ role: "dialog" });
  await look("access-card");
});

test("it is tested without locking", async () => {
  await app.click({ role: "button", name: "Test “Badge”…" });
  await app.find({ testId: "test-pin" });
  await look("dialog-slot-card-test");
  await cards.say("pull 0");
  await app.find({ css: '[data-testid="test-card-problem"]' });
  await cards.say(`insert 0 ${badge}`);
  await app.fill({ testId: "test-pin" }, pin);
  await app.press("Enter");
  await app.waitForText("This way in opens the vault");
  await app.click({ role: "button", name: "Done" });
});

test("locked, pulled, put in, a wrong PIN, the right one: unlocked", async () => {
  await lock();
  await app.waitForText("3 tries left", { within: { testId: "unlock" } });
  await cards.say("pull 0");
  await app.find({ testId: "unlock-card-problem" });
  await cards.say(`insert 0 ${badge}`);
  await app.fill({ testId: "unlock-pin" }, "654321");
  await app.press("Enter");
  await app.waitForText(/The PIN is wrong; 2 tries are left/, { within: { testId: "unlock" } });
  await app.fill({ testId: "unlock-pin" }, pin);
  await app.press("Enter");
  await app.find({ testId: "shell" });
  assert.equal((await app.core("current_session")).session.slot.name, "Badge");
});

test("an operator with a card shows with it again who is there", async () => {
  await app.core("create_key", {
    name: "deploy",
    algorithm: "ed25519",
    purpose: "sign",
    exportable: true,
  });
  const { keys } = await app.core("list_keys", { search: "deploy" });
  const request = { key: keys[0].id, format: "raw", out: join(home.path, "deploy.raw"), plaintext: true };
  const wrong = await app.coreError("export_key", { ...request, proof: { pin: "654321" } });
  assert.equal(wrong.code, "pin_wrong");
  await app.core("export_key", { ...request, format: "pkcs8-pem", proof: { pin } });
});

test("a card and a passphrase at once: one door leads through both", async () => {
  await lock();
  await app.click({ role: "button", name: /Passphrase/, within: { testId: "unlock" } });
  await unlock(app);
  await go(app, "access");
  await addCard();
  await app.find({ testId: "slot-card-pin" });
  await app.fill({ testId: "slot-name" }, "Both");
  await app.fill({ testId: "slot-card-pin" }, pin);
  await app.click({ testId: "slot-with-passphrase" });
  await app.fill({ label: "New passphrase" }, second);
  await app.fill({ label: "New passphrase, again" }, second);
  await app.fill({ label: "Your passphrase" }, passphrase);
  await look("dialog-slot-card-both");
  await app.click({ role: "button", name: "Add", within: { role: "dialog" } });
  await app.find({ testId: "slot-Both" });
  await app.gone({ role: "dialog" });
  await lock();
  await app.click({ role: "button", name: /Both/, within: { testId: "unlock" } });
  await app.find({ testId: "unlock-pin" });
  await look("unlock-card-both");
  await app.fill({ testId: "unlock-passphrase" }, passphrase);
  await app.fill({ testId: "unlock-pin" }, pin);
  await app.press("Enter");
  await app.waitForText(/opens no slot/, { within: { testId: "unlock" } });
  await app.fill({ testId: "unlock-passphrase" }, second);
  await app.fill({ testId: "unlock-pin" }, pin);
  await app.press("Enter");
  await app.find({ testId: "shell" });
  assert.equal((await app.core("current_session")).session.slot.kind, "all_of");
});

test("pulling the card locks what it opened, once one wants that, and nothing else does", async () => {
  const open = async () => (await app.core("current_session")).session !== null;
  await cards.say("pull 0");
  assert.ok(await open(), "off by default");
  await go(app, "settings");
  await app.click({ testId: "settings-lockOnCardRemoval" });
  await look("settings-card");
  await lock();
  await unlock(app);
  await cards.say(`insert 0 ${badge}`);
  await cards.say("pull 0");
  assert.ok(await open(), "a vault that a passphrase opened stays open");

  const openByCard = async () => {
    await cards.say(`insert 0 ${badge}`);
    await app.fill({ testId: "unlock-pin" }, pin);
    await app.press("Enter");
    await app.find({ testId: "shell" });
  };
  await lock();
  await openByCard();
  await cards.say("pull 1");
  assert.ok(await open(), "another card was pulled");
  await cards.say("pull 0");
  await app.find({ testId: "unlock" });
  assert.equal(await open(), false);

  await openByCard();
  const { events } = await app.core("list_events", { limit: 2 });
  assert.deepEqual(
    events.map(({ action, details }) => [action, details.why]),
    [
      ["vault.unlock", undefined],
      ["vault.lock", "card"],
    ],
  );
  await cards.say("stop");
  await app.find({ testId: "unlock" });
  await cards.say("start");
});

test("axe found nothing on any of them, and nothing scrolls sideways", () => {
  assert.deepEqual(problems, []);
});
