// A certificate from a key's menu, in the real window, read by OpenSSL.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { startApp } from "./support/app.mjs";
import { initVault, keyreeveJson } from "./support/command-line.mjs";
import { makeHome } from "./support/home.mjs";
import { makeLook } from "./support/look.mjs";
import { tellStory } from "./support/story.mjs";
import { act, go, openKey, passphrase, unlock } from "./support/vault.mjs";

const home = makeHome();
const vault = join(home.path, "Team vault.keyreeve");
const request = join(home.path, "edge.csr.pem");
const certificate = join(home.path, "edge.crt.pem");
const issued = join(home.path, "www.crt.pem");
const list = join(home.path, "root.crl.pem");
let app;
const test = tellStory(() => app);
const { look, problems } = makeLook(() => app);

before(async () => {
  await initVault(home, vault, passphrase);
  for (const name of ["edge-tls", "root-ca"]) {
    const key = ["--name", name, "--algorithm", "ec-p256", "--purpose", "sign", "--exportable"];
    await keyreeveJson(home, ["key", "create", ...key], { vault, passphrase });
  }
  app = await startApp({ home, args: [vault] });
  await unlock(app);
  await go(app, "keys");
  await openKey(app, "edge-tls");
});

after(async () => {
  for (const problem of problems) console.error(problem);
  await app?.stop();
  home.remove();
});

