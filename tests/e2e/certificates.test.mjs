// A certificate from a key's menu, in the real window, read by OpenSSL.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
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
let app;
const test = tellStory(() => app);
const { look, problems } = makeLook(() => app);

before(async () => {
  await initVault(home, vault, passphrase);
  const key = ["--name", "edge-tls", "--algorithm", "ec-p256", "--purpose", "sign"];
  await keyreeveJson(home, ["key", "create", ...key], { vault, passphrase });
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

test("a certificate of the key's own is valid for as long as was asked, and the file is never replaced", async () => {
  await act(app, "certificate");
  await app.click({ text: "A certificate, signed by the key itself" });
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

test("both are in the log, and the key is as it was", async () => {
  const { events } = await app.core("list_events", { limit: 10 });
  const actions = events.map(({ action }) => action);
  assert.ok(actions.includes("key.request_certificate") && actions.includes("key.self_sign"), actions.join());
  const { key } = await keyreeveJson(home, ["key", "show", "edge-tls"], { vault, passphrase });
  assert.equal(key.state, "active");
  assert.equal(key.versions.length, 1);
});

test("nothing on these screens is wrong to axe, or cut off", () => {
  assert.deepEqual(problems, []);
});
