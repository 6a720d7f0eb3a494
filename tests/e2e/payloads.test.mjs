// Names, tags, notes, fields and error texts are shown as text, whatever they say.
import assert from "node:assert/strict";
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
  await createVault(app, { name: "Payloads" });
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

test("fifty payloads in names, tags, notes, owners and fields run nothing", async () => {
  assert.equal(new Set(payloads).size, 50);
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

test("payloads in the words of an error run nothing", async () => {
  const before = await harm();
  await app.core("lock_vault");
  await app.reload();
  for (const payload of payloads.filter((_, index) => index % 7 === 0)) {
    const error = await app.coreError("vault_status", { path: join("/none", payload) });
    assert.ok(error.message.includes(payload), error.message);
    assert.deepEqual((await harm()).ran, before.ran, payload);
  }
});