const openssl = (...words) =>
  execFileSync("openssl", words, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** At which place of the whole list a certificate stands, from 1. */
async function rowOf(id) {
  const { certificates } = await app.core("list_certificates", {});
  return certificates.findIndex((one) => one.id === id) + 1;
}

async function confirm(verb) {
  await app.click({ role: "button", name: verb, within: { role: "dialog" } });
}

test("a request says what was typed, whatever signs are in it, and verifies", async () => {
  await act(app, "certificate");
  await app.fill({ testId: "certificate-name" }, "www.example.org");
  await app.fill({ label: "Organisation" }, 'Example, Inc. + <Sons>; "Nephews"');
  await app.fill({ label: "Country" }, "ch");
  await app.fill({ testId: "certificate-names" }, "dns:www.example.org\nhost:www.example.org");
  await app.fill({ label: "File" }, request);
  await confirm("Write the request");
  await app.find({ css: '[role="dialog"] [data-testid="error"][data-code="invalid_request"]' });
  await look("dialog-certificate-refused");
  assert.ok(!existsSync(request), "nothing was written");
  await app.fill({ testId: "certificate-names" }, "dns:www.example.org\nip:192.0.2.7");
  await look("dialog-certificate");
  await confirm("Write the request");
  await app.waitForText("The key stayed in the vault.", { within: { role: "dialog" } });
  await look("dialog-certificate-done");
  const text = openssl("req", "-in", request, "-noout", "-verify", "-text", "-nameopt", "utf8,sep_multiline");
  assert.match(text, /CN=www\.example\.org/);
  assert.match(text, /O=Example, Inc\. \+ <Sons>; "Nephews"/);
  assert.match(text, /C=CH/);
  assert.match(text, /DNS:www\.example\.org, IP Address:192\.0\.2\.7/);
  await app.press("Escape");
  await app.gone({ role: "dialog" });
});

test("an OpenSSH certificate is what ssh-keygen reads, of a public key and of nothing else", async () => {
  const ann = join(home.path, "ann");
  const file = join(home.path, "ann-cert.pub");
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", ann]);
  await act(app, "sshCertificate");
  await app.fill({ testId: "ssh-public-key" }, ann);
  await app.fill({ testId: "ssh-identifier" }, "Ann, laptop");
  await app.fill({ testId: "ssh-principals" }, "ann\ndeploy");
  await app.fill({ testId: "ssh-networks" }, "192.0.2.0/24");
  await app.fill({ label: "File" }, file);
  await confirm("Sign the certificate");
  await app.find({ css: '[role="dialog"] [data-testid="error"][data-code="bad_input_file"]' });
  assert.ok(!existsSync(file), "nothing was written");
  await app.fill({ testId: "ssh-public-key" }, `${ann}.pub`);
  await look("dialog-ssh-certificate");
  await confirm("Sign the certificate");
  await app.waitForText("It is not kept here", { within: { role: "dialog" } });
  await look("dialog-ssh-certificate-done");
  await app.press("Escape");
  await app.gone({ role: "dialog" });
  const shown = execFileSync("ssh-keygen", ["-L", "-f", file], { encoding: "utf8" });
  assert.match(shown, /user certificate/);
  assert.match(shown, /Key ID: "Ann, laptop"/);
  assert.match(shown, /Principals: \n\s+ann\n\s+deploy\n/);
  assert.match(shown, /source-address 192\.0\.2\.0\/24/);
  assert.match(shown, /Extensions: \n\s+permit-pty\n/);

  await app.click({ testId: "examine-files" });
  const examine = { role: "dialog", name: "Examine files" };
  await app.fill({ label: "Path of a file or folder" }, file);
  await app.click({ role: "button", name: "Look" });
  await app.waitForText("ann, deploy", { within: examine });
  await look("examine-ssh-certificate");
  await app.press("Escape");
  await app.gone(examine);
});

test("what was issued for OpenSSH is revoked in the window, and ssh-keygen finds it on the list", async () => {
  const made = (name) => {
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(home.path, name)]);
    return join(home.path, `${name}.pub`);
  };
  const issue = async (name) => {
    const to = ["--public-key", made(name), "--principal", name, "--id", `${name}, phone`];
    const out = ["--out", join(home.path, `${name}-cert.pub`)];
    return keyreeveJson(home, ["cert", "ssh", "edge-tls", ...to, ...out], { vault, passphrase });
  };
  await issue("bob");
  await issue("eve");
  await issue("zoe");
  // What another program does is not seen at once: an answer is good for two seconds.
  await app.reload();
  await go(app, "keys");
  await openKey(app, "edge-tls");
  await app.click({ role: "tab", name: "Certificates" });
  await app.waitForText("Ann, laptop", { within: { testId: "ssh-issued-part" } });
  await look("key-certificates-ssh");

  const krl = join(home.path, "edge.krl");
  /** Whether a file's key or certificate is on the list, as ssh-keygen sees it. */
  const revoked = (list, file) => {
    const words = ["-Q", "-f", list, join(home.path, file)];
    try {
      assert.match(execFileSync("ssh-keygen", words, { encoding: "utf8", stdio: "pipe" }), /: ok/);
      return false;
    } catch (failed) {
      assert.match(`${failed.stdout}`, /: REVOKED/);
      return true;
    }
  };
  await act(app, "sshRevocation");
  await app.waitForText("which is nothing yet", { within: { testId: "ssh-revoked" } });
  await look("dialog-ssh-revocation");
  await app.click({ label: "Ann, laptop" });
  await app.fill({ testId: "ssh-revoke-identifiers" }, "bob, phone");
  await app.click({ text: "Numbers and public keys" });
  await app.fill({ testId: "ssh-revoke-keys" }, join(home.path, "eve"));
  await app.fill({ label: "File" }, krl);
  await app.fill({ label: "Reason" }, "laptop stolen");
  await confirm("Revoke and write the list");
  await app.find({ css: '[role="dialog"] [data-testid="error"][data-code="bad_input_file"]' });
  await look("dialog-ssh-revocation-refused");
  assert.ok(!existsSync(krl), "nothing was written");
  await app.fill({ testId: "ssh-revoke-keys" }, join(home.path, "eve.pub"));
  await app.fill({ testId: "ssh-revoke-numbers" }, "0");
  await confirm("Revoke and write the list");
  await app.find({ css: '[role="dialog"] [data-testid="error"][data-code="invalid_request"]' });
  await app.fill({ testId: "ssh-revoke-numbers" }, "");
  await look("dialog-ssh-revocation-chosen");
  await confirm("Revoke and write the list");
  await app.waitForText("On it: 1 certificate, 1 identifier, 1 public key", { within: { role: "dialog" } });
  await look("dialog-ssh-revocation-done");
  await app.press("Escape");
  await app.gone({ role: "dialog" });
  for (const file of ["ann-cert.pub", "bob-cert.pub", "eve-cert.pub", "eve.pub"]) {
    assert.ok(revoked(krl, file), file);
  }
  for (const file of ["ann.pub", "bob.pub", "zoe-cert.pub", "zoe.pub"]) {
    assert.ok(!revoked(krl, file), file);
  }
  await app.waitForText(/eve, phone user eve\s*Revoked/, { within: { testId: "ssh-issued-part" } });
  await look("key-certificates-ssh-revoked");

  // The next list has what this one had, and never takes its place.
  await app.click({ testId: "ssh-revoke" });
  await app.waitForText("until now 1 certificate, 1 identifier, 1 public key", {
    within: { testId: "ssh-revoked" },
  });
  await app.fill({ label: "File" }, krl);
  await confirm("Write the list");
  await app.find({ css: '[role="dialog"] [data-testid="error"][data-code="exists"]' });
  await app.click({ label: "zoe, phone" });
  await app.fill({ label: "File" }, `${krl}.2`);
  await confirm("Revoke and write the list");
  await app.waitForText("On it: 2 certificates, 1 identifier, 1 public key", { within: { role: "dialog" } });
  await app.press("Escape");
  await app.gone({ role: "dialog" });
  for (const file of ["ann-cert.pub", "bob-cert.pub", "eve-cert.pub", "eve.pub", "zoe-cert.pub"]) {
    assert.ok(revoked(`${krl}.2`, file), file);
  }
  assert.ok(!revoked(`${krl}.2`, "zoe.pub"));
  const { events } = await app.core("list_events", { action: "key.write_krl" });
  assert.deepEqual(
    events.map(({ outcome, source, reason }) => [outcome, source, reason]),
    [
      ["done", "gui", null],
      ["done", "gui", "laptop stolen"],
    ],
  );
});

