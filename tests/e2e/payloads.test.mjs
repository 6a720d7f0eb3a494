// Names, tags, notes, fields, subjects, comments, names of files and error texts are shown as text, whatever they say.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startApp } from "./support/app.mjs";
import { createVault, go, openKey } from "./support/vault.mjs";

const run = "window.payloadRan=(window.payloadRan||0)+1";

/** Fifty ways to run something: elements, attributes, addresses, style, broken markup, templates, encodings. */
const payloads = [
  `<script>${run}</script>`,
  `"><script>${run}</script>`,
  `'><script>${run}</script>`,
  `</title><script>${run}</script>`,
  `</textarea><script>${run}</script>`,
  `</style><script>${run}</script>`,
  `</script><script>${run}</script>`,
  `<script src=data:text/javascript,${run}></script>`,
  `<script src=//127.0.0.1:9/x.js></script>`,
  `<SCRIPT/x>${run}</SCRIPT>`,
  `<scr<script>ipt>${run}</script>`,
  `<img src=x onerror=${run}>`,
  `<img src=x onerror="${run}">`,
  `"><img src=x onerror=${run}>`,
  `<img/src=x/onerror=${run}>`,
  `<IMG SRC=x oNeRrOr=${run}>`,
  `<img src=javascript:${run}>`,
  `<img srcset=x onerror=${run}>`,
  `<svg onload=${run}>`,
  `<svg/onload=${run}>`,
  `<svg><script>${run}</script></svg>`,
  `<svg><animate onbegin=${run} attributeName=x dur=1s>`,
  `<svg><a xlink:href="javascript:${run}"><text y=20>x</text></a></svg>`,
  `<svg><foreignObject><iframe onload=${run}></iframe></foreignObject></svg>`,
  `<math href="javascript:${run}">x</math>`,
  `<iframe src="javascript:parent.${run}"></iframe>`,
  `<iframe srcdoc="<script>parent.${run}</script>"></iframe>`,
  `<iframe onload=${run}></iframe>`,
  `<object data="javascript:${run}"></object>`,
  `<embed src="javascript:${run}">`,
  `<a href="javascript:${run}" autofocus onfocus=${run}>x</a>`,
  `<body onload=${run}>`,
  `<input autofocus onfocus=${run}>`,
  `<select autofocus onfocus=${run}></select>`,
  `<details open ontoggle=${run}>x</details>`,
  `<video><source onerror=${run}></video>`,
  `<audio src=x onerror=${run}></audio>`,
  `<marquee onstart=${run}>x</marquee>`,
  `<form action="javascript:${run}"><button>x</button></form>`,
  `<button formaction="javascript:${run}">x</button>`,
  `<meta http-equiv=refresh content="0;url=javascript:${run}">`,
  `<base href="javascript:${run}//">`,
  `<link rel=stylesheet href="data:text/css,*{x:y}" onload=${run}>`,
  `<style onload=${run}>*{color:red}</style>`,
  `<template><script>${run}</script></template>`,
  `<noscript><p title="</noscript><img src=x onerror=${run}>">`,
  `javascript:${run}`,
  `\${${run}}`,
  `{{constructor.constructor('${run}')()}}`,
  `&lt;img src=x onerror=${run}&gt;`,
];

let app;
before(async () => {
  app = await startApp();
});
after(() => app?.stop());

/** Everything in the page that only a payload could have put there, and how often one ran. */
async function harm() {
  return app.driver.executeScript(() => ({
    ran: window.payloadRan ?? 0,
    elements: [
      ...document.querySelectorAll(
        "iframe, object, embed, base, math, marquee, video, audio, body script, meta[http-equiv=refresh]",
      ),
    ].map((element) => element.outerHTML),
    handlers: [...document.querySelectorAll("*")]
      .filter((element) => [...element.attributes].some(({ name }) => name.startsWith("on")))
      .map((element) => element.outerHTML),
    scripts: [...document.querySelectorAll("[href], [src], [action], [formaction]")]
      .filter((element) =>
        ["href", "src", "action", "formaction"].some((name) =>
          /^\s*javascript:/i.test(element.getAttribute(name) ?? ""),
        ),
      )
      .map((element) => element.outerHTML),
  }));
}

const noHarm = { ran: 0, elements: [], handlers: [], scripts: [] };

test("what a payload would leave in the page is found", async () => {
  const clean = await harm();
  await app.driver.executeScript(() => {
    const markup = '<p id="proof"><math></math><i onclick="1"></i><a href="javascript:1"></a></p>';
    document.body.insertAdjacentHTML("beforeend", markup);
    window.payloadRan = 1;
  });
  const found = await harm();
  for (const kind of ["elements", "handlers", "scripts"]) {
    assert.equal(found[kind].length, clean[kind].length + 1, kind);
  }
  assert.equal(found.ran, 1);
  await app.reload();
  assert.deepEqual(await harm(), clean);
});

