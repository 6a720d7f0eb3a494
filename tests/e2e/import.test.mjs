// Keys of other programs brought in through the window: looked at first, opened by a password, chosen, stored.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { startApp } from "./support/app.mjs";
import { makeChain } from "./support/chain.mjs";
import { keyreeveJson } from "./support/command-line.mjs";
import { tellStory } from "./support/story.mjs";
import { createVault, go, openKey, passphrase } from "./support/vault.mjs";

const filePassword = "window sparrow ninety ferry";
let app;
let vault;
let folder;
const test = tellStory(() => app);
const dialog = { role: "dialog", name: "Import keys" };

before(async () => {
  app = await startApp();
  vault = await createVault(app, { name: "Team vault" });
  folder = join(app.home.path, "ssh");
  mkdirSync(folder);
  const make = (name, password) =>
    execFileSync("ssh-keygen", [
      ...["-q", "-t", "ed25519", "-C", "me@desk", "-N", password],
      ...["-f", join(folder, name)],
    ]);
  make("id_ed25519", "");
  make("id_work", filePassword);
  writeFileSync(join(folder, "config"), "Host *\n");
  writeFileSync(join(folder, "old.ppk"), "PuTTY-User-Key-File-1: ssh-rsa\nEncryption: none\n");
});
after(() => app?.stop());

test("a folder is looked into, and nothing is stored before one has seen it", async () => {
  await go(app, "keys");
  await app.press("Control", "i");
  await app.find(dialog);
  assert.deepEqual(await app.accessibilityProblems(), []);
  await app.fill({ label: "Path of a file or folder" }, folder);
  await app.click({ role: "button", name: "Look" });
  await app.waitForText("1 new · 2 duplicates · 1 problem · 1 not kept · 1 file without a key", {
    within: { testId: "import-summary" },
  });
  await app.waitForText("Keyreeve does not read these yet", { within: dialog });
  assert.deepEqual(await app.accessibilityProblems(), []);
  const listed = await keyreeveJson(app.home, ["key", "list"], { vault, passphrase });
  assert.equal(listed.total, 0);
});

test("a password opens what is encrypted, and a wrong one says so", async () => {
  await app.fill({ testId: "import-password-field" }, "not it");
  await app.press("Enter");
  await app.waitForText("It opens none of them.", { within: dialog });
  await app.fill({ testId: "import-password-field" }, filePassword);
  await app.press("Enter");
  await app.waitForText("2 new", { within: { testId: "import-summary" } });
  await app.gone({ testId: "import-password" });
});

test("the chosen keys come in together and are the ones of the files", async () => {
  await app.fill({ label: "Name of id_work" }, "bastion");
  await app.click({ role: "button", name: "Import 2 keys", within: dialog });
  await app.find({ role: "dialog", name: "2 keys imported" });
  await app.click({ role: "button", name: "Done" });
  await openKey(app, "bastion");
  const shown = await keyreeveJson(app.home, ["key", "show", "bastion"], { vault, passphrase });
  const fingerprint = shown.key.versions[0].fingerprints["ssh-sha256"];
  const said = execFileSync("ssh-keygen", ["-l", "-f", join(folder, "id_work")], { encoding: "utf8" });
  assert.ok(said.includes(fingerprint), `${said} ${fingerprint}`);
  assert.equal(shown.key.versions[0].origin, "imported");
});

test("a pasted key goes to the core, and nothing of it is shown", async () => {
  const secret = execFileSync("openssl", ["genpkey", "-algorithm", "X25519"], { encoding: "utf8" });
  await app.click({ testId: "import-keys" });
  await app.find(dialog);
  await app.driver.executeScript((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    document.dispatchEvent(new ClipboardEvent("paste", { clipboardData, cancelable: true }));
  }, secret);
  await app.waitForText("1 new", { within: { testId: "import-summary" } });
  const page = await app.driver.executeScript(() => document.documentElement.outerHTML);
  assert.ok(!page.includes(secret.split("\n")[1]), "the page holds the pasted key");
  await app.click({ role: "button", name: "Cancel", within: dialog });
  await app.gone(dialog);
});

test("what the vault has already is noticed by the key itself", async () => {
  const copy = join(app.home.path, "copy-of-a-key");
  writeFileSync(copy, readFileSync(join(folder, "id_work")));
  await app.click({ testId: "import-keys" });
  await app.fill({ label: "Path of a file or folder" }, copy);
  await app.press("Enter");
  await app.waitForText("The vault has it as “bastion”", { within: dialog });
  const button = await app.find({ role: "button", name: "Import", within: dialog });
  assert.equal(await button.isEnabled(), false);
  await app.click({ role: "button", name: "Cancel", within: dialog });
});

test("a chain is examined as a tree, two of it are compared, and nothing is stored", async () => {
  const before = await keyreeveJson(app.home, ["audit", "list"], { vault, passphrase });
  const chain = makeChain(join(app.home.path, "tls"));
  await go(app, "keys");
  await app.click({ testId: "examine-files" });
  const examine = { role: "dialog", name: "Examine files" };
  await app.fill({ label: "Path of a file or folder" }, chain);
  await app.click({ role: "button", name: "Look" });
  await app.click({ role: "button", name: "example.org", within: examine });
  await app.waitForText("DNS:example.org, DNS:www.example.org, IP:192.0.2.7", { within: examine });
  const printed = execFileSync("openssl", ["x509", "-noout", "-fingerprint", "-sha256", "-in", chain], {
    encoding: "utf8",
  });
  await app.waitForText(printed.trim().split("=")[1], { within: examine });
  assert.deepEqual(await app.accessibilityProblems(), []);
  const other = "Example root";
  await app.choose({ role: "combobox", name: "Compare with" }, other, { role: "option", name: other });
  await app.waitForText(/\d+ differences/, { within: examine });
  assert.deepEqual(await app.accessibilityProblems(), []);
  await app.press("Escape");
  await app.gone(examine);
  const after = await keyreeveJson(app.home, ["audit", "list"], { vault, passphrase });
  const kept = ({ events }) => events.filter(({ action }) => action.startsWith("key.")).map(({ seq }) => seq);
  assert.deepEqual(kept(after), kept(before));
});
