// A smartcard without a key makes one and becomes a way in, in the real window: the real smartcard service, and a real
// card application in a virtual reader.
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

const home = makeHome();
const vault = join(home.path, "Team vault.keyreeve");
let cards;
let app;
const test = tellStory(() => app);
const { look, problems } = makeLook(() => app);

before(async () => {
  cards = await startCards(home);
  await cards.say("insert 0 piv blank serial=00000007");
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

test("a card without a key makes one, and becomes a way in; none is made for a wrong PIN or management key", async () => {
  await app.click({ testId: "slot-add-other" });
  await app.click({ testId: "slot-add-card" });
  await app.find({ testId: "new-card-key" });
  await look("dialog-slot-card-new-key");
  await app.waitForText("3 tries left", { within: { role: "dialog" } });
  await app.fill({ label: "Your passphrase" }, passphrase);
  await app.fill({ testId: "slot-name" }, "Blank");
  await app.fill({ testId: "slot-card-pin" }, pin);
  await app.fill({ testId: "slot-card-authority" }, "00".repeat(24));
  await look("dialog-slot-card-make");
  await app.click({ role: "button", name: "Make the key and add", within: { role: "dialog" } });
  await app.waitForText(/management key is wrong/, { within: { role: "dialog" } });
  await look("dialog-slot-card-make-refused");
  // An empty one stands for the one that cards come with.
  await app.click({ role: "button", name: "Make the key and add", within: { role: "dialog" } });
  await app.find({ testId: "slot-Blank" });
  await app.gone({ role: "dialog" });
  const { events } = await app.core("list_events", { limit: 2 });
  assert.deepEqual(
    events.map(({ action }) => action),
    ["slot.add", "card.make_key"],
  );
  assert.equal(events[1].details.algorithm, "p256");
});

test("the vault opens with it", async () => {
  await app.core("lock_vault");
  await app.find({ testId: "unlock" });
  await app.find({ testId: "unlock-pin" });
  await app.fill({ testId: "unlock-pin" }, pin);
  await app.press("Enter");
  await app.find({ testId: "shell" });
  assert.equal((await app.core("current_session")).session.slot.name, "Blank");
});

test("an OpenPGP card says how many tries its admin PIN has left, and makes none for a wrong one", async () => {
  await app.core("lock_vault");
  await app.click({ role: "button", name: /Passphrase/, within: { testId: "unlock" } });
  await unlock(app);
  await go(app, "access");
  await cards.say("insert 0 openpgp token serial=00000042");
  await app.click({ testId: "slot-add-other" });
  await app.click({ testId: "slot-add-card" });
  await app.find({ testId: "new-card-key" });
  await app.fill({ testId: "slot-name" }, "Token");
  await app.fill({ testId: "slot-card-pin" }, pin);
  await app.fill({ label: "Your passphrase" }, passphrase);
  await app.fill({ testId: "slot-card-authority" }, "87654321");
  await app.click({ role: "button", name: "Make the key and add", within: { role: "dialog" } });
  await app.waitForText(/The admin PIN is wrong; 2 tries are left/, { within: { role: "dialog" } });
  await app.waitForText("2 tries left", { within: { role: "dialog" } });
  await look("dialog-slot-card-make-admin");
  await app.fill({ testId: "slot-card-authority" }, "12345678");
  await app.click({ role: "button", name: "Make the key and add", within: { role: "dialog" } });
  await app.find({ testId: "slot-Token" });
});

test("axe found nothing on any of them, and nothing scrolls sideways", () => {
  assert.deepEqual(problems, []);
});