test("a certificate of the key's own is valid for as long as was asked, and the file is never replaced", async () => {
  await act(app, "certificate");
  await app.click({ text: "Signed by the key itself" });
  await app.fill({ testId: "certificate-name" }, "edge.example.org");
  await app.fill({ label: "Valid for, in days" }, "30");
  await app.fill({ label: "File" }, request);
  await confirm("Sign the certificate");
  await app.find({ css: '[role="dialog"] [data-testid="error"][data-code="exists"]' });
  await app.fill({ label: "File" }, certificate);
  await look("dialog-certificate-self-signed");
  await confirm("Sign the certificate");
  await app.waitForText(/Valid until/, { within: { role: "dialog" } });
  openssl("verify", "-CAfile", certificate, "-verify_hostname", "edge.example.org", certificate);
  openssl("x509", "-in", certificate, "-noout", "-checkend", String(29 * 24 * 60 * 60));
  assert.throws(() => openssl("x509", "-in", certificate, "-noout", "-checkend", String(31 * 24 * 60 * 60)));
  await app.press("Escape");
  await app.gone({ role: "dialog" });
});

test("a CA's own certificate is made from the menu of a key that signs", async () => {
  await openKey(app, "root-ca");
  await act(app, "certificate");
  await app.click({ text: "A CA’s own" });
  await app.fill({ testId: "certificate-name" }, "Example root");
  await app.fill({ label: "Organisation" }, "Example");
  await app.fill({ label: "File" }, join(home.path, "root.pem"));
  await look("dialog-certificate-authority");
  await confirm("Sign the certificate");
  await app.waitForText(/Valid until/, { within: { role: "dialog" } });
  await app.press("Escape");
  await app.gone({ role: "dialog" });
  const text = openssl("x509", "-in", join(home.path, "root.pem"), "-noout", "-text");
  assert.match(text, /CA:TRUE, pathlen:0/);
  assert.match(text, /Certificate Sign, CRL Sign/);
  assert.doesNotMatch(text, /Subject Alternative Name|Extended Key Usage/);
  await openKey(app, "edge-tls");
});

test("a section of its own teaches, lists them, and shows one with its chain", async () => {
  await app.click({ role: "tab", name: "Certificates" });
  await app.waitForText(/edge\.example\.org/, { within: { testId: "key-detail" } });
  await look("key-certificates");
  await go(app, "certificates");
  await app.waitForText("Example root", { within: { testId: "certificate-table" } });
  await app.waitForText("Expires soon", { within: { testId: "certificate-table" } });
  await look("certificates");
});

test("a request from a file is answered by the CA of the vault", async () => {
  await app.click({ testId: "certificate-issue" });
  await app.fill({ label: "Request" }, certificate);
  await app.fill({ label: "File" }, issued);
  await confirm("Issue");
  await app.find({ css: '[role="dialog"] [data-testid="error"][data-code="bad_input_file"]' });
  await app.fill({ label: "Request" }, request);
  await look("dialog-certificate-issue");
  await confirm("Issue");
  await app.gone({ role: "dialog" });
  await app.waitForText("www.example.org", { within: { css: '[data-testid="certificate-detail"] h2' } });
  await look("certificate-detail");
  openssl(
    "verify",
    "-x509_strict",
    "-CAfile",
    join(home.path, "root.pem"),
    "-verify_hostname",
    "www.example.org",
    issued,
  );
});

