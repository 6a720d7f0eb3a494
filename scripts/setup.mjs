// Finds what is missing for building or testing Keyreeve, says what and why, and installs it.
//   node scripts/setup.mjs [build|test]      (test when nothing is named: everything)
// System packages are installed only as root; otherwise the exact command is printed and the script fails.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  buildPackages,
  cargoTools,
  oldestNode,
  oldestRust,
  rustComponents,
  testPackages,
} from "./lib/needs.mjs";
import { answerOf, main, Problem, root, run } from "./lib/run.mjs";

/** The folder of the cargo tools that belong to this clone alone. */
export const toolFolder = join(root, "target", "tools");

/** The Python of the independent reader. */
export const venvPython = join(root, ".venv", "bin", "python3");

/** Makes the machine ready for building, or for building and testing. */
export async function setup(purpose) {
  checkNode();
  checkRust();
  await installPackages(purpose === "test" ? [...buildPackages, ...testPackages] : buildPackages);
  await installNodeModules();
  if (purpose === "test") {
    await installRustComponents();
    for (const tool of cargoTools) await installCargoTool(tool);
    await installPythonPackages();
  }
}

function checkNode() {
  const version = process.versions.node.split(".").map(Number);
  if (isOlder(version, oldestNode)) {
    throw new Problem(
      `Node ${oldestNode.join(".")} or newer is needed; this is ${process.versions.node}. See https://nodejs.org/.`,
    );
  }
}

function checkRust() {
  const answer = answerOf("cargo", ["--version"]);
  if (answer === undefined) {
    throw new Problem(
      "Rust is missing: `cargo` was not found. Install it as https://rustup.rs/ says, then open a new terminal.",
    );
  }
  const version = (answer.match(/\d+\.\d+/)?.[0] ?? "0.0").split(".").map(Number);
  if (isOlder(version, oldestRust)) {
    throw new Problem(
      `Rust ${oldestRust.join(".")} or newer is needed; this is ${answer}. Run \`rustup update\`.`,
    );
  }
}

async function installPackages(packages) {
  if (process.platform !== "linux") return;
  if (answerOf("dpkg-query", ["--version"]) === undefined) {
    checkLibrariesElsewhere(packages);
    return;
  }
  const missing = packages.filter(([name]) => !isInstalled(name));
  if (missing.length === 0) return;

  console.log("These system packages are missing:");
  const width = Math.max(...missing.map(([name]) => name.length));
  for (const [name, reason] of missing) console.log(`  ${name.padEnd(width)}  ${reason}`);

  const names = missing.map(([name]) => name);
  if (process.getuid() !== 0) {
    throw new Problem(
      `Install them with this command, then try again:\n  sudo apt-get install -y --no-install-recommends ${names.join(" ")}`,
    );
  }
  console.log("Installing them, since this runs as root.");
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["-q", "update"], { env });
  await run("apt-get", ["-q", "install", "-y", "--no-install-recommends", ...names], { env });
}

function isInstalled(name) {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the braces are dpkg's.
  return answerOf("dpkg-query", ["-W", "-f", "${Status}", name]) === "install ok installed";
}

/** Other distributions name their packages differently: only look whether the libraries are there. */
function checkLibrariesElsewhere(packages) {
  const missing = ["webkit2gtk-4.1", "libcrypto"].filter(
    (library) => answerOf("pkg-config", ["--exists", library]) === undefined,
  );
  if (missing.length > 0) {
    throw new Problem(
      `pkg-config does not find ${missing.join(" and ")}. Install what your distribution calls these Debian packages:\n` +
        packages.map(([name, reason]) => `  ${name}: ${reason}`).join("\n"),
    );
  }
}

async function installNodeModules() {
  const installed = join(root, "node_modules", ".keyreeve-lock");
  const wanted = readFileSync(join(root, "package-lock.json"), "utf8");
  if (existsSync(installed) && readFileSync(installed, "utf8") === wanted) return;
  console.log("Installing the interface's packages as package-lock.json names them.");
  // Not `npm ci`: it refuses a lock file that lacks the optional packages of platforms it was not written on.
  await run("npm", ["install", "--no-save", "--no-audit", "--no-fund"]);
  writeFileSync(installed, wanted);
}

async function installRustComponents() {
  const missing = rustComponents.filter(
    (name) => answerOf("cargo", [name === "rustfmt" ? "fmt" : name, "--version"]) === undefined,
  );
  if (missing.length === 0) return;
  console.log(`Rust's ${missing.join(" and ")} are missing: they check form and common mistakes.`);
  if (answerOf("rustup", ["--version"]) === undefined) {
    throw new Problem(`Install ${missing.join(" and ")} the way this machine's Rust was installed.`);
  }
  await run("rustup", ["component", "add", ...missing]);
}

/** Builds a tool of Rust's registry, unless this clone has it in that version. */
export async function installCargoTool([name, version, reason, command = []]) {
  const program = join(toolFolder, "bin", name);
  if (
    answerOf(program, [...command, "--version"])
      ?.split(/\s+/)
      .includes(version)
  )
    return;
  console.log(`${name} ${version} is missing: it ${reason}. Building it once, into target/tools.`);
  const build = join(toolFolder, "build");
  await run(
    "cargo",
    [
      "install",
      "--locked",
      "--quiet",
      "--debug",
      "--force",
      name,
      "--version",
      version,
      "--root",
      toolFolder,
    ],
    {
      // It is run, not debugged.
      env: { CARGO_TARGET_DIR: build, CARGO_PROFILE_DEV_DEBUG: "0" },
    },
  );
  rmSync(build, { recursive: true, force: true });
}

async function installPythonPackages() {
  if (process.platform === "win32") return;
  const venv = join(root, ".venv");
  const wanted = readFileSync(join(root, "scripts", "python-requirements.txt"), "utf8");
  const installed = join(venv, "keyreeve-requirements.txt");
  if (
    existsSync(installed) &&
    readFileSync(installed, "utf8") === wanted &&
    answerOf(venvPython, ["--version"])
  ) {
    return;
  }
  console.log("Installing the Python packages of the independent reader into .venv.");
  rmSync(venv, { recursive: true, force: true });
  mkdirSync(venv, { recursive: true });
  // The system's own Python, not one of a version manager that may be gone tomorrow.
  const python = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
  await run(python, ["-m", "venv", venv]);
  await run(venvPython, [
    ...["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:"],
    ...["-r", join(root, "scripts", "python-requirements.txt")],
  ]);
  writeFileSync(installed, wanted);
}

function isOlder(version, oldest) {
  return version[0] < oldest[0] || (version[0] === oldest[0] && version[1] < oldest[1]);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(async ([purpose = "test"]) => {
    if (purpose !== "build" && purpose !== "test")
      throw new Problem("Usage: node scripts/setup.mjs [build|test]");
    await setup(purpose);
    console.log(`Everything for the ${purpose} is there.`);
  });
}
