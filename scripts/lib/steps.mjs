// The steps of `npm test`, in their order. A step's `after` must have passed before it runs.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setup, toolFolder } from "../setup.mjs";
import { factsFolder, notLookedUp, pinnedCheck, platforms, refuseUnknown } from "./advisories.mjs";
import {
  buildCardRig,
  buildInterface,
  programPath,
  targetFolder,
  testEnvironment,
  windowFeature,
} from "./programs.mjs";
import { outputOf, Problem, root, run } from "./run.mjs";

const wholeWorkspace = ["--workspace", "--locked", ...windowFeature];
/** All programs but the window, whose library has its name. */
const docTargets = ["--lib", "--bin", "keyreeve", "--bin", "keyreeve-[!d]*", "--examples"];

export const steps = [
  {
    name: "setup",
    what: "everything the tests need is installed",
    run: () => setup("test"),
  },
  {
    name: "scripts",
    what: "the scripts' own tests",
    after: ["setup"],
    run: () => runNodeTests("scripts"),
  },
  {
    name: "direction",
    what: "dependencies point one way",
    after: ["setup"],
    run: () => run("node", ["scripts/check-dependencies.mjs"]),
  },
  {
    name: "format",
    what: "Rust is formatted",
    after: ["setup"],
    run: () => run("cargo", ["fmt", "--all", "--check"]),
  },
  {
    name: "lint-ui",
    what: "the interface is formatted and free of Biome's complaints",
    after: ["setup"],
    run: () => run("npm", ["run", "--silent", "lint:ui"]),
  },
  {
    name: "build-ui",
    what: "the interface type-checks and builds",
    after: ["setup"],
    run: buildInterface,
  },
  {
    name: "test-ui",
    what: "the interface's unit tests",
    after: ["setup"],
    run: () => run("npm", ["run", "--silent", "test:ui"]),
  },
  {
    name: "deny",
    what: "licences, sources and bans of the dependencies",
    after: ["setup"],
    run: () =>
      run(join(toolFolder, "bin", "cargo-deny"), [
        ...["--workspace", "--locked", "check"],
        ...["bans", "licenses", "sources"],
      ]),
  },
  {
    name: "advisories",
    what: "known vulnerabilities of the dependencies",
    after: ["setup"],
    run: checkAdvisories,
  },
  {
    name: "unused",
    what: "no dependency is unused",
    after: ["setup"],
    run: () => run(join(toolFolder, "bin", "cargo-machete"), ["--skip-target-dir"]),
  },
  {
    name: "clippy",
    what: "clippy has no complaint",
    after: ["build-ui"],
    run: () => run("cargo", ["clippy", ...wholeWorkspace, "--all-targets", "--", "-D", "warnings"]),
  },
  {
    name: "docs",
    what: "the documentation's links lead somewhere",
    after: ["build-ui"],
    run: () =>
      // With the examples, so that the libraries are checked in the form in which clippy has checked them.
      run("cargo", ["doc", ...wholeWorkspace, ...docTargets, "--no-deps", "--document-private-items"], {
        env: { RUSTDOCFLAGS: "-D warnings" },
      }),
  },
  {
    name: "programs",
    what: "the programs build",
    after: ["build-ui"],
    run: () => run("cargo", ["build", ...wholeWorkspace, "--bins", "--examples"]),
  },
  {
    name: "rigs",
    what: "the virtual smartcards build",
    after: ["setup"],
    run: buildCardRig,
  },
  {
    name: "rust",
    what: "unit, property, integration, command-line, interop and documentation tests",
    after: ["programs", "rigs"],
    run: () =>
      run("cargo", ["test", ...wholeWorkspace, "--no-fail-fast"], {
        env: {
          // One more than there are cores, for many wait for a card or for another program.
          RUST_TEST_THREADS: String(availableParallelism() + 1),
          ...testEnvironment,
        },
      }),
  },
  {
    name: "fuzz",
    what: "bytes that nobody meant break no reader, for half a minute",
    after: ["programs"],
    run: () => run(programPath("keyreeve-fuzz"), ["30"]),
  },
  {
    name: "bindings",
    what: "the interface's types are the ones that Rust has now",
    after: ["programs"],
    run: () => run("node", ["scripts/bindings.mjs", "--check", "--built"]),
  },
  {
    name: "e2e",
    what: "the real window, driven under Xvfb",
    after: ["programs"],
    // The first counts seconds in which nobody does anything, the second looks through folders that all share.
    run: () => runNodeTests("tests/e2e", ["idle.test.mjs", "traces.test.mjs"]),
  },
];

/**
 * Vulnerabilities are looked for in the facts that lie here, on every machine, and in RustSec's own database where the
 * machine has it. That is fetched by `cargo deny fetch`, never by a test.
 */
async function checkAdvisories() {
  const denyToml = readFileSync(join(root, "deny.toml"), "utf8");
  const graph = outputOf("cargo", [
    ...["metadata", "--format-version", "1", "--locked", "--all-features"],
    ...platforms(denyToml).flatMap((target) => ["--filter-platform", target]),
  ]);
  refuseUnknown(notLookedUp(JSON.parse(graph), readFileSync(join(factsFolder, "crates.txt"), "utf8")));
  await run(join(toolFolder, "bin", "cargo-deny"), pinnedCheck(join(targetFolder, "advisories")));
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
  if (!["advisory-dbs", "advisory-db"].some((name) => existsSync(join(cargoHome, name)))) {
    console.log("Only in the facts of tests/advisories: this machine has no copy of RustSec's database.");
    console.log("To get one: target/tools/bin/cargo-deny fetch");
    return "without RustSec's own database";
  }
  await run(join(toolFolder, "bin", "cargo-deny"), [
    ...["--workspace", "--locked", "check"],
    ...["--disable-fetch", "advisories"],
  ]);
}

/** The tests of a folder, three files at a time: each has its own screen, home and cards, and waits more than it works. */
async function runNodeTests(folder, alone = []) {
  const files = readdirSync(join(root, folder)).filter((name) => name.endsWith(".test.mjs"));
  const together = files.filter((name) => !alone.includes(name));
  const told = [];
  for (const [names, concurrency] of [
    [together, 3],
    [alone, 1],
  ]) {
    if (names.length === 0) continue;
    const paths = names.sort().map((name) => `${folder}/${name}`);
    const list = join(mkdtempSync(join(tmpdir(), "keyreeve-tests-")), "failures");
    try {
      await run("node", [
        ...["--test", `--test-concurrency=${concurrency}`],
        ...["--test-reporter=spec", "--test-reporter-destination=stdout"],
        ...["--test-reporter=./scripts/lib/failures.mjs", `--test-reporter-destination=${list}`],
        ...paths,
      ]);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      told.push(error.message, existsSync(list) ? readFileSync(list, "utf8") : "");
    } finally {
      rmSync(dirname(list), { recursive: true, force: true });
    }
  }
  if (told.length > 0) throw new Problem(told.join("\n").trim());
}
