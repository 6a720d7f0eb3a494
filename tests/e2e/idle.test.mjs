// A vault that nobody watches locks by itself, and leaves nothing on the screen.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { startApp } from "./support/app.mjs";
import { initVault, keyreeveJson } from "./support/command-line.mjs";
import { makeHome } from "./support/home.mjs";
import { go, passphrase, unlock } from "./support/vault.mjs";

test("the countdown reaches zero, the door closes, and no name of a key is left", async () => {
  const home = makeHome();
  const vault = join(home.path, "Idle.keyreeve");
  await initVault(home, vault, passphrase);
  await keyreeveJson(
    home,
    ["key", "create", "--name", "payments-dek", "--algorithm", "aes-256-gcm", "--purpose", "encrypt"],
    { vault, passphrase },
  );
  const app = await startApp({ home, environment: { KEYREEVE_IDLE_SECONDS: "10" } });
  try {
    await app.click({ testId: "tile-open" });
    await app.fill({ testId: "open-path" }, vault);
    await app.press("Enter");
    await unlock(app);
    await app.waitForText(/Locks in 0:\d\d/, { within: { testId: "status-lock" } });
    await go(app, "keys");
    await app.click({ testId: "key-row-payments-dek" });
    await app.click({ testId: "key-primary-act" });
    await app.find({ role: "dialog", name: "Rotate payments-dek" });

    await app.find({ testId: "unlock" });
    const page = await app.driver.executeScript(() => document.documentElement.outerHTML);
    assert.doesNotMatch(page, /payments-dek/, "neither the list, nor the details, nor the dialog is left");
    await app.waitForText("The vault is locked");
    assert.deepEqual(await app.core("current_session"), { session: null, locksInMs: null });
    assert.match((await app.coreError("list_keys", {})).code, /locked/);

    await unlock(app);
    const log = await keyreeveJson(home, ["audit", "list"], { vault, passphrase });
    const lock = log.events.find(({ action }) => action === "vault.lock");
    assert.equal(lock.source, "gui");
  } finally {
    await app.stop();
    home.remove();
  }
});
