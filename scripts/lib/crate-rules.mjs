// Which crate may name which.

/** Each of our crates, and which of ours it may depend on. */
const edges = {
  "keyreeve-crypto": [],
  "keyreeve-domain": ["keyreeve-crypto"],
  "keyreeve-formats": ["keyreeve-domain", "keyreeve-crypto"],
  "keyreeve-store": ["keyreeve-domain", "keyreeve-crypto"],
  "keyreeve-unlock": ["keyreeve-domain", "keyreeve-crypto"],
  "keyreeve-backup": ["keyreeve-domain", "keyreeve-crypto", "keyreeve-formats"],
  "keyreeve-agent": [],
  "keyreeve-app": ["keyreeve-domain", "keyreeve-crypto", "keyreeve-formats"],
  "keyreeve-cli": "any",
  "keyreeve-desktop": "any",
  "keyreeve-tests": "any",
  "keyreeve-faults": "any",
  "keyreeve-traces": [],
  "keyreeve-benches": "any",
  "keyreeve-fuzz": "any",
};

/** Programs: nothing depends on them. */
const ends = [
  ...["keyreeve-cli", "keyreeve-desktop", "keyreeve-tests", "keyreeve-faults", "keyreeve-benches"],
  ...["keyreeve-fuzz", "keyreeve-traces"],
];

/** Libraries that only some crates may name; the fuzzer changes rows behind the store's back. */
const owners = [
  [/^tauri(-|$)/, ["keyreeve-desktop"]],
  [/^(rusqlite|libsqlite3-sys)$/, ["keyreeve-store", "keyreeve-fuzz"]],
  [/^(pcsc|card-backend|openpgp-card|keyring)(-|$)/, ["keyreeve-unlock"]],
  [/^(clap|rpassword)(_|$)/, ["keyreeve-cli"]],
];

/** What the crates of pure rules must not name: they are told the time, and read and write nothing. */
const pure = ["crates/crypto/src/", "crates/domain/src/", "crates/formats/src/"];
const impure = [
  [/\b(Timestamp|SystemTime|Instant|Zoned)::now\b/, "reads a clock"],
  [/\bstd::(fs|net|process|env)\b/, "reaches outside"],
];

/** Files of the pure crates that may, each with its reason. */
const exempt = {
  // It times Argon2 on this machine to choose its cost. No rule depends on what time it is.
  "crates/crypto/src/passphrase.rs": /\bInstant::now\b/,
};

/** Wrong edges in the answer of `cargo metadata --no-deps`. */
export function crateProblems({ packages }) {
  const problems = [];
  for (const { name, dependencies } of packages) {
    const allowed = edges[name];
    if (allowed === undefined) {
      problems.push(`${name} is not in scripts/lib/crate-rules.mjs: say there what it may depend on`);
      continue;
    }
    for (const dependency of dependencies) {
      const named = owners.find(([pattern]) => pattern.test(dependency.name))?.[1];
      if (named !== undefined && !named.includes(name)) {
        problems.push(`${name} names ${dependency.name}, which only ${named.join(" and ")} may`);
      }
      if (!dependency.name.startsWith("keyreeve-")) continue;
      if (ends.includes(dependency.name)) {
        problems.push(`${name} depends on ${dependency.name}, which is a program's end of the line`);
      } else if (dependency.kind !== "dev" && allowed !== "any" && !allowed.includes(dependency.name)) {
        problems.push(`${name} depends on ${dependency.name}`);
      }
    }
  }
  return problems;
}

/** Clocks and files in the pure crates, in `[path, text]` pairs. Tests lie at the end of a file and may use both. */
export function sourceProblems(files) {
  const problems = [];
  for (const [path, text] of files) {
    if (!pure.some((folder) => path.startsWith(folder)) || path.endsWith("tests.rs")) continue;
    const lines = text.split("#[cfg(test)]\nmod ")[0].split("\n");
    for (const [index, line] of lines.entries()) {
      if (line.trimStart().startsWith("//") || exempt[path]?.test(line)) continue;
      for (const [pattern, what] of impure) {
        if (pattern.test(line)) problems.push(`${path}:${index + 1} ${what}: ${line.trim()}`);
      }
    }
  }
  return problems;
}

/** Secrets wipe themselves; a derived comparison stops at the first difference, a derived copy is one that nobody saw. */
const neverDerived = ["PartialEq", "Clone", "Copy", "Serialize"];

/** Types that derive wiping together with what a secret must not have, in `[path, text]` pairs. */
export function secretProblems(files) {
  return files.flatMap(([path, text]) =>
    [...text.matchAll(/#\[derive\(([^)]*\bZeroize(?:OnDrop)?\b[^)]*)\)\]/g)].flatMap(([, list]) =>
      neverDerived
        .filter((name) => list.split(/[\s,:]+/).includes(name))
        .map((name) => `${path} derives ${name} for a secret`),
    ),
  );
}