test("fifty payloads in the words of an error run nothing", async () => {
  assert.equal(new Set(payloads).size, 50);
  await app.click({ testId: "tile-open" });
  const clean = await harm();
  assert.deepEqual({ ...clean, elements: [] }, noHarm);
  for (const payload of payloads) {
    const path = join("/none", payload);
    await app.fill({ testId: "open-path" }, path);
    await app.press("Enter");
    await app.waitForText(path);
    assert.deepEqual(await harm(), clean, payload);
  }
});

test("fifty payloads in names, tags, notes, owners and fields run nothing", async () => {
  await createVault(app, { name: "Payloads" });
  // What is there before any of them: the frame that Tauri isolates commands with.
  const before = await harm();
  assert.deepEqual({ ...before, elements: [] }, noHarm);
  for (const [index, payload] of payloads.entries()) {
    await app.core("create_key", {
      name: `${String(index).padStart(2, "0")} ${payload}`,
      algorithm: "aes-256-gcm",
      purpose: "encrypt",
      owner: payload,
      note: payload,
      tags: [payload.replaceAll(",", ";").slice(0, 60)],
      whereUsed: [{ kind: "host", value: payload }],
      fields: [{ name: "Field", value: payload }],
    });
  }
  await go(app, "keys");
  await app.waitForText("00 <script>");
  for (const [index, payload] of payloads.entries()) {
    await openKey(app, `${String(index).padStart(2, "0")} ${payload}`);
    assert.deepEqual(await harm(), before, payload);
  }
  for (const section of ["overview", "audit", "backups", "access"]) {
    await go(app, section);
    assert.deepEqual(await harm(), before, section);
  }
});

/** A folder with a certificate and a public key for each payload: in a subject, a comment and the names of the files. */
function makeFiles(folder) {
  mkdirSync(folder);
  for (const [index, payload] of payloads.entries()) {
    const number = String(index).padStart(2, "0");
    // No file has a slash in its name.
    const file = join(folder, `${number} ${payload.replaceAll("/", "")}`);
    // A common name has 64 characters at most; whatever else a subject says is longer.
    const escaped = (text) => text.replaceAll(/[\\/+]/g, "\\$&");
    const name = `${number} ${payload.replaceAll(run, "payloadRan=1")}`.slice(0, 64);
    execFileSync(
      "openssl",
      [
        ...["req", "-x509", "-newkey", "ed25519", "-nodes", "-keyout", "/dev/null", "-days", "90", "-utf8"],
        ...["-subj", `/CN=${escaped(name)}/description=${escaped(payload)}`, "-out", `${file}.pem`],
      ],
      { stdio: "ignore" },
    );
    const made = join(folder, "made");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", `${number} ${payload}`, "-f", made]);
    rmSync(made);
    renameSync(`${made}.pub`, `${file}.pub`);
  }
}

/** Clicks each so-many-th of the elements, and looks each time. */
async function lookAtEach(css, every, clean) {
  const count = (await app.all({ css })).length;
  assert.ok(count >= payloads.length, `${count} of ${css}`);
  for (let index = 0; index < count; index += every) {
    await app.driver.executeScript((css, index) => document.querySelectorAll(css)[index].click(), css, index);
    await app.drawn();
    assert.deepEqual(await harm(), clean, `${css} ${index}`);
  }
}

test("fifty payloads in subjects, comments and names of files run nothing", async () => {
  const folder = join(app.home.path, "files");
  makeFiles(folder);
  const clean = await harm();
  await go(app, "keys");
  await app.click({ testId: "examine-files" });
  await app.fill({ label: "Path of a file or folder" }, folder);
  await app.click({ role: "button", name: "Look" });
  await app.find({ testId: "examined" });
  await lookAtEach(".kr-examine-list button", 7, clean);
  await app.click({ role: "button", name: "Done" });
  await app.gone({ role: "dialog" });

  await app.press("Control", "i");
  await app.fill({ label: "Path of a file or folder" }, folder);
  await app.click({ role: "button", name: "Look" });
  await app.waitForText("100 new", { within: { testId: "import-summary" } });
  assert.deepEqual(await harm(), clean);
  await app.click({ role: "button", name: "Import 50 certificates and 50 public keys" });
  await app.click({ role: "button", name: "Done" });
  await app.gone({ role: "dialog" });
  for (const [section, table, detail] of [
    ["certificates", "certificate-table", "certificate-detail"],
    ["public-keys", "public-key-table", "public-key-detail"],
  ]) {
    await go(app, section);
    await app.find({ testId: table });
    await lookAtEach(`[data-testid="${table}"] tbody button`, 7, clean);
    await app.find({ testId: detail });
  }
  // What was brought in is named in the log, and what expires on the overview.
  for (const section of ["audit", "overview"]) {
    await go(app, section);
    await app.drawn();
    assert.deepEqual(await harm(), clean, section);
  }
});