test("a renewed one takes its place, and the older one is revoked on the list that OpenSSL checks", async () => {
  await app.click({ role: "button", name: "Renew…" });
  await look("dialog-certificate-renew");
  await confirm("Renew");
  await app.gone({ role: "dialog" });
  const before = await app.core("list_certificates", { search: "www.example.org" });
  assert.equal(before.total, 2);
  const older = before.certificates.find(({ replacedBy }) => replacedBy !== null);
  const serial = openssl("x509", "-in", issued, "-noout", "-serial").trim().split("=")[1].toLowerCase();
  assert.equal(older.serial, serial);
  await app.click({
    css: `[data-testid="certificate-table"] tbody tr:nth-child(${await rowOf(older.id)}) button`,
  });
  await app.waitForText("Another one is in its place.", { within: { testId: "certificate-detail" } });
  await app.click({ testId: "certificate-more" });
  await app.click({ role: "menuitem", name: "Revoke…" });
  await app.choose({ testId: "revocation-code" }, "superseded");
  await look("dialog-certificate-revoke");
  await confirm("Revoke");
  await app.gone({ role: "dialog" });
  await app.waitForText(/Revoked on/, { within: { testId: "certificate-detail" } });
  await look("certificate-revoked");

  await app.click({ testId: "certificate-Example root" });
  await app.waitForText("Example root", { within: { css: '[data-testid="certificate-detail"] h2' } });
  await app.click({ testId: "certificate-more" });
  await app.click({ role: "menuitem", name: "Write the revocation list…" });
  await app.fill({ label: "File" }, list);
  await look("dialog-certificate-crl");
  await confirm("Write the list");
  await app.waitForText("1 certificate on it", { within: { role: "dialog" } });
  await app.press("Escape");
  await app.gone({ role: "dialog" });
  const check = ["verify", "-crl_check", "-CAfile", join(home.path, "root.pem"), "-CRLfile", list, issued];
  assert.throws(() => openssl(...check), /certificate revoked/);
});

test("one of a key elsewhere is imported, and one is exported with its chain", async () => {
  const other = join(home.path, "other.pem");
  const made = [
    "req",
    "-x509",
    "-newkey",
    "ed25519",
    "-nodes",
    "-keyout",
    "/dev/null",
    "-subj",
    "/CN=Elsewhere",
  ];
  openssl(...made, "-out", other);
  await app.click({ role: "button", name: "Import…" });
  await app.fill({ label: "File" }, request);
  await confirm("Import");
  await app.find({ css: '[role="dialog"] [data-testid="error"][data-code="bad_input_file"]' });
  await app.fill({ label: "File" }, other);
  await look("dialog-certificate-import");
  await confirm("Import");
  await app.waitForText("its key is not in this vault", { within: { role: "dialog" } });
  await app.press("Escape");
  await app.gone({ role: "dialog" });
  await app.click({ testId: "certificate-Elsewhere" });
  await app.waitForText("Elsewhere", { within: { css: '[data-testid="certificate-detail"] h2' } });
  await app.click({ role: "button", name: "Export…" });
  await app.fill({ label: "File" }, join(home.path, "out.pem"));
  await confirm("Export");
  await app.find({ css: '[role="dialog"] [data-testid="result"]' });
  await app.press("Escape");
  await app.gone({ role: "dialog" });
  assert.equal(readFileSync(join(home.path, "out.pem"), "utf8"), readFileSync(other, "utf8"));
});

test("what people say of a certificate from elsewhere is edited, and it is removed", async () => {
  await app.click({ testId: "certificate-more" });
  await app.click({ role: "menuitem", name: "Edit owner, tags and note…" });
  await app.fill({ label: "Owner" }, "Partner Ltd");
  await look("dialog-certificate-edit");
  await confirm("Save");
  await app.gone({ role: "dialog" });
  await app.waitForText("Partner Ltd", { within: { testId: "certificate-detail" } });
  await app.click({ testId: "certificate-more" });
  await app.click({ role: "menuitem", name: "Remove…" });
  await look("dialog-certificate-remove");
  await confirm("Remove");
  await app.gone({ testId: "certificate-detail" });
  assert.equal((await app.core("list_certificates", { search: "Elsewhere" })).total, 0);
});

