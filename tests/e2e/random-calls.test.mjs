// Every command of the window, called from the page with JSON that nobody meant, locked and unlocked.
//
// KEYREEVE_CALLS says how often each command is called, KEYREEVE_SEED repeats a run; a failure names its seed.
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { startApp } from "./support/app.mjs";
import { initVault, keyreeveJson } from "./support/command-line.mjs";
import { makeHome } from "./support/home.mjs";
import { makeRandomCalls } from "./support/random-calls.mjs";
import { tellStory } from "./support/story.mjs";
import { findTraces, secretsOfVault, told } from "./support/traces.mjs";
import { go, passphrase, unlock } from "./support/vault.mjs";

const times = Number(process.env.KEYREEVE_CALLS ?? 12);
const seed = Number(process.env.KEYREEVE_SEED ?? Date.now() % 1_000_000);
const home = makeHome();
const vault = join(home.path, "Called.keyreeve");
const permissions = new URL("../../src-tauri/permissions/commands.toml", import.meta.url);
/** Where the app is started: a name without a folder must not be taken from here. */
const startedIn = readdirSync(".");
const commands = [...readFileSync(permissions, "utf8").matchAll(/^ {4}"(\w+)",$/gm)].map(([, name]) => name);
/** It ends the page, and so comes last, alone. */
const lasting = commands.filter((name) => name !== "lock_vault");
let app;
let keys;
let slots;
let secrets;
const test = tellStory(() => app);

before(async () => {
  await initVault(home, vault, passphrase);
  mkdirSync(join(home.path, "found"));
  writeFileSync(join(home.path, "found", "known_hosts"), "example.org ssh-ed25519 AAAA\n");
  keys = [];
  for (const [algorithm, purpose] of [
    ["aes-256-gcm", "encrypt"],
    ["ec-p256", "sign"],
    ["ed25519", "authenticate"],
  ]) {
    const made = await keyreeveJson(
      home,
      ["key", "create", "--name", algorithm, "--algorithm", algorithm, "--purpose", purpose, "--exportable"],
      { vault, passphrase },
    );
    keys.push(made.key.id);
  }
  slots = (await keyreeveJson(home, ["slot", "list"], { vault, passphrase })).slots;
  secrets = await secretsOfVault(vault, passphrase);
  app = await startApp({ home, args: [vault] });
});
after(async () => {
  await app?.stop();
  home.remove();
});

test("all commands are called", () => {
  assert.ok(commands.length > 50 && commands.includes("export_key"));
});

test(`locked, ${times} times each: every answer is one that there is (seed ${seed})`, async () => {
  await callAll(seed);
  assert.equal((await app.core("current_session")).session, null, "nothing was opened");
});

test(`unlocked, ${times} times each: every answer is one that there is (seed ${seed + 1})`, async () => {
  // By now the app may remember any vault.
  await app.core("put_preferences", { recentVaults: [vault] });
  await app.reload();
  await unlock(app);
  await callAll(seed + 1);
  await app.reload();
  await go(app, "keys");
  assert.notEqual((await app.core("current_session")).session, null, "nothing was locked");
});

test("nobody came in, nothing was destroyed, nothing was let out, and the log verifies", async () => {
  const verified = await keyreeveJson(home, ["audit", "verify"], { vault, passphrase });
  assert.equal(verified.ok, true);
  const identity = ({ id, kind, role }) => `${id} ${kind} ${role}`;
  const slotsNow = (await keyreeveJson(home, ["slot", "list"], { vault, passphrase })).slots;
  assert.deepEqual(slotsNow.map(identity), slots.map(identity));
  const secretsNow = Object.values(await secretsOfVault(vault, passphrase));
  const lost = Object.keys(secrets).filter((name) => !secretsNow.includes(secrets[name]));
  assert.deepEqual(lost, []);
  assert.deepEqual(told(await findTraces(secrets, { files: [home.path] })), []);
});

