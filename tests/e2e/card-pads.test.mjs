// PINs that are typed on a reader's PIN pad, in the real window: the real smartcard service, a virtual reader with a PIN
// pad, and real card applications in it.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { startApp } from "./support/app.mjs";
import { pin, startCards } from "./support/cards.mjs";
import { initVault, keyreeveJson } from "./support/command-line.mjs";
import { makeHome } from "./support/home.mjs";
import { makeLook } from "./support/look.mjs";
import { tellStory } from "./support/story.mjs";
import { go, passphrase, unlock } from "./support/vault.mjs";

const badge = "piv badge serial=0a0b0c0d";
const token = "openpgp token serial=00000042";
const second = "violet harbour plum ladder";
const reader = "“Virtual PCD 00 00”";
const home = makeHome();
const vault = join(home.path, "Team vault.keyreeve");
let cards;
let app;
const test = tellStory(() => app);
const { look, problems } = makeLook(() => app);

before(async () => {
  cards = await startCards(home, "start-with-pad");
  await initVault(home, vault, passphrase);
  app = await startApp({ home });
  await app.click({ testId: "tile-open" });
  await app.fill({ testId: "open-path" }, vault);
  await app.press("Enter");
  await unlock(app);
});

after(async () => {
  for (const problem of problems) console.error(problem);
  await app?.stop();
  await cards?.stop();
  home.remove();
});

async function lock() {
  await app.core("lock_vault");
  await app.find({ testId: "unlock" });
}

/** Waits until the window says that the PIN is to be typed on the reader, now or once one goes on. */
async function said(words, within) {
  await app.waitForText(`${words} ${reader}`, { within: { testId: `${within}-pad` } });
}

async function unlockByPassphrase() {
  await app.click({ role: "button", name: /Passphrase/, within: { testId: "unlock" } });
  await unlock(app);
}

async function noField() {
  assert.deepEqual(await app.all({ css: 'input[data-testid$="-pin"]' }), []);
}

async function openAddCard() {
  await go(app, "access");
  await app.click({ testId: "slot-add-other" });
  await app.click({ testId: "slot-add-card" });
}

test("a card becomes a way in with the PIN that is typed on its reader", async () => {
  await cards.say(`insert 0 ${badge} piv-key=p256`);
  await openAddCard();
  await said("The PIN is typed on the reader", "slot-card");
  await noField();
  await app.fill({ testId: "slot-name" }, "Badge");
  await app.fill({ label: "Your passphrase" }, passphrase);
  await look("dialog-slot-card-pad");
  await app.click({ role: "button", name: "Add", within: { role: "dialog" } });
  await cards.say("await-pad");
  await said("Type the PIN on the reader", "slot-card");
  await look("dialog-slot-card-pad-waits");
  await cards.say(`keys ${pin}`);
  await app.find({ testId: "slot-Badge" });
  await app.gone({ role: "dialog" });
});

test("it is tested with the PIN on the reader", async () => {
  await app.click({ role: "button", name: "Test “Badge”…" });
  await said("The PIN is typed on the reader", "test");
  await cards.say(`keys ${pin}`);
  await app.click({ role: "button", name: "Test", within: { role: "dialog" } });
  await app.waitForText("This way in opens the vault");
  await app.click({ role: "button", name: "Done" });
});

test("locked: cancelled on the reader, a wrong PIN with the tries that are left, the right one", async () => {
  await lock();
  await said("The PIN is typed on the reader", "unlock");
  await app.waitForText("3 tries left", { within: { testId: "unlock" } });
  await noField();
  await look("unlock-card-pad");
  await app.eventually("the button to have the focus", async () => {
    return (await app.focused()).testId === "unlock-submit";
  });
  await app.press("Enter");
  await cards.say("await-pad");
  await said("Type the PIN on the reader", "unlock");
  await look("unlock-card-pad-waits");
  await cards.say("keys cancel");
  await app.find({ css: '[data-testid="error"][data-code="pad_cancelled"]' });
  await look("unlock-card-pad-cancelled");

  await cards.say("keys 654321");
  await app.click({ testId: "unlock-submit" });
  await app.waitForText(/The PIN is wrong; 2 tries are left/, { within: { testId: "unlock" } });
  await app.waitForText("2 tries left", { within: { testId: "unlock" } });
  await look("unlock-card-pad-wrong");

  await cards.say(`keys ${pin}`);
  await app.click({ testId: "unlock-submit" });
  await app.find({ testId: "shell" });
  assert.equal((await app.core("current_session")).session.slot.name, "Badge");
});

