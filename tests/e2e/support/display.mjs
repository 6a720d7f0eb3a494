// A screen of its own for each run: Xvfb, on a number that it picks itself.
import { spawn } from "node:child_process";
import { once } from "node:events";

/** Starts an X server without a screen. `stop()` ends it, by its process id. */
export async function startDisplay({ width = 1600, height = 1000 } = {}) {
  const server = spawn(
    "Xvfb",
    ["-displayfd", "3", "-screen", "0", `${width}x${height}x24`, "-nolisten", "tcp", "-noreset"],
    { stdio: ["ignore", "ignore", "ignore", "pipe"] },
  );
  const number = await new Promise((resolve, reject) => {
    let text = "";
    server.once("error", (error) => reject(new Error(`Xvfb did not start: ${error.message}`)));
    server.once("exit", (code) => reject(new Error(`Xvfb ended with code ${code} before it had a display`)));
    server.stdio[3].on("data", (chunk) => {
      text += chunk;
      if (text.includes("\n")) resolve(text.trim());
    });
  });
  return {
    name: `:${number}`,
    async stop() {
      if (server.exitCode !== null || server.signalCode !== null) return;
      const ended = once(server, "exit");
      server.kill("SIGTERM");
      await ended;
    },
  };
}