test("nothing was written where the app was started", () => {
  assert.deepEqual(readdirSync("."), startedIn);
});

test("locking locks, whatever it is called with", async () => {
  await app.core("lock_vault", { why: ["nothing"] });
  await app.find({ testId: "unlock" });
  assert.equal((await app.core("current_session")).session, null);
});

async function callAll(from) {
  const samples = sampleRequests();
  await app.driver.manage().setTimeouts({ script: 600_000 });
  const outcome = await app.driver.executeAsyncScript(makeRandomCalls, from, times, lasting, samples);
  assert.equal(outcome.failed, undefined, `seed ${from}: ${outcome.failed}`);
  assert.deepEqual(outcome.problems, [], `seed ${from}`);
  const uncalled = lasting.filter((name) => outcome.answers[name] !== times);
  assert.deepEqual(uncalled, [], `seed ${from}`);
  assert.ok(outcome.refused > times && outcome.answered > times, JSON.stringify(outcome));
  const { answered, refused, misshapen } = outcome;
  console.log(`seed ${from}: ${answered} answered, ${refused} refused, ${misshapen} of no request's shape`);
}

/** A request of each command that has one; what is called is a variation of it. */
function sampleRequests() {
  const [key] = keys;
  const [slot] = slots;
  const out = join(home.path, "out");
  const change = { key, version: 1, expectedRevision: 1, reason: "why not" };
  const proof = { passphrase: "not the one" };
  const create = {
    ...{
      name: "made",
      algorithm: "aes-256-gcm",
      purpose: "encrypt",
      exportable: true,
      owner: "me",
      note: "none",
    },
    ...{ tags: ["one"], whereUsed: [{ kind: "host", value: "h" }], fields: [{ name: "n", value: "v" }] },
    ...{ policy: { template: "pci-dss", overlap: "P1D" }, activateAt: "2027-01-01T00:00:00Z", count: 2 },
  };
  const wish = {
    ...{ key: keys[1], subject: "CN=a", alternativeNames: ["dns:a"], out },
    ...{ keyUsage: ["digital-signature"], extendedKeyUsage: ["tls-server"] },
  };
  const list = { search: "a", state: "active", tag: "one", sortBy: "name", descending: true, limit: 5 };
  const backup = { file: join(home.path, "none.age"), backupPassphrase: "x", identityFile: out, job: "j" };
  return {
    put_preferences: { theme: "dark", idleLockMinutes: 5, recentVaults: [vault], keyColumns: ["state"] },
    cancel_job: { job: "j" },
    check_passphrase: { passphrase: "abc" },
    vault_status: { path: vault },
    create_vault: { path: join(home.path, "New.keyreeve"), passphrase: "abc", slotName: "s" },
    unlock_vault: { path: vault, slot: slot.id, kind: "passphrase", credentials: proof, acceptClock: true },
    list_keys: list,
    show_key: { key },
    distribution: { key },
    note_roll_out: { key, holder: "host=web-1" },
    create_key: create,
    create_keys: { ...create, job: "j" },
    rotate_key: change,
    activate_key: change,
    suspend_key: change,
    resume_key: { ...change, proof: {} },
    deactivate_key: change,
    revoke_key: { ...change, at: "2026-01-01T00:00:00Z" },
    destroy_key: { ...change, waitDays: 7 },
    cancel_destroy_key: change,
    rename_key: { key, name: "renamed", expectedRevision: 1 },
    edit_key: { key, owner: "me", tags: ["t"], policy: { endsUse: true }, proof: {} },
    bulk_change: {
      selection: { kind: "query", query: list },
      change: { kind: "add_tag", tag: "t" },
      job: "j",
    },
    public_key: { key: keys[1], version: 1, format: "spki-pem" },
    export_key: { key: keys[1], format: "pkcs8-pem", out, plaintext: true, proof, reason: "r" },
    key_services: { key: keys[1] },
    bring_key: { key: keys[1], target: "aws-kms", wrappingKey: out, out, proof, reason: "r" },
    request_certificate: { ...wish, version: 1, reason: "r" },
    self_sign: { wish, days: 30, authority: true, pathLength: 1 },
    issue_certificate: { key: keys[1], request: out, template: "tls-server", days: 5, out, reason: "r" },
    issue_ssh_certificate: {
      ...{ key: keys[1], publicKey: join(home.path, "found", "known_hosts"), keyId: "k", principals: ["p"] },
      ...{ days: 5, permissions: ["pty"], sourceAddresses: ["192.0.2.0/24"], forceCommand: "true", out },
    },
    list_ssh_certificates: { key: keys[1], version: 1, search: "a", limit: 5 },
    write_krl: { key: keys[1], version: 1, serials: ["7"], keyIds: ["k"], publicKeys: [], out, reason: "r" },
    list_certificates: { search: "a", state: "valid", key: keys[1], limit: 5 },
    show_certificate: { certificate: "0b0e6c1e" },
    import_certificates: { paths: [join(home.path, "found")] },
    export_certificate: { certificate: "0b0e6c1e", out, chain: true },
    edit_certificate: { certificate: "0b0e6c1e", description: { owner: "o", note: "n", tags: ["t"] } },
    remove_certificate: { certificate: "0b0e6c1e", reason: "r" },
    list_known_keys: { search: "a", limit: 5 },
    show_known_key: { publicKey: "0b0e6c1e" },
    edit_known_key: { publicKey: "0b0e6c1e", name: "n", description: { owner: "o", note: "n", tags: ["t"] } },
    remove_known_key: { publicKey: "0b0e6c1e", reason: "r" },
    export_inventory: { format: "csv", out, job: "j" },
    renew_certificate: { certificate: "0b0e6c1e", sameKey: true, days: 5, reason: "r" },
    revoke_certificate: { certificate: "0b0e6c1e", code: "superseded", reason: "r" },
    write_crl: { key: keys[1], version: 1, days: 5, out, der: true },
    stage_import: { paths: [join(home.path, "found")], text: "-----BEGIN PRIVATE KEY-----", job: "j" },
    examine_files: { paths: [join(home.path, "found")], job: "j" },
    unlock_import: { password: "x", job: "j" },
    import_keys: { choices: [{ number: 1, name: "n" }], exportable: true, tags: ["t"] },
    list_events: { key, action: "key.create", since: "2026-01-01T00:00:00Z", beforeSeq: 3, limit: 5 },
    verify_audit: { job: "j" },
    export_audit: { out: `${out}.jsonl`, job: "j" },
    prove_audit: { entry: 1, sinceSize: 1 },
    create_backup: { out: `${out}.age`, recipients: ["age1none"], proof: {}, withStandardFiles: true },
    verify_backup: backup,
    examine_identity: { file: join(home.path, "found", "known_hosts") },
    restore_backup: { ...backup, path: join(home.path, "Restored.keyreeve") },
    watch_cards: { vault },
    make_card_key: {
      application: "piv",
      serial: "0a0b0c0d",
      kind: "p256",
      pin: "123456",
      authority: "",
      proof: {},
    },
    add_slot: {
      name: "mine",
      role: "administrator",
      parts: [{ kind: "passphrase", passphrase: "x" }],
      proof: {},
    },
    make_recovery: { shares: 3, threshold: 2, proof: {} },
    rename_slot: { slot: slot.id, name: "renamed" },
    change_passphrase: { slot: slot.id, newPassphrase: "abc", acceptWeakPassphrase: true, proof },
    remove_slot: { slot: slot.id, rotateMaterialKey: true, proof, job: "j" },
    rotate_material_key: { reason: "why not", proof, job: "j" },
    recalibrate_slot: { slot: slot.id, passphrase: "not the one" },
    test_slot: { slot: slot.id, credentials: proof },
  };
}
