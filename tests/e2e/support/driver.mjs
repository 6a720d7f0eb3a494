// The web view's own WebDriver. It is spoken to without tauri-driver, which only renames one capability.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { Builder, Capabilities } from "selenium-webdriver";

/** Starts `program` under WebKitWebDriver, with exactly `environment`; both write into `logFile`. */
export async function startDriver({ program, args = [], environment, logFile }) {
  const port = await freePort();
  const log = openSync(logFile, "a");
  // A process group of its own, so that the app goes with the driver even when the driver is killed.
  const server = spawn("WebKitWebDriver", ["--host=127.0.0.1", `--port=${port}`], {
    env: { ...environment, TAURI_AUTOMATION: "true", TAURI_WEBVIEW_AUTOMATION: "true" },
    stdio: ["ignore", log, log],
    detached: true,
  });
  const failed = new Promise((_resolve, reject) => {
    server.once("error", (error) => reject(new Error(`WebKitWebDriver did not start: ${error.message}`)));
  });
  failed.catch(() => {});
  const stopServer = async () => {
    if (server.exitCode === null && server.signalCode === null) {
      const ended = once(server, "exit");
      signalGroup(server.pid, "SIGTERM");
      await ended;
    }
    // Whatever of the group is left, an app that would not close, goes too.
    signalGroup(server.pid, "SIGKILL");
  };
  try {
    await Promise.race([failed, isReady(server, port)]);
    const capabilities = new Capabilities();
    capabilities.set("browserName", "wry");
    capabilities.set("webkitgtk:browserOptions", { binary: program, args });
    const driver = await new Builder()
      .usingServer(`http://127.0.0.1:${port}/`)
      .withCapabilities(capabilities)
      .build();
    return {
      driver,
      async stop() {
        try {
          await driver.quit();
        } finally {
          await stopServer();
        }
      },
    };
  } catch (error) {
    await stopServer();
    throw new Error(`The window did not start; see ${logFile}. ${error.message}`, { cause: error });
  }
}

function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

async function freePort() {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

async function isReady(server, port) {
  const deadline = Date.now() + 20_000;
  for (;;) {
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/status`);
      if ((await answer.json()).value.ready) return;
    } catch (error) {
      if (Date.now() > deadline) throw new Error("WebKitWebDriver did not answer", { cause: error });
    }
    if (server.exitCode !== null) throw new Error(`WebKitWebDriver ended with code ${server.exitCode}`);
    await pause(25);
  }
}
