// Where cargo puts what it builds, and how the window is built.
import { join, resolve } from "node:path";
import { venvPython } from "../setup.mjs";
import { root, run } from "./run.mjs";

/** The folder of cargo's output. */
export const targetFolder = resolve(root, process.env.CARGO_TARGET_DIR ?? "target");

/** With this feature the window carries the interface in itself; without it, it would ask Vite's server for it. */
export const windowFeature = ["--features", "keyreeve-desktop/custom-protocol"];

/** Where a built program lies. */
export function programPath(name, profile = "debug") {
  return join(targetFolder, profile, process.platform === "win32" ? `${name}.exe` : name);
}

/** Builds the virtual smartcards, which are a workspace of their own. */
export async function buildCardRig() {
  const manifest = ["--manifest-path", "tests/rigs/cards/Cargo.toml"];
  await run("cargo", ["fmt", ...manifest, "--check"]);
  await run("cargo", ["build", ...manifest, "--locked", "--target-dir", join(targetFolder, "rigs")]);
}

/** Where the virtual smartcards lie once they are built. */
export const cardRig = join(targetFolder, "rigs", "debug", "keyreeve-rig-cards");

/** For tests of Rust that start our programs, the independent reader or virtual smartcards. */
export const testEnvironment = {
  KEYREEVE_BIN_DIR: join(targetFolder, "debug"),
  KEYREEVE_PYTHON: venvPython,
  KEYREEVE_CARD_RIG: cardRig,
};

/** Builds the interface into ui/dist. */
export async function buildInterface(clone = root) {
  await run("npm", ["run", "--silent", "build:ui"], { cwd: clone });
}
