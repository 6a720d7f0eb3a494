// Looks for secrets where none may be: in the memory of processes, in files, in arguments and environments.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { binaryFolder } from "./app.mjs";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Every secret of a vault by its name, in hexadecimal, as the independent reader knows them. */
export async function secretsOfVault(vault, passphrase) {
  const reader = join(root, "tests/independent/secrets_of_vault.py");
  const answer = await ask(join(root, ".venv/bin/python3"), [reader, vault, "-"], passphrase, {
    PYTHONDONTWRITEBYTECODE: "1",
  });
  return JSON.parse(answer);
}

/**
 * Looks for `secrets` in the memory of processes, in what processes were started with, and in files and folders.
 * Answers how many bytes it looked at, for how many patterns, and what it found of which secret in which form.
 */
export async function findTraces(secrets, { memory = [], starts = [], files = [] }) {
  const question = JSON.stringify({ secrets, memory, starts, files });
  return JSON.parse(await ask(join(binaryFolder, "keyreeve-traces"), [], question));
}

/** What was found, a line for each, for a message. */
export function told({ found }) {
  return found.map(({ secret, form, place, times }) => `${secret} (${form}) in ${place}, ${times} times`);
}

async function ask(program, args, input, environment = {}) {
  const child = spawn(program, args, {
    env: { ...process.env, ...environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const ended = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  child.stdin.end(input);
  const [code, out, errors] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${errors}`);
  return out;
}
