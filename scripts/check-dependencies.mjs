// Fails when a dependency points the wrong way: between crates, to a library that only one crate may name, or between
// the interface's features; and when a secret's type derives what it must not have. See docs/architecture.md for the reasons.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { crateProblems, secretProblems, sourceProblems } from "./lib/crate-rules.mjs";
import { interfaceProblems } from "./lib/interface-rules.mjs";
import { answerOf, main, Problem, root } from "./lib/run.mjs";

export function checkDependencies() {
  const metadata = answerOf("cargo", ["metadata", "--no-deps", "--format-version", "1", "--offline"]);
  if (metadata === undefined) throw new Problem("`cargo metadata` failed; run it to see why.");
  return [
    ...crateProblems(JSON.parse(metadata)),
    ...sourceProblems(filesBelow("crates", /\.rs$/)),
    ...secretProblems(filesBelow("crates", /\.rs$/)),
    ...interfaceProblems(filesBelow("ui/src", /\.tsx?$/)),
  ];
}

/** Every file below a folder whose name fits, as `[path, text]`, with paths from the root of the repository. */
function filesBelow(folder, pattern) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return filesBelow(path, pattern);
    return pattern.test(entry.name) ? [[path, readFileSync(join(root, path), "utf8")]] : [];
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(() => {
    const problems = checkDependencies();
    if (problems.length > 0)
      throw new Problem(`Dependencies point the wrong way:\n  ${problems.join("\n  ")}`);
    console.log("Dependencies point the right way.");
  });
}
