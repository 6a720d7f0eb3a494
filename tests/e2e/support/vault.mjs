// What a person does with a vault in the window, in the steps that several tests share.
import { keyreeveJson } from "./command-line.mjs";

export const passphrase = "ledger brass tulip orbit";

const purposeLabels = {
  encrypt: "Encrypt",
  sign: "Sign",
  authenticate: "Authenticate",
  wrap: "Wrap",
  mac: "MAC",
  agree: "Agree",
  derive: "Derive",
};

/** Goes through the wizard of the first run, as quickly as it lets one. */
export async function createVault(app, { name, folder = app.home.path, words = passphrase }) {
  await app.click({ testId: "tile-create" });
  await app.fill({ testId: "vault-name" }, name);
  await app.fill({ testId: "vault-folder" }, folder);
  await app.click({ testId: "create-next" });
  await app.fill({ testId: "create-passphrase" }, words);
  await app.fill({ testId: "create-passphrase-again" }, words);
  await app.click({ testId: "create-submit" });
  await app.click({ testId: "create-understood" });
  await app.click({ testId: "create-recovery-next" });
  await app.click({ testId: "create-done" });
  await app.find({ testId: "shell" });
  return `${folder}/${name}.keyreeve`;
}

/** Unlocks the vault whose door is shown. */
export async function unlock(app, words = passphrase) {
  await app.fill({ testId: "unlock-passphrase" }, words);
  await app.press("Enter");
  await app.find({ testId: "shell" });
}

/** Goes to a section by the sidebar. */
export async function go(app, section) {
  await app.click({ testId: `nav-${section}` });
  await app.find({ css: `[data-testid="shell"][data-section="${section}"]` });
}

/** Makes a key in the dialog; its details are shown afterwards. */
export async function createKey(app, { name, purpose, algorithm, exportable = false, tags = [] }) {
  await app.click({ testId: "new-key" });
  await fillNewKey(app, { name, purpose, algorithm, exportable, tags });
  await app.click({ role: "button", name: "Create", within: { role: "dialog" } });
  await app.gone({ role: "dialog" });
  await app.waitForText(name, { within: { css: "#key-detail-title" } });
}

/** Fills the dialog for a new key. */
export async function fillNewKey(app, { name, purpose, algorithm, exportable = false, tags = [] }) {
  const dialog = await app.find({ role: "dialog" });
  if (purpose !== undefined) await app.click({ text: purposeLabels[purpose], within: dialog });
  await app.fill({ testId: "new-key-name" }, name);
  if (algorithm !== undefined) await app.choose({ testId: "new-key-algorithm" }, algorithm);
  if (exportable) await app.click({ label: "Exportable" });
  for (const tag of tags) {
    await app.type({ label: "Tags" }, tag);
    await app.press("Enter");
  }
}

/** Shows the details of a key that is in the list. */
export async function openKey(app, name) {
  await app.click({ testId: `key-row-${name}` });
  await app.waitForText(name, { within: { css: "#key-detail-title" } });
}

/** Chooses an act in the menu of the key that is shown, and waits for its dialog. */
export async function act(app, name) {
  await app.click({ testId: "key-menu" });
  await app.click({ testId: `act-${name}` });
  return app.find({ role: "dialog" });
}

/** Presses the button of the dialog that is open, which then goes. */
export async function decide(app, verb) {
  await app.click({ role: "button", name: verb, within: { role: "dialog" } });
  await app.gone({ role: "dialog" });
}

/** Waits until the details of the shown key say so. */
export function detailsSay(app, words) {
  return app.waitForText(words, { within: { testId: "key-detail" } });
}

/** All algorithms, with a purpose of each. */
export const algorithms = [
  ["aes-128-gcm", "encrypt"],
  ["aes-192-gcm", "encrypt"],
  ["aes-256-gcm", "encrypt"],
  ["chacha20-poly1305", "encrypt"],
  ["aes-256-kwp", "wrap"],
  ["hmac-sha256", "mac"],
  ["hmac-sha384", "mac"],
  ["hmac-sha512", "derive"],
  ["rsa-2048", "sign"],
  ["rsa-3072", "sign"],
  ["rsa-4096", "authenticate"],
  ["ec-p256", "sign"],
  ["ec-p384", "sign"],
  ["ec-p521", "agree"],
  ["ec-secp256k1", "sign"],
  ["ed25519", "authenticate"],
  ["x25519", "agree"],
  ["ml-kem-512", "agree"],
  ["ml-kem-768", "agree"],
  ["ml-kem-1024", "agree"],
  ["ml-dsa-44", "sign"],
  ["ml-dsa-65", "sign"],
  ["ml-dsa-87", "sign"],
];

/** Makes a key by the command line while the window has the vault open. */
export function createKeyByCommand(app, vault, { name, purpose, algorithm }) {
  return keyreeveJson(
    app.home,
    ["key", "create", "--name", name, "--algorithm", algorithm, "--purpose", purpose, "--exportable"],
    { vault, passphrase },
  );
}
