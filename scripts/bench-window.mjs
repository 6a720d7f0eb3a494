// Measures the real window at 100,000 keys: how long from a keystroke in the search to its rows, and from the start to
// a window that can be used.   npm run bench -- window [--keys 100000] [--write]
import { existsSync } from "node:fs";
import { join } from "node:path";
import { occasion, within, writeFigures } from "./lib/figures.mjs";
import { buildInterface, programPath, targetFolder, windowFeature } from "./lib/programs.mjs";
import { Problem, run } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

const BEGIN = "<!-- window: written by `npm run bench -- window` -->";
const END = "<!-- end of window -->";

/** Kinds of keys in equal parts, quick to make. */
const kinds = [
  ["payments", "aes-256-gcm", "encrypt"],
  ["webhook", "hmac-sha256", "mac"],
  ["deploy", "ed25519", "sign"],
  ["transport", "x25519", "agree"],
  ["archive", "chacha20-poly1305", "encrypt"],
];

/** What is typed, letter by letter: a name, a tag, a number, two words, what every key has, and what none has. */
const typed = ["payments-00012", "production", "007", "deploy 0199", "team", "nothing-like-it"];

const passphrase = "ledger brass tulip orbit";

/** Measures, shows the figures, and with `--write` puts them into docs/performance.md. */
export async function benchWindow(options) {
  const text = report(await measure(options));
  console.log(`\n${text}`);
  if (options.includes("--write")) writeFigures(BEGIN, END, text);
}

async function measure(options) {
  const keys = Number(wordAfter(options, "--keys") ?? 100_000);
  if (!Number.isInteger(keys) || keys < kinds.length) throw new Problem("--keys takes a whole number.");
  await setup("test");
  await buildInterface();
  await run("cargo", [
    ...["build", "--release", "--locked", "-p", "keyreeve-cli", "-p", "keyreeve-desktop", ...windowFeature],
  ]);
  process.env.KEYREEVE_BIN_DIR = join(targetFolder, "release");
  if (!existsSync(programPath("keyreeve-desktop", "release"))) throw new Problem("The window was not built.");
  // Loaded only now: they read where the programs are.
  const { startApp } = await import("../tests/e2e/support/app.mjs");
  const { initVault, keyreeveJson } = await import("../tests/e2e/support/command-line.mjs");
  const { composed, makeHome } = await import("../tests/e2e/support/home.mjs");

  const home = makeHome();
  try {
    const vault = join(home.path, "Bench.keyreeve");
    await initVault(home, vault, passphrase);
    for (const [name, algorithm, purpose] of kinds) {
      const count = String(Math.floor(keys / kinds.length));
      console.log(`Making ${count} keys ${name}-…`);
      await keyreeveJson(
        home,
        [
          ...["key", "create", "--name", name, "--algorithm", algorithm, "--purpose", purpose],
          ...["--count", count, "--tag", "production", "--tag", name, "--owner", "Platform team"],
        ],
        { vault, passphrase },
      );
    }
    const begun = performance.now();
    const app = await startApp({ home, args: [vault], environment: composed });
    try {
      const usable = performance.now() - begun;
      await app.fill({ testId: "unlock-passphrase" }, passphrase);
      await app.press("Enter");
      await app.find({ testId: "shell" });
      await app.click({ testId: "nav-keys" });
      await app.find({ testId: "keys-grid" });
      await app.click({ testId: "keys-search" });
      const answers = [];
      for (const words of typed) {
        for (const letter of words) answers.push(await app.driver.executeAsyncScript(typeLetter, letter));
        await app.driver.executeAsyncScript(typeLetter, null);
      }
      return { keys, usable, answers };
    } finally {
      await app.stop();
    }
  } finally {
    home.remove();
  }
}

/**
 * Runs in the page: types one letter, or empties the box, and waits for the rows that answer it. Times are taken from
 * before the input event to when the rows are in the page and laid out, and to the frame after, which shows them.
 */
function typeLetter(letter, done) {
  const box = document.activeElement;
  const total = document.querySelector('[data-testid="keys-total"]');
  const start = performance.now();
  const observer = new MutationObserver(() => {
    if (total.getAttribute("aria-busy") === "true") return;
    observer.disconnect();
    // Reading a place makes the page lay the rows out.
    document.querySelector('[data-testid="keys-grid"] [data-index]')?.getBoundingClientRect();
    const rows = performance.now() - start;
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => done({ rows, painted: performance.now() - start });
      channel.port2.postMessage(null);
    });
  });
  observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
  if (letter === null) {
    box.select();
    document.execCommand("delete");
  } else {
    document.execCommand("insertText", false, letter);
  }
}

function report({ keys, usable, answers }) {
  const spread = (name) => {
    const times = answers.map((answer) => answer[name]);
    return [0.5, 0.95, 1].map((share) => `${within(times, share).toFixed(1)} ms`).join(" | ");
  };
  const { day, machine } = occasion();
  return [
    `Measured on ${day} in the real window, built for release, under Xvfb and drawn by the processor:`,
    `${machine}. ${answers.length} keystrokes among ${keys.toLocaleString("en")} keys.`,
    "",
    "| From a keystroke to … | Half within | 95 of 100 within | All within |",
    "| --- | ---: | ---: | ---: |",
    `| its rows in the page, laid out | ${spread("rows")} |`,
    `| the frame that shows them | ${spread("painted")} |`,
    "",
    `The window could be used ${(usable / 1000).toFixed(2)} s after its start, of which the screen and the driver it is`,
    "measured by took a part.",
  ].join("\n");
}

function wordAfter(options, name) {
  const place = options.indexOf(name);
  return place < 0 ? undefined : options[place + 1];
}