/**
 * Waits until the card tells that all its tries are left: only while no PIN was given, and only once the reader is free
 * and the card was reset.
 */
async function allTriesLeft() {
  await app.eventually("the card to be as it was", async () => {
    const { readers } = await keyreeveJson(home, ["card", "list"]);
    return readers[0].card?.applications[0].triesLeft === 3;
  });
}

/** How often the reader has begun to wait for a PIN. */
const times = () => readdirSync(join(home.path, "cards", "pad", "asked")).length;

/** Presses a button, and waits until the reader waits for the PIN. */
async function pressAndWait(button) {
  const before = times();
  await app.click(button);
  await app.eventually("the reader to wait", async () => times() > before);
}

async function isLocked() {
  return (await app.core("current_session")).session === null;
}

test("cancelled in the window while the reader waits: at once, and the PIN that is typed then opens nothing", async () => {
  await lock();
  await said("The PIN is typed on the reader", "unlock");
  await pressAndWait({ testId: "unlock-submit" });
  await app.click({ testId: "unlock-stop-waiting" });
  await app.find({ css: '[data-testid="error"][data-code="cancelled"]' });
  await look("unlock-card-pad-let-go");
  // The reader itself knows nothing of that yet: nobody waited for it.
  await app.click({ testId: "unlock-submit" });
  await app.find({ css: '[data-testid="error"][data-code="card_still_at_work"]' });
  await look("unlock-card-pad-still-waits");
  await cards.say(`keys ${pin}`);
  await allTriesLeft();
  assert.ok(await isLocked());
  await cards.say(`keys ${pin}`);
  await app.click({ testId: "unlock-submit" });
  await app.find({ testId: "shell" });
});

test("a lock that falls due while the reader waits comes at once, and the PIN that is typed then opens nothing", async () => {
  await go(app, "access");
  await app.click({ role: "button", name: "Test “Badge”…" });
  await said("The PIN is typed on the reader", "test");
  await pressAndWait({ role: "button", name: "Test", within: { role: "dialog" } });
  assert.deepEqual(await keyreeveJson(home, ["lock"]), { window: true, locked: true });
  assert.ok(await isLocked());
  await app.find({ testId: "unlock" });
  // The door offers what works just now; who wants the card is told why it does not.
  await app.click({ role: "button", name: /Badge/, within: { testId: "unlock" } });
  await app.waitForText("The reader still waits", { within: { testId: "unlock" } });
  await look("unlock-locked-while-pad-waits");
  await cards.say(`keys ${pin}`);
  await allTriesLeft();
  assert.ok(await isLocked());

  // Also where the door itself waits for the reader: nothing is open, and nothing opens.
  await said("The PIN is typed on the reader", "unlock");
  await pressAndWait({ testId: "unlock-submit" });
  assert.deepEqual(await keyreeveJson(home, ["lock"]), { window: true, locked: false });
  await app.find({ css: '[data-testid="error"][data-code="cancelled"]' });
  await app.click({ testId: "unlock-submit" });
  await app.find({ css: '[data-testid="error"][data-code="card_still_at_work"]' });
  await cards.say(`keys ${pin}`);
  await allTriesLeft();
  assert.ok(await isLocked());
  await cards.say(`keys ${pin}`);
  await app.click({ testId: "unlock-submit" });
  await app.find({ testId: "shell" });
});

test("a dialog that waits for the reader is cancelled too, and stays", async () => {
  await go(app, "access");
  await app.click({ role: "button", name: "Test “Badge”…" });
  await said("The PIN is typed on the reader", "test");
  await pressAndWait({ role: "button", name: "Test", within: { role: "dialog" } });
  await app.click({ testId: "test-stop-waiting" });
  await app.find({ css: '[role="dialog"] [data-testid="error"][data-code="cancelled"]' });
  await look("dialog-test-card-pad-let-go");
  await cards.say("keys cancel");
  await allTriesLeft();
  await app.click({ role: "button", name: "Cancel", within: { role: "dialog" } });
  await app.gone({ role: "dialog" });
});

