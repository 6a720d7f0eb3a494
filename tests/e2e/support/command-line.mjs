// The `keyreeve` command on the same home, and so on the same vaults, as the window.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { binaryFolder } from "./app.mjs";

/**
 * Runs `keyreeve ARGS` and answers `{ code, out, errors }`. `passphrase`, `newPassphrase` and `pin` reach it by file
 * descriptors, as they would from a script; so do `secrets`, each by the name of its option.
 */
export async function keyreeve(
  home,
  args,
  { vault, passphrase, newPassphrase, pin, secrets: others = {} } = {},
) {
  const secrets = { passphrase, "new-passphrase": newPassphrase, pin, ...others };
  const given = Object.entries(secrets).filter(([, secret]) => secret !== undefined);
  const descriptors = given.flatMap(([option], index) => [`--${option}-fd`, String(3 + index)]);
  const words = ["--no-input", ...(vault === undefined ? [] : ["--vault", vault]), ...args, ...descriptors];
  const program = spawn(join(binaryFolder, "keyreeve"), words, {
    env: home.environment,
    stdio: ["ignore", "pipe", "pipe", ...given.map(() => "pipe")],
  });
  const started = new Promise((_resolve, reject) => program.once("error", reject));
  const ended = new Promise((resolve) => program.once("close", resolve));
  for (const [index, [, secret]] of given.entries()) {
    // A program that ended before it read its passphrase says so by its exit code.
    program.stdio[3 + index].on("error", () => {});
    program.stdio[3 + index].end(secret);
  }
  const [code, out, errors] = await Promise.race([
    Promise.all([ended, text(program.stdout), text(program.stderr)]),
    started,
  ]);
  return { code, out, errors };
}

/** As `keyreeve`, for what must succeed: answers the JSON document it prints. */
export async function keyreeveJson(home, args, options) {
  const { code, out, errors } = await keyreeve(home, ["--json", ...args], options);
  if (code !== 0) throw new Error(`keyreeve ${args.join(" ")} ended with ${code}: ${out}${errors}`);
  return JSON.parse(out);
}

/** Makes a vault at the least cost that a passphrase slot may have. */
export function initVault(home, vault, passphrase) {
  return keyreeveJson(home, ["init", "--kdf-memory-kib", "65536", "--kdf-passes", "3"], {
    vault,
    newPassphrase: passphrase,
  });
}
