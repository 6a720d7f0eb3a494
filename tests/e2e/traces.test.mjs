// Nothing secret is left anywhere that is written to: the window and the command line do their whole work with secrets
// that cannot be mistaken, and then all they wrote is searched for each of them in every form.
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { startApp } from "./support/app.mjs";
import { initVault, keyreeve } from "./support/command-line.mjs";
import { composed, makeHome } from "./support/home.mjs";
import { focusByKeyboard, pressByKeyboard, typeByKeyboard } from "./support/keyboard.mjs";
import { nameOf } from "./support/processes.mjs";
import { tellStory } from "./support/story.mjs";
import { findTraces, secretsOfVault, told } from "./support/traces.mjs";
import { createVault, unlock } from "./support/vault.mjs";

/** Of this run alone: other tests may be writing at the same time. */
const own = randomBytes(6).toString("hex");
const passphrase = `ledger brass ${own}`;
const typed = {
  passphrase,
  "mistyped passphrase": `ledger ${own} brazz`,
  "changed passphrase": `second "walnut" ${own}\\prism`,
  "passphrase of a file": `window sparrow ${own} ferry`,
  "passphrase of a backup": `copper lantern ${own} quay`,
  "passphrase of the command line": `granite velvet ${own}`,
  "passphrase of its operator": `harbour pencil ${own}`,
};
const kinds = [
  ["aes-256-gcm", "encrypt"],
  ["hmac-sha512", "mac"],
  ["rsa-2048", "sign"],
  ["ec-p256", "sign"],
  ["ed25519", "authenticate"],
  ["ml-kem-768", "agree"],
];
/** Where people take secrets out to, and bring them in from: what is in the clear there is meant to be. */
const given = "given";
const shared = ["/tmp", "/var/tmp", "/dev/shm"];
const home = makeHome();
const inHome = (...names) => join(home.path, ...names);
const secrets = inHex(typed);
let app;
let there;
const test = tellStory(() => app);

before(async () => {
  there = new Set(shared.flatMap(entriesOf));
  mkdirSync(inHome(given));
  mkdirSync(inHome("said"));
  app = await startApp({ home, environment: composed });
});
after(async () => {
  await app?.stop();
  home.remove();
});

