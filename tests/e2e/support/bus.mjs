// A bus of a test's own: the session's, by which a second start of the window finds the first, or another.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** Starts a bus in a home, where its name is another one's than that of every other. `stop()` ends it, by its process id. */
export async function startBus(home, name = "bus") {
  const path = join(home.path, "run", name);
  const server = spawn(
    "dbus-daemon",
    ["--session", "--nofork", "--print-address=3", `--address=unix:path=${path}`],
    {
      env: home.environment,
      stdio: ["ignore", "ignore", "ignore", "pipe"],
    },
  );
  const address = await new Promise((resolve, reject) => {
    let text = "";
    server.once("error", (error) => reject(new Error(`dbus-daemon did not start: ${error.message}`)));
    server.once("exit", (code) => reject(new Error(`dbus-daemon ended with code ${code}`)));
    server.stdio[3].on("data", (chunk) => {
      text += chunk;
      if (text.includes("\n")) resolve(text.trim());
    });
  });
  return {
    address,
    async stop() {
      if (server.exitCode !== null || server.signalCode !== null) return;
      const ended = once(server, "exit");
      server.kill("SIGTERM");
      await ended;
    },
  };
}
