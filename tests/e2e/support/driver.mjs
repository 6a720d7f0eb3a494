// The app, and the web view's own WebDriver on it. It is spoken to without tauri-driver, which only renames one capability.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { Builder, Capabilities } from "selenium-webdriver";

const patience = 20_000;

/** Starts `program` and a WebKitWebDriver on it, with exactly `environment`; both write into `logFile`. */
export async function startDriver({ program, args = [], environment, logFile }) {
  const [inspector, port] = [await freePort(), await freePort()];
  const log = openSync(logFile, "a");
  const start = (command, words) => new Started(command, words, environment, log, inspector);
  const app = start(program, args);
  const server = start("WebKitWebDriver", [
    ...["--host=127.0.0.1", `--port=${port}`, `--target=127.0.0.1:${inspector}`],
  ]);
  const stop = async () => {
    await app.stop();
    await server.stop();
  };
  const connect = async () => {
    const capabilities = new Capabilities();
    capabilities.set("browserName", "wry");
    const deadline = Date.now() + patience;
    for (;;) {
      app.mustRun();
      server.mustRun();
      try {
        return await new Builder()
          .usingServer(`http://127.0.0.1:${port}/`)
          .withCapabilities(capabilities)
          .build();
      } catch (error) {
        // Neither of the two says when it begins to listen.
        if (Date.now() > deadline) throw error;
      }
      await pause(25);
    }
  };
  try {
    let driver = await connect();
    return {
      get driver() {
        return driver;
      },
      /** The app's process. */
      process: app.process,
      appEnded: app.ended,
      /** A session ends with the page's process, which ends when the vault is locked. This begins another. */
      async connectAgain() {
        driver = await connect();
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw new Error(`The window did not start; see ${logFile}. ${error.message}`, { cause: error });
  }
}

/** A program that was started, in a process group of its own, so that what it started goes with it. */
class Started {
  #child;
  #problem;
  /** Settles when it has ended. */
  ended;

  constructor(program, args, environment, log, inspector) {
    this.#child = spawn(program, args, {
      env: {
        ...environment,
        TAURI_AUTOMATION: "true",
        TAURI_WEBVIEW_AUTOMATION: "true",
        WEBKIT_INSPECTOR_SERVER: `127.0.0.1:${inspector}`,
      },
      // What it might write without being told where shall be in its home.
      cwd: environment.HOME,
      stdio: ["ignore", log, log],
      detached: true,
    });
    this.#child.once("error", (error) => {
      this.#problem = `${program} did not start: ${error.message}`;
    });
    this.ended = new Promise((resolve) => {
      this.#child.once("exit", (code, signal) => {
        this.#problem = `${program} ended with ${signal ?? `code ${code}`}`;
        resolve();
      });
    });
  }

  get process() {
    return this.#child.pid;
  }

  mustRun() {
    if (this.#problem !== undefined) throw new Error(this.#problem);
  }

  async stop() {
    if (this.process === undefined) return;
    if (this.#problem === undefined) {
      signalGroup(this.process, "SIGTERM");
      await this.ended;
    }
    // Whatever of the group is left goes too.
    signalGroup(this.process, "SIGKILL");
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
