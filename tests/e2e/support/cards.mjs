// A smartcard service with a reader and virtual cards of a test's own. What it can be told is in
// tests/rigs/cards/src/control.rs.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const targetFolder = resolve(root, process.env.CARGO_TARGET_DIR ?? "target");
const program = process.env.KEYREEVE_CARD_RIG ?? join(targetFolder, "rigs", "debug", "keyreeve-rig-cards");

/** The PIN of a new virtual card. */
export const pin = "123456";

/** Starts the service for `home`, whose programs use it from then on; the reader is empty. `how` is the rig's word. */
export async function startCards(home, how = "start") {
  const folder = join(home.path, "cards");
  mkdirSync(folder);
  const apart = ["--mount", "--net", "--pid", "--fork", "--kill-child"];
  if (process.getuid() !== 0) apart.push("--map-root-user");
  const rig = spawn("unshare", [...apart, program, folder], { stdio: ["pipe", "pipe", "inherit"] });
  const answers = createInterface({ input: rig.stdout })[Symbol.asyncIterator]();
  const say = async (word) => {
    rig.stdin.write(`${word}\n`);
    const { value, done } = await answers.next();
    if (done || value !== "ok") throw new Error(`The cards' rig answered “${word}” with: ${value}`);
  };
  await say(how);
  home.environment.PCSCLITE_CSOCK_NAME = join(folder, "run", "pcscd.comm");
  return {
    say,
    /** Ends everything of it. */
    async stop() {
      if (rig.exitCode !== null || rig.signalCode !== null) return;
      const ended = once(rig, "exit");
      rig.stdin.end();
      await ended;
    },
  };
}