test("public keys of others are imported, listed and removed, and told of in the inventory", async () => {
  const partner = join(home.path, "partner.pem");
  const secret = execFileSync("openssl", ["genpkey", "-algorithm", "ed25519"]);
  execFileSync("openssl", ["pkey", "-pubout", "-out", partner], { input: secret });
  await go(app, "public-keys");
  await app.find({ testId: "empty" });
  await look("public-keys-empty");
  await keyreeveJson(home, ["key", "import", partner, "--owner", "Partner Ltd", "--tag", "partners"], {
    vault,
    passphrase,
  });
  const weak = join(home.path, "lift");
  execFileSync("ssh-keygen", ["-q", "-t", "rsa", "-b", "1024", "-N", "", "-C", "lift", "-f", weak]);
  await keyreeveJson(home, ["key", "import", `${weak}.pub`, "--owner", "House services"], {
    vault,
    passphrase,
  });
  // What another program does is not seen at once: an answer is good for two seconds.
  await app.reload();
  await go(app, "public-keys");
  await app.waitForText(/RSA-1024 80 bits Weak/, { within: { testId: "public-key-table" } });
  await app.click({ role: "button", name: "lift" });
  await app.waitForText(/Weak\s*RSA with 1024 bits is too weak/, { within: { testId: "public-key-detail" } });
  await look("public-key-weak");
  await app.waitForText("Partner Ltd", { within: { testId: "public-key-table" } });
  await app.click({ role: "button", name: "partner" });
  await app.waitForText("Its private half is not in this vault.", {
    within: { testId: "public-key-detail" },
  });
  await look("public-keys");
  await app.click({ role: "button", name: "Edit…" });
  await look("dialog-public-key-edit");
  await app.press("Escape");
  await app.gone({ role: "dialog" });

  await go(app, "overview");
  await app.click({ role: "button", name: "Inventory…" });
  const inventory = join(home.path, "all.cdx.json");
  await app.fill({ label: "File" }, inventory);
  await look("dialog-inventory");
  await confirm("Write");
  await app.waitForText(/2 public keys/, { within: { role: "dialog" } });
  await app.press("Escape");
  await app.gone({ role: "dialog" });
  const { components } = JSON.parse(readFileSync(inventory, "utf8"));
  const types = new Set(components.map(({ cryptoProperties }) => cryptoProperties.assetType));
  assert.deepEqual([...types].sort(), ["algorithm", "certificate", "related-crypto-material"]);

  const reminders = join(home.path, "reminders.ics");
  await app.click({ role: "button", name: "Inventory…" });
  await app.click({ text: "Reminders" });
  await app.fill({ label: "File" }, reminders);
  await look("dialog-reminders");
  await confirm("Write");
  await app.waitForText(/reminders;/, { within: { role: "dialog" } });
  await look("dialog-reminders-done");
  await app.press("Escape");
  await app.gone({ role: "dialog" });
  const calendar = readFileSync(reminders, "utf8");
  assert.match(calendar, /^BEGIN:VCALENDAR\r\n/);
  assert.match(calendar, /SUMMARY:Rotate “edge-tls”\r\n/);
  assert.match(calendar, /SUMMARY:The certificate of “CN=Example root/);

  await go(app, "public-keys");
  for (const name of ["partner", "lift"]) {
    await app.click({ role: "button", name });
    await app.click({ role: "button", name: "Remove…" });
    await confirm("Remove");
    await app.gone({ role: "button", name });
  }
  await app.find({ testId: "empty" });
});

test("a key leaves as PKCS#12 with its certificate, and for old programs where someone says so", async () => {
  const file = join(home.path, "edge.p12");
  const secret = "a passphrase of the file's own";
  await go(app, "keys");
  await openKey(app, "edge-tls");
  await app.click({ testId: "key-export" });
  await app.click({ testId: "export-deploy" });
  await app.choose({ testId: "export-format" }, "pkcs12");
  const { certificates } = await app.core("list_certificates", { search: "edge.example.org" });
  await app.choose({ testId: "export-certificate" }, certificates[0].id);
  await app.click({ testId: "export-legacy" });
  await app.fill({ label: "Passphrase of the file" }, secret);
  await app.fill({ label: "Passphrase of the file, again" }, secret);
  await app.fill({ label: "File" }, file);
  await app.fill({ label: "Your passphrase" }, passphrase);
  await look("dialog-export-pkcs12");
  await confirm("Export");
  await app.find({ testId: "result" });
  await app.press("Escape");
  await app.gone({ role: "dialog" });
  const open = ["pkcs12", "-in", file, "-passin", `pass:${secret}`, "-nokeys", "-clcerts", "-legacy"];
  const found = openssl(...open);
  assert.ok(found.includes(readFileSync(certificate, "utf8").trim()), found);
});

test("both are in the log, and the key is as it was", async () => {
  const { events } = await app.core("list_events", { limit: 50 });
  const actions = events.map(({ action }) => action);
  assert.ok(actions.includes("key.request_certificate") && actions.includes("key.self_sign"), actions.join());
  const { key } = await keyreeveJson(home, ["key", "show", "edge-tls"], { vault, passphrase });
  assert.equal(key.state, "active");
  assert.equal(key.versions.length, 1);
});

test("nothing on these screens is wrong to axe, or cut off", () => {
  assert.deepEqual(problems, []);
});