test("the window does its whole work", async () => {
  const founded = await createVault(app, { name: "Founded", words: passphrase });
  learn("founded", await secretsOfVault(founded, passphrase));
  // Where a passphrase is asked for again and again, one that costs little.
  const vault = inHome("Searched.keyreeve");
  await initVault(home, vault, passphrase);
  await app.lock();
  await app.click({ role: "button", name: "Open another vault…" });
  await app.click({ testId: "tile-open" });
  await app.fill({ testId: "open-path" }, vault);
  await app.press("Enter");
  await app.find({ testId: "unlock" });
  await unlock(app, passphrase);
  const made = {};
  for (const [algorithm, purpose] of kinds) {
    made[algorithm] = await app.core("create_key", { name: algorithm, algorithm, purpose, exportable: true });
  }
  const key = (algorithm) => made[algorithm].key.id;
  await app.core("rotate_key", { key: key("hmac-sha512"), reason: "yearly" });
  await app.lock();
  await app.fill({ testId: "unlock-passphrase" }, typed["mistyped passphrase"]);
  await app.press("Enter");
  await app.waitForText("Check the keyboard layout and Caps Lock");
  await unlock(app, passphrase);

  const pasted = execFileSync("openssl", ["genpkey", "-algorithm", "X25519"], { encoding: "utf8" });
  secrets["pasted line"] = Buffer.from(pasted.split("\n")[1]).toString("hex");
  const { items } = await app.core("stage_import", { text: pasted });
  await app.core("import_keys", { choices: [{ number: items[0].number, name: "pasted" }], exportable: true });

  const proof = { passphrase };
  const protectedBy = { encryptPassphrase: typed["passphrase of a file"], proof };
  await app.core("export_key", {
    ...{ key: key("ec-p256"), format: "pkcs8-pem", out: inHome("protected.pem") },
    ...protectedBy,
  });
  const plain = {
    key: key("aes-256-gcm"),
    format: "raw",
    out: inHome(given, "taken-out"),
    plaintext: true,
    proof,
  };
  await app.core("export_key", plain);
  const refused = await app.coreError("export_key", {
    ...{ ...plain, out: inHome("refused") },
    proof: { passphrase: typed["mistyped passphrase"] },
  });
  assert.equal(refused.code, "wrong_passphrase");

  const backup = {
    file: inHome("all.keyreeve-backup.age"),
    backupPassphrase: typed["passphrase of a backup"],
  };
  const { backupPassphrase } = backup;
  await app.core("create_backup", { out: backup.file, backupPassphrase, withStandardFiles: true, proof });
  await app.core("restore_backup", { ...backup, path: inHome("Restored.keyreeve") });

  const { texts } = await app.core("make_recovery", { shares: 3, threshold: 2, proof });
  for (const [index, text] of texts.entries()) {
    secrets[`recovery share ${index + 1}`] = Buffer.from(text).toString("hex");
  }
  await app.core("add_slot", {
    name: "Paper",
    role: "administrator",
    parts: [{ kind: "recovery", texts }],
    proof,
  });
  const { slots } = await app.core("list_slots");
  const slot = slots.find(({ kind }) => kind === "passphrase").id;
  await app.core("change_passphrase", { slot, newPassphrase: typed["changed passphrase"], proof });
  await app.core("export_audit", { out: inHome("log.jsonl") });
  learn("window", await secretsOfVault(vault, typed["changed passphrase"]));
  learn("restored", await secretsOfVault(inHome("Restored.keyreeve"), passphrase));
});

test("the command line does its whole work", async () => {
  const vault = inHome("Commanded.keyreeve");
  const first = typed["passphrase of the command line"];
  await initVault(home, vault, first);
  const say = async (expected, args, secretsGiven = {}) => {
    const { code, out, errors } = await keyreeve(home, args, {
      vault,
      passphrase: first,
      secrets: secretsGiven,
    });
    writeFileSync(inHome("said", `${readdirSync(inHome("said")).length}.txt`), `${out}\n${errors}`);
    assert.equal(code, expected, `keyreeve ${args.join(" ")}: ${out}${errors}`);
  };
  for (const [algorithm, purpose] of kinds) {
    const words = ["--name", algorithm, "--algorithm", algorithm, "--purpose", purpose, "--exportable"];
    await say(0, ["key", "create", ...words]);
  }
  await say(0, ["key", "rotate", "rsa-2048"]);
  await say(0, ["--json", "key", "show", "rsa-2048"]);
  const fast = ["--kdf-memory-kib", "65536", "--kdf-passes", "3"];
  await say(0, ["slot", "add", "passphrase", "--name", "Operator", ...fast], {
    "new-passphrase": typed["passphrase of its operator"],
  });
  await say(0, ["slot", "add", "recovery", "--code", "--out", inHome(given, "code.txt")]);
  await say(0, ["key", "export", "rsa-2048", "--format", "pkcs8-pem", "--out", inHome("commanded.pem")], {
    "encrypt-passphrase": typed["passphrase of a file"],
  });
  const backup = inHome("commanded.keyreeve-backup.age");
  const opens = { "backup-passphrase": typed["passphrase of a backup"] };
  await say(0, ["backup", "create", "--out", backup], opens);
  await say(0, ["audit", "verify"]);
  await say(0, ["inventory", "--format", "cdx", "--out", inHome("inventory.json")]);
  const wrong = await keyreeve(home, ["key", "list"], { vault, passphrase: typed["mistyped passphrase"] });
  assert.equal(wrong.code, 3);
  writeFileSync(inHome("said", "wrong.txt"), `${wrong.out}\n${wrong.errors}`);
  learn("commanded", await secretsOfVault(vault, first));
});

