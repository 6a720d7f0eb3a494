// Measures unlocking with the desktop's keyring and with smartcards, listing cards, and locking from outside, each as
// the whole command that a person runs.   npm run bench -- ways-in [--times 40] [--write]
import { join } from "node:path";
import { occasion, within, writeFigures } from "./lib/figures.mjs";
import { buildCardRig, buildInterface, targetFolder, windowFeature } from "./lib/programs.mjs";
import { Problem, run } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

const BEGIN = "<!-- ways in: written by `npm run bench -- ways-in` -->";
const END = "<!-- end of ways in -->";
const passphrase = "ledger brass tulip orbit";

/** Measures, shows the figures, and with `--write` puts them into docs/performance.md. */
export async function benchWaysIn(options) {
  const place = options.indexOf("--times");
  const times = place < 0 ? 40 : Number(options[place + 1]);
  if (!Number.isInteger(times) || times < 1) throw new Problem("--times takes a whole number.");
  await setup("test");
  await buildCardRig();
  await buildInterface();
  await run("cargo", [
    ...["build", "--release", "--locked", "-p", "keyreeve-cli", "-p", "keyreeve-desktop", ...windowFeature],
  ]);
  process.env.KEYREEVE_BIN_DIR = join(targetFolder, "release");
  const figures = await measure(times);
  const text = report(figures, times);
  console.log(`\n${text}`);
  if (options.includes("--write")) writeFigures(BEGIN, END, text);
}

async function measure(times) {
  // Loaded only now: they read where the programs are.
  const { startApp } = await import("../tests/e2e/support/app.mjs");
  const { pin, startCards } = await import("../tests/e2e/support/cards.mjs");
  const { initVault, keyreeve, keyreeveJson } = await import("../tests/e2e/support/command-line.mjs");
  const { composed, makeHome } = await import("../tests/e2e/support/home.mjs");
  const { startKeyring } = await import("../tests/e2e/support/keyring.mjs");

  const home = makeHome();
  const started = [];
  try {
    started.push(await startKeyring(home));
    const cards = await startCards(home);
    started.push(cards);
    const vault = join(home.path, "Bench.keyreeve");
    await initVault(home, vault, passphrase);

    const timed = async (step) => {
      const all = [];
      for (let round = 0; round < times; round += 1) {
        const begun = performance.now();
        await step();
        all.push(performance.now() - begun);
      }
      return all;
    };
    const open = (slot, secrets = {}) =>
      keyreeveJson(home, ["key", "list", "--slot", slot], { vault, ...secrets });
    const add = (words, secrets = {}) =>
      keyreeveJson(home, ["slot", "add", ...words], { vault, passphrase, ...secrets });

    const figures = { "Starting the command": await timed(() => keyreeve(home, ["--version"])) };
    await add(["os-keyring", "--name", "Desk"]);
    figures["Open with the keyring"] = await timed(() => open("Desk"));
    for (const [name, kind, card] of [
      ["PIV, P-256", "piv", "piv badge serial=0a0b0c0d piv-key=p256"],
      ["PIV, RSA-2048", "piv", "piv badge serial=0a0b0c0e piv-key=rsa2048"],
      ["OpenPGP, X25519", "openpgp-card", "openpgp token serial=00000042 key=x25519"],
    ]) {
      await cards.say(`insert 0 ${card}`);
      await add([kind, "--name", name], { pin });
      figures[`Open with a card (${name})`] = await timed(() => open(name, { pin }));
      if (name === "PIV, P-256") {
        figures["List the cards"] = await timed(() => keyreeveJson(home, ["card", "list"]));
      }
      await cards.say("pull 0");
    }

    const app = await startApp({ home, args: [vault], environment: composed });
    started.push(app);
    const slot = (await keyreeveJson(home, ["slot", "list"], { vault, passphrase })).slots.find(
      ({ kind }) => kind === "passphrase",
    );
    const locks = [];
    for (let round = 0; round < times; round += 1) {
      const credentials = { passphrase };
      await app.core("unlock_vault", { path: vault, slot: slot.id, kind: "passphrase", credentials });
      const begun = performance.now();
      const { locked } = await keyreeveJson(home, ["lock"]);
      locks.push(performance.now() - begun);
      if (!locked) throw new Problem("There was nothing to lock.");
    }
    figures["Lock the window from outside, until it says that all is wiped"] = locks;
    return figures;
  } finally {
    for (const one of started.toReversed()) await one.stop();
    home.remove();
  }
}

function report(figures, times) {
  const { day, machine } = occasion();
  const row = ([name, all]) =>
    `| ${name} | ${within(all, 0.5).toFixed(1)} ms | ${within(all, 0.95).toFixed(1)} ms | ${within(all, 1).toFixed(1)} ms |`;
  return [
    `Measured on ${day}, built for release, each ${times} times: ${machine}.`,
    "The time is that of the whole command, from before its start to its end; the smartcard service and the keyring are",
    "real, the cards are virtual, and what these take themselves is in the figures.",
    "",
    "| What | Half within | 95 of 100 within | All within |",
    "| --- | ---: | ---: | ---: |",
    ...Object.entries(figures).map(row),
  ].join("\n");
}
