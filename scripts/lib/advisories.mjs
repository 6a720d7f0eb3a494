// Looks for known vulnerabilities of the crates in the advisories' facts that lie in tests/advisories; needs no network.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Problem, root } from "./run.mjs";

/** The facts of RustSec's advisories, and the names of the crates that they were looked up for. */
export const factsFolder = join(root, "tests", "advisories");

/** Nobody is ever asked at this address: cargo-deny only wants one, for the name of the database's folder. */
const address = "https://keyreeve.invalid/advisories";
/** That name: the last part of the address, and the XXH64 of all of it. Where it is another, cargo-deny finds nothing and fails. */
const databaseFolder = "advisories-35169a1a88d9fdd9";

/** The platforms of deny.toml, whose crates are asked about. */
export function platforms(denyToml) {
  const [, list] = denyToml.match(/^targets = \[([^\]]*)\]/m) ?? [];
  const names = [...(list ?? "").matchAll(/"([^"]+)"/g)].map(([, name]) => name);
  if (names.length === 0) throw new Problem("deny.toml names no targets.");
  return names;
}

/** The crates of others in the dependency graph, of any version, that are not among the ones that were looked up. */
export function notLookedUp({ packages, resolve }, crates) {
  const lookedUp = new Set(crates.split("\n"));
  const used = new Set(resolve.nodes.map(({ id }) => id));
  const names = packages.filter(({ id, source }) => source !== null && used.has(id)).map(({ name }) => name);
  return [...new Set(names)].filter((name) => !lookedUp.has(name)).sort();
}

/** Says what to do about crates that came in after the advisories had been looked up. */
export function refuseUnknown(names) {
  if (names.length === 0) return;
  throw new Problem(
    [
      `Nobody has looked up yet whether there are advisories on: ${names.join(", ")}.`,
      "Look at https://rustsec.org/packages/NAME.html for each, or in RustSec's database at crates/NAME.",
      "Write what is there into tests/advisories/crates/NAME as the others are written, and the name, with or",
      "without advisories, into tests/advisories/crates.txt. More is in tests/advisories/README.md.",
    ].join("\n"),
  );
}

/**
 * Makes of the facts a database as cargo-deny wants it, and a configuration that leads to it; answers the arguments for
 * cargo-deny. The configuration is deny.toml's, so that what is ignored stands in one place. Withdrawn versions ("yanked")
 * stay out: only the index of crates.io knows of them, and it changes.
 */
export function pinnedCheck(folder, { facts = factsFolder, denyToml } = {}) {
  const database = join(folder, databaseFolder);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(database, ".git"), { recursive: true });
  cpSync(join(facts, "crates"), join(database, "crates"), { recursive: true });
  // All that cargo-deny looks at of the repository that it would have fetched: when that was.
  writeFileSync(join(database, ".git", "FETCH_HEAD"), "");
  const text = denyToml ?? readFileSync(join(root, "deny.toml"), "utf8");
  if (!/^\[advisories\]$/m.test(text)) throw new Problem("deny.toml has no [advisories].");
  const config = join(folder, "deny.toml");
  const lines = [
    "[advisories]",
    `db-path = ${JSON.stringify(folder)}`,
    `db-urls = [${JSON.stringify(address)}]`,
    "disable-yank-checking = true",
  ];
  writeFileSync(config, text.replace(/^\[advisories\]$/m, lines.join("\n")));
  return [...["--workspace", "--locked", "check"], ...["--config", config], "--disable-fetch", "advisories"];
}
