// After a lock no process of the app remembers a secret. What is typed here is typed on a keyboard of the X server:
// the web view's automation would keep copies of its own. `npm run memory` locks two hundred times.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { startApp } from "./support/app.mjs";
import { initVault, keyreeveJson } from "./support/command-line.mjs";
import { composed, makeHome } from "./support/home.mjs";
import { focusByKeyboard, pressByKeyboard, typeByKeyboard } from "./support/keyboard.mjs";
import { nameOf } from "./support/processes.mjs";
import { tellStory } from "./support/story.mjs";
import { findTraces, secretsOfVault, told } from "./support/traces.mjs";
import { go, openKey } from "./support/vault.mjs";

const locks = Number(process.env.KEYREEVE_LOCKS ?? 4);
/** What people type; with what JSON escapes, so that both forms are looked for. */
const typed = {
  passphrase: 'ledger "brass" tulip\\orbit 7',
  "passphrase before": 'pewter "heron"\\garden 5 moss',
  "mistyped passphrase": 'ledger "brass" tulip\\orbjt 8',
  "passphrase of a file": 'window "sparrow"\\ninety ferry',
  "passphrase of a backup": 'copper "lantern"\\verbatim quay',
};
const kinds = [
  ["aes-256-gcm", "encrypt"],
  ["chacha20-poly1305", "encrypt"],
  ["hmac-sha512", "mac"],
  ["rsa-2048", "sign"],
  ["ec-p256", "sign"],
  ["ec-secp256k1", "sign"],
  ["ed25519", "authenticate"],
  ["x25519", "agree"],
  ["ml-kem-768", "agree"],
  ["ml-dsa-65", "sign"],
];
const home = makeHome();
const vault = join(home.path, "Remembered.keyreeve");
let secrets = inHex(typed);
let app;
const test = tellStory(() => app);

before(async () => {
  await initVault(home, vault, typed["passphrase before"]);
  app = await startApp({ home, args: [vault], environment: composed });
});
after(async () => {
  await app?.stop();
  home.remove();
});

test("every form of a secret is found in the memory of another process", async () => {
  const made = {
    text: inHex({ text: 'nine "wells"\\of winter' }).text,
    key: "f0".repeat(7) + "0123456789abcdef".repeat(3),
  };
  const other = spawn(process.execPath, ["-e", `(${holdForms})()`], { stdio: ["pipe", "pipe", "inherit"] });
  try {
    other.stdin.end(JSON.stringify(made));
    await once(other.stdout, "data");
    const { found } = await findTraces(made, { memory: [other.pid] });
    for (const secret of Object.keys(made)) {
      const forms = new Set(found.filter((trace) => trace.secret === secret).map(({ form }) => form));
      assert.deepEqual(
        [...forms].sort(),
        ["base64", "half", "hex", "json", "raw", "reversed", "utf16"],
        secret,
      );
    }
  } finally {
    other.kill();
  }
});

test("what was typed is in the web view's process while it is in its field, and after it was wrong", async () => {
  await atTheDoor(typed["mistyped passphrase"]);
  const { found } = await lookEverywhere();
  const holders = new Set(found.map(({ secret, place }) => `${secret} in ${place.split(" ")[0]}`));
  assert.ok(holders.has("mistyped passphrase in WebKitWebProces"), [...holders].join());
  pressByKeyboard(app, "Return");
  await app.waitForText("Check the keyboard layout and Caps Lock");
});

test("a passphrase is changed", async () => {
  await openTheDoor(typed["passphrase before"]);
  await go(app, "access");
  await app.click({ role: "button", name: "Change the passphrase of “Passphrase”…" });
  await typeInto({ label: "Your passphrase" }, typed["passphrase before"]);
  await typeInto({ label: "New passphrase" }, typed.passphrase);
  await typeInto({ label: "New passphrase, again" }, typed.passphrase);
  await app.click({ role: "button", name: "Change", within: { role: "dialog" } });
  await app.gone({ role: "dialog" });
  await app.lock();
});

test("a vault is recovered with shares, which are typed where they can be read", async () => {
  const sheets = join(home.path, "shares.html");
  await keyreeveJson(home, ["slot", "add", "recovery", "--out", sheets], {
    vault,
    passphrase: typed.passphrase,
  });
  const shares = sharesOf(readFileSync(sheets, "utf8"));
  secrets = { ...secrets, ...inHex({ "one share": shares[0], "another share": shares[1] }) };
  // The door that is there knows nothing of the new way in.
  await app.reload();
  await app.click({ css: ".kr-wayin:not([data-chosen])" });
  for (const at of [0, 1]) {
    await app.click({ testId: `unlock-recovery-${at + 1}` });
    focusByKeyboard(app);
    await typeByKeyboard(app, shares[at]);
  }
  const { found } = await lookEverywhere();
  assert.ok(
    found.some(({ secret, place }) => secret === "another share" && place.startsWith("keyreeve-deskto")),
    "a share that is being typed is not in the app's own process: then this step shows nothing",
  );
  await app.click({ testId: "unlock-submit" });
  await app.find({ role: "dialog", name: "After recovery" });
  await app.click({ role: "button", name: "Cancel", within: { role: "dialog" } });
  await app.gone({ role: "dialog" });
});

