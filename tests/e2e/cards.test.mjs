// Smartcards as ways in, in the real window: the real smartcard service, and real card applications in a virtual reader.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before } from "node:test";
import { startApp } from "./support/app.mjs";
import { pin, startCards } from "./support/cards.mjs";
import { initVault, keyreeveJson } from "./support/command-line.mjs";
import { makeHome } from "./support/home.mjs";
import { makeLook } from "./support/look.mjs";
import { tellStory } from "./support/story.mjs";
import { passphrase, unlock } from "./support/vault.mjs";

const token = "openpgp token serial=0a0b0c0d";
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
});

after(async () => {
  for (const problem of problems) console.error(problem);
  await app?.stop();
  await cards?.stop();
  home.remove();
});

const pinField = { testId: "unlock-pin" };

async function choose(name) {
  await app.click({ role: "button", name: new RegExp(name), within: { testId: "unlock" } });
}

/** Waits until the door says so of the card that it waits for. */
async function cardProblem(code) {
  return app.find({ css: `[data-testid="unlock-card-problem"][data-code="${code}"]` });
}

async function error(code) {
  return app.find({ css: `[data-testid="error"][data-code="${code}"]` });
}

async function lock() {
  await app.core("lock_vault");
  await app.find({ testId: "unlock" });
}

/** How long something takes, in milliseconds. */
async function timed(wait) {
  const begun = Date.now();
  await wait;
  return Date.now() - begun;
}

test("a card that is in is asked for first, and how many tries its PIN has left is said before", async () => {
  await cards.say(`insert 0 ${token} key=x25519`);
  await keyreeveJson(home, ["slot", "add", "openpgp-card", "--name", "Token"], { vault, passphrase, pin });
  await app.click({ testId: "tile-open" });
  await app.fill({ testId: "open-path" }, vault);
  await app.press("Enter");
  await app.find(pinField);
  await app.waitForText("3 tries left", { within: { testId: "unlock" } });
  await look("unlock-card");
  assert.equal((await app.focused()).testId, "unlock-pin");
});

test("a card that is pulled and put in is seen at once, and its PIN is not kept", async (context) => {
  await app.fill(pinField, "12345");
  await cards.say("pull 0");
  const pulled = await timed(cardProblem("card_missing"));
  await look("unlock-card-missing");
  await cards.say(`insert 0 ${token}`);
  const inserted = await timed(app.find(pinField));
  // The rig answers when the service has seen the card come or go.
  context.diagnostic(
    `shown ${pulled} ms after the service saw the pull, and ${inserted} ms after the insertion`,
  );
  assert.equal(await app.value(pinField), "");
  assert.equal((await app.focused()).testId, "unlock-pin");
});

test("a wrong PIN says how many tries are left and is not tried again; the right one unlocks", async () => {
  await app.fill(pinField, "654321");
  await app.press("Enter");
  await app.waitForText(/The PIN is wrong; 2 tries are left/, { within: { testId: "unlock" } });
  await app.waitForText("2 tries left", { within: { testId: "unlock" } });
  await look("unlock-card-wrong-pin");
  assert.equal(await app.value(pinField), "");
  assert.equal((await app.focused()).testId, "unlock-pin");
  await app.press("Enter");
  await app.waitForText("2 tries left", { within: { testId: "unlock" } });
  await app.fill(pinField, "123");
  await app.press("Enter");
  await app.waitForText(/6 to \d+ characters; this one was not sent/, { within: { testId: "unlock" } });
  await app.fill(pinField, pin);
  await app.press("Enter");
  await app.find({ testId: "shell" });
  const { session } = await app.core("current_session");
  assert.equal(session.slot.name, "Token");
  assert.equal(session.failedUnlocks, 1);
});

test("another card, a card of another kind and two cards are told apart", async () => {
  await lock();
  await app.waitForText("3 tries left", { within: { testId: "unlock" } });
  await cards.say(`insert 0 openpgp other serial=00000007 key=x25519`);
  await cardProblem("card_wrong");
  await app.waitForText(/0000:0A0B0C0D is needed, and 0000:00000007/, { within: { testId: "unlock" } });
  await look("unlock-card-wrong");
  await cards.say("insert 0 none strange");
  await cardProblem("card_unsupported");
  await cards.say(`insert 0 openpgp other serial=00000007`);
  await cards.say(`insert 1 ${token}`);
  await app.find(pinField);
  await app.fill(pinField, pin);
  await app.press("Enter");
  await app.find({ testId: "shell" });
  await cards.say("pull 1");
});

test("a passphrase that is being typed is left alone when a card is put in", async () => {
  await lock();
  await app.fill({ testId: "unlock-passphrase" }, "half of it");
  await cards.say(`insert 0 ${token}`);
  await app.find({ text: "in reader", within: { testId: "unlock" } });
  assert.equal(await app.value({ testId: "unlock-passphrase" }), "half of it");
  await look("unlock-passphrase-with-card");
  await choose("Token");
  await app.find(pinField);
});

test("a reader and a service that are gone are named, with what to do", async () => {
  await cards.say("stop");
  await cardProblem("card_service_absent");
  await look("unlock-card-no-service");
  await cards.say("start-without-reader");
  await cardProblem("card_reader_missing");
  await cards.say("start");
  // The card stayed in.
  await app.find(pinField);
});

test("a card that is pulled while it works is named", async () => {
  await cards.say(`insert 0 ${token} pull-at=2a`);
  await app.find(pinField);
  await app.fill(pinField, pin);
  await app.press("Enter");
  await error("card_removed");
  await look("unlock-card-removed");
  await cards.say(`insert 0 ${token}`);
  await app.find(pinField);
  await app.gone({ testId: "error" });
});

test("a PIN that is blocked is not asked for", async () => {
  for (const left of [/2 tries are left/, /one try is left/]) {
    await app.fill(pinField, "654321");
    await app.press("Enter");
    await app.waitForText(left, { within: { testId: "unlock" } });
  }
  await app.waitForText("One try left", { within: { testId: "unlock" } });
  await look("unlock-card-last-try");
  await app.fill(pinField, "654321");
  await app.press("Enter");
  await cardProblem("pin_blocked");
  await look("unlock-card-blocked");
  await choose("Passphrase");
  await unlock(app);
});

test("axe found nothing on any of them, and nothing scrolls sideways", () => {
  assert.deepEqual(problems, []);
});