test("what is copied out of a field of a passphrase is nothing", async () => {
  await app.lock();
  await app.find({ css: '[data-testid="unlock-passphrase"]:focus' });
  focusByKeyboard(app);
  await typeByKeyboard(app, typed["mistyped passphrase"]);
  pressByKeyboard(app, "ctrl+a", "ctrl+c", "ctrl+x");
  assert.equal(await app.value({ testId: "unlock-passphrase" }), typed["mistyped passphrase"]);
  for (const selection of ["clipboard", "primary", "secondary"]) assert.match(clipboard(selection), /^•*$/);
  await unlock(app, typed["changed passphrase"]);
  await app.core("show_key", { key: "ed25519" });
});

test("none of it is in any argument or environment, nor in what a crash leaves", async () => {
  assert.deepEqual(told(await findTraces(secrets, { starts: app.processes })), []);
  const [core] = app.processes;
  assert.equal(nameOf(core), "keyreeve-deskto");
  process.kill(core, "SIGABRT");
  await app.crashed();
  assert.deepEqual(
    readdirSync(home.path).filter((name) => name.startsWith("core")),
    [],
  );
});

test("none of it is in anything that was written", async () => {
  assert.ok(Object.keys(secrets).length >= 40, `only ${Object.keys(secrets).length} secrets are looked for`);
  const ours = readdirSync(home.path).filter((name) => name !== given);
  const others = shared.flatMap(entriesOf).filter((path) => !there.has(path) && path !== home.path);
  const files = [...ours.map((name) => inHome(name)), app.logFile, ...others];
  const traces = await findTraces(secrets, { files });
  assert.deepEqual(told(traces), []);
  const { patterns, bytes } = traces;
  console.log(
    `${Object.keys(secrets).length} secrets, ${patterns} patterns, ${bytes} bytes of files, 0 found`,
  );
});

test("what is there is found: in a file, a name, an argument and an environment", async () => {
  const taken = await findTraces(secrets, { files: [inHome(given)] });
  assert.ok(taken.found.some(({ secret, form }) => secret === "window: aes-256-gcm 1 key" && form === "raw"));
  mkdirSync(inHome(".cache", "deep", "down"), { recursive: true });
  writeFileSync(inHome(".cache", "deep", "down", "log"), Buffer.from(`at ${passphrase} it`, "utf16le"));
  writeFileSync(inHome(".cache", typed["passphrase of a backup"]), "");
  const planted = await findTraces(secrets, { files: [inHome(".cache")] });
  assert.deepEqual(
    planted.found
      .map(({ secret, form }) => `${secret} ${form}`)
      .filter((found) => !found.endsWith("half"))
      .sort(),
    ["passphrase of a backup raw", "passphrase utf16"],
  );
  const environment = { ...process.env, ENTERED: typed["passphrase of a file"] };
  const sleeping = spawn("sleep", ["60"], { env: environment, argv0: passphrase });
  try {
    const started = await findTraces(secrets, { starts: [sleeping.pid] });
    const names = new Set(started.found.map(({ secret }) => secret));
    assert.deepEqual([...names].sort(), ["passphrase", "passphrase of a file"]);
  } finally {
    sleeping.kill();
  }
});

function learn(whose, found) {
  for (const [name, secret] of Object.entries(found)) {
    if (!Object.values(secrets).includes(secret)) secrets[`${whose}: ${name}`] = secret;
  }
}

/** What a selection of the screen holds. */
function clipboard(selection) {
  const environment = { ...home.environment, DISPLAY: app.display };
  return spawnSync("xclip", ["-o", "-selection", selection], { env: environment, encoding: "utf8" }).stdout;
}

function entriesOf(folder) {
  return readdirSync(folder).map((name) => join(folder, name));
}

function inHex(texts) {
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, Buffer.from(text).toString("hex")]),
  );
}