test("a key is pasted", async () => {
  const pem = execFileSync("openssl", ["genpkey", "-algorithm", "ED25519"], { encoding: "utf8" });
  secrets = { ...secrets, ...inHex({ "pasted key": pem.split("\n")[1] }) };
  await go(app, "keys");
  await app.click({ testId: "import-keys" });
  await app.find({ testId: "import-sources" });
  focusByKeyboard(app);
  const clipboard = spawn("xclip", ["-quiet", "-selection", "clipboard", "-in"], {
    env: { ...app.home.environment, DISPLAY: app.display },
    stdio: ["pipe", "ignore", "pipe"],
  });
  try {
    clipboard.stdin.end(pem);
    await once(clipboard.stderr, "data");
    pressByKeyboard(app, "ctrl+v");
    await app.waitForText("1 new", { within: { testId: "import-summary" } });
  } finally {
    clipboard.kill();
  }
  await finish("Import 1 key");
  await app.lock();
});

test("an open vault's keys are in the app's memory, and material of every kind passes through it", async () => {
  await openTheDoor();
  for (const [algorithm, purpose] of kinds) {
    await app.core("create_key", { name: algorithm, algorithm, purpose, exportable: true });
  }
  await app.reload();
  await exportOne();

  await backUp();

  secrets = { ...secrets, ...(await secretsOfVault(vault, typed.passphrase)) };
  assert.ok(Object.keys(secrets).length >= 40, `only ${Object.keys(secrets).length} secrets are looked for`);
  const { found } = await lookEverywhere();
  for (const secret of ["VK", "MK", "database key"]) {
    const places = found.filter((trace) => trace.secret === secret && trace.form === "raw");
    assert.ok(
      places.some(({ place }) => place.startsWith("keyreeve-deskto")),
      `${secret} was not found`,
    );
  }
});

test(`locked, no process remembers any of it, ${locks} times`, async () => {
  const figures = { locks: 0, processes: new Set(), patterns: 0, bytes: 0 };
  for (;;) {
    await app.lock();
    const traces = await lookEverywhere();
    assert.deepEqual(told(traces), [], `after lock ${figures.locks + 1}`);
    assert.ok(traces.processes >= 3, `only ${traces.processes} processes were there to be searched`);
    figures.locks += 1;
    figures.patterns = traces.patterns;
    figures.bytes += traces.bytes;
    for (const process of app.processes) figures.processes.add(nameOf(process));
    if (figures.locks === locks) break;
    await openTheDoor();
  }
  assert.deepEqual([...figures.processes].sort(), ["WebKitNetworkPr", "WebKitWebProces", "keyreeve-deskto"]);
  const { patterns, bytes } = figures;
  console.log(
    `${locks} locks, ${Object.keys(secrets).length} secrets, ${patterns} patterns, ${bytes} bytes, 0 found`,
  );
});

function lookEverywhere() {
  return findTraces(secrets, { memory: app.processes });
}

async function atTheDoor(words) {
  await app.find({ css: '[data-testid="unlock-passphrase"]:focus' });
  focusByKeyboard(app);
  await typeByKeyboard(app, words);
}

async function openTheDoor(words = typed.passphrase) {
  await atTheDoor(words);
  pressByKeyboard(app, "Return");
  await app.find({ testId: "shell" });
}

/** The shares on a page that was printed. */
function sharesOf(page) {
  const lists = page.split("<ol>").slice(1);
  return lists.map((list) =>
    [...list.split("</ol>")[0].matchAll(/<li>([a-z]+)<\/li>/g)].map(([, word]) => word).join(" "),
  );
}

/** Takes a key out into an encrypted file. */
async function exportOne() {
  await go(app, "keys");
  await openKey(app, "ec-p256");
  await app.click({ testId: "key-export" });
  await app.click({ testId: "export-deploy" });
  await app.choose({ testId: "export-format" }, "pkcs8-pem");
  await app.fill({ label: "File" }, join(home.path, "exported.pem"));
  await typeInto({ label: "Passphrase of the file" }, typed["passphrase of a file"]);
  await typeInto({ label: "Passphrase of the file, again" }, typed["passphrase of a file"]);
  await typeInto({ label: "Your passphrase" }, typed.passphrase);
  await finish("Export");
}

/** Makes a backup, which is restored once to see that it can be. */
async function backUp() {
  await go(app, "backups");
  await app.click({ testId: "backup-create" });
  await app.fill({ testId: "backup-file" }, join(home.path, "Remembered.keyreeve-backup.age"));
  await typeInto({ label: "Passphrase of the backup" }, typed["passphrase of a backup"]);
  await typeInto({ label: "Passphrase of the backup, again" }, typed["passphrase of a backup"]);
  await finish("Back up");
}

async function typeInto(query, words) {
  await app.click(query);
  await typeByKeyboard(app, words);
}

async function finish(verb) {
  await app.click({ role: "button", name: verb, within: { role: "dialog" } });
  await app.click({ role: "button", name: "Done", within: { role: "dialog" } });
  await app.gone({ role: "dialog" });
}

function inHex(texts) {
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, Buffer.from(text).toString("hex")]),
  );
}

/** Runs in a process of its own: holds all forms of what it reads, made in ways that are not those of the search. */
function holdForms() {
  let text = "";
  process.stdin.on("data", (chunk) => {
    text += chunk;
  });
  process.stdin.on("end", () => {
    globalThis.held = Object.values(JSON.parse(text)).flatMap((hex) => {
      const bytes = Buffer.from(hex, "hex");
      const isText = !hex.startsWith("f0");
      return [
        Buffer.from(bytes),
        Buffer.from(hex),
        Buffer.from(bytes.toString("base64")),
        Buffer.from(isText ? bytes.toString() : bytes.toString("latin1"), "utf16le"),
        Buffer.from([...bytes].reverse()),
        Buffer.from(isText ? JSON.stringify(bytes.toString()) : JSON.stringify([...bytes])),
      ];
    });
    console.log("held");
  });
  setInterval(() => {}, 60_000);
}