test("who unlocked so is asked again on the reader", async () => {
  await app.core("create_key", {
    name: "deploy",
    algorithm: "ed25519",
    purpose: "sign",
    exportable: true,
  });
  const { keys } = await app.core("list_keys", { search: "deploy" });
  const request = {
    key: keys[0].id,
    format: "pkcs8-pem",
    out: join(home.path, "deploy.pem"),
    plaintext: true,
  };
  await cards.say("keys cancel");
  assert.equal((await app.coreError("export_key", { ...request, proof: { pin: "" } })).code, "pad_cancelled");
  await cards.say(`keys ${pin}`);
  await app.core("export_key", { ...request, proof: { pin: "" } });
});

test("the PIN is typed once, also where the passphrase beside it was wrong", async () => {
  const serial = (await app.core("current_session")).session.slot.parts[0].serial;
  await lock();
  await unlockByPassphrase();
  const both = [
    { kind: "passphrase", passphrase: second },
    { kind: "piv_card", serial, pin: "" },
  ];
  await cards.say(`keys ${pin} ${pin}`);
  const { slot } = await app.core("add_slot", {
    name: "Both",
    role: "operator",
    parts: both,
    proof: { passphrase },
  });
  await lock();
  const shown = { passphrase: second, pin: "", card: serial };
  await app.core("unlock_vault", { path: vault, slot: slot.id, credentials: shown });
  const before = times();
  await cards.say(`keys ${pin}`);
  const { keys } = await app.core("list_keys", { search: "deploy" });
  const request = { key: keys[0].id, format: "pkcs8-pem", out: join(home.path, "no.pem"), plaintext: true };
  const wrong = await app.coreError("export_key", { ...request, proof: { ...shown, passphrase } });
  assert.equal(wrong.code, "wrong_passphrase");
  assert.equal(times(), before + 1);
  await app.reload();
  await app.find({ testId: "shell" });
});

test("a PIN pad that does not work: the PIN is typed here, from then on", async () => {
  await lock();
  await cards.say("keys answer=6B80");
  await app.click({ testId: "unlock-submit" });
  await app.find({ css: '[data-testid="error"][data-code="pad_failed"]' });
  await app.click({ role: "button", name: "Type it here instead" });
  await app.fill({ testId: "unlock-pin" }, pin);
  await look("unlock-card-pad-not-used");
  await app.press("Enter");
  await app.find({ testId: "shell" });
  await lock();
  await app.find({ testId: "unlock-pin" });
  await app.click({ role: "button", name: "Type it on the reader instead" });
  await said("The PIN is typed on the reader", "unlock");
  await unlockByPassphrase();
});

test("a card makes its key with both PINs typed on the reader, one after the other", async () => {
  await cards.say(`insert 0 ${token}`);
  await openAddCard();
  await said("The admin PIN is typed on the reader", "slot-card-admin");
  await app.fill({ testId: "slot-name" }, "Token");
  await app.fill({ label: "Your passphrase" }, passphrase);
  await app.click({ role: "button", name: "Make the key and add", within: { role: "dialog" } });
  await said("Type the PIN on the reader", "slot-card");
  await cards.say(`keys ${pin}`);
  await said("Type the admin PIN on the reader", "slot-card-admin");
  await look("dialog-slot-card-pad-admin");
  await cards.say("keys 12345678");
  await said("Type the PIN on the reader", "slot-card");
  await cards.say(`keys ${pin}`);
  await app.find({ testId: "slot-Token" });
  await app.gone({ role: "dialog" });
});

test("nobody there while the reader waits: the vault locks in time", async () => {
  await app.stop();
  app = await startApp({ home, args: [vault], environment: { KEYREEVE_IDLE_SECONDS: "12" } });
  // Once the card was read, the door stays as one has chosen.
  await said("The PIN is typed on the reader", "unlock");
  await unlockByPassphrase();
  await go(app, "access");
  await app.click({ role: "button", name: "Test “Token”…" });
  await said("The PIN is typed on the reader", "test");
  await pressAndWait({ role: "button", name: "Test", within: { role: "dialog" } });
  await app.find({ testId: "unlock" });
  assert.ok(await isLocked());
  const { events } = await keyreeveJson(home, ["audit", "list"], { vault, passphrase });
  assert.equal(
    events.find(({ action, source }) => action === "vault.lock" && source === "gui").details.why,
    "idle",
  );
  await cards.say("keys cancel");
  await allTriesLeft();
});

test("axe found nothing on any of them, and nothing scrolls sideways", () => {
  assert.deepEqual(problems, []);
});
