// A system bus of a test's own, with as much of systemd's logind on it as Keyreeve asks for. What it can be told is in
// crates/agent/examples/logind.rs.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { binaryFolder } from "./app.mjs";
import { startBus } from "./bus.mjs";

const program = join(binaryFolder, "examples", "logind");

/** Starts both. A window finds them by `environment`. */
export async function startLogind(home) {
  const bus = await startBus(home, "system-bus");
  const environment = { DBUS_SYSTEM_BUS_ADDRESS: bus.address };
  const logind = spawn(program, {
    env: { ...home.environment, ...environment },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const answers = createInterface({ input: logind.stdout })[Symbol.asyncIterator]();
  const hear = async (wanted, what) => {
    const { value, done } = await answers.next();
    if (done || value !== wanted) throw new Error(`logind's rig ended at “${what}”`);
  };
  await hear("ready", "its start");
  return {
    environment,
    async say(word) {
      logind.stdin.write(`${word}\n`);
      await hear("ok", word);
    },
    /** Ends both. */
    async stop() {
      if (logind.exitCode === null && logind.signalCode === null) {
        const ended = once(logind, "exit");
        logind.stdin.end();
        await ended;
      }
      await bus.stop();
    },
  };
}
