// Runs other programs: shown to the person as they are, or quietly for their answer.
import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The folder of the repository. */
export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** Something that the person can read and act on; the scripts print its message without a stack. */
export class Problem extends Error {}

/** The person, or the build machine, wants everything to end. */
export class Interrupted extends Error {}

/** Runs a program with its output on the terminal; throws a Problem when it fails. */
export async function run(program, args, { env = {}, cwd = root, quiet = false } = {}) {
  if (!quiet) console.log(`$ ${[program, ...args].join(" ")}`);
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: "inherit",
    // npm and npx are scripts of the shell on Windows.
    shell: process.platform === "win32",
  });
  let interrupted = false;
  const passOn = (signal) => {
    interrupted = true;
    child.kill(signal);
  };
  process.on("SIGINT", passOn);
  process.on("SIGTERM", passOn);
  try {
    await new Promise((resolve, reject) => {
      child.once("error", (error) =>
        reject(new Problem(`${program} could not be started: ${error.message}`)),
      );
      child.once("exit", (code, signal) => {
        if (interrupted) reject(new Interrupted(`${program} was interrupted`));
        else if (code === 0) resolve();
        else reject(new Problem(`${program} ended with ${signal ?? `code ${code}`}`));
      });
    });
  } finally {
    process.off("SIGINT", passOn);
    process.off("SIGTERM", passOn);
  }
}

/** What a program prints, or undefined when it is missing or fails. */
export function answerOf(program, args, { cwd = root } = {}) {
  const outcome = spawnSync(program, args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === "win32",
  });
  return outcome.status === 0 ? outcome.stdout.trim() : undefined;
}

/** What a program prints, to the byte; its errors go to the terminal, and a failure is a Problem. */
export function outputOf(program, args) {
  const outcome = spawnSync(program, args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["ignore", "pipe", "inherit"],
    shell: process.platform === "win32",
  });
  if (outcome.status !== 0) {
    throw new Problem(
      `${program} ended with ${outcome.signal ?? `code ${outcome.status ?? outcome.error?.message}`}`,
    );
  }
  return outcome.stdout;
}

/** Runs a script's main function and turns a Problem into a message and an exit code. */
export async function main(body) {
  try {
    await body(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Interrupted)) throw error;
    console.error(`\n${error.message}`);
    process.exitCode = error instanceof Interrupted ? 130 : 1;
  }
}
