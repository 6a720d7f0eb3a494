// Builds a program twice, from two clones in two places, and says whether the bytes are the same.
//   npm run reproduce [-- keyreeve-cli|keyreeve-desktop]
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildInterface, windowFeature } from "./lib/programs.mjs";
import { releaseEnvironment } from "./lib/release.mjs";
import { main, Problem, root, run } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

const programs = { "keyreeve-cli": "keyreeve", "keyreeve-desktop": "keyreeve-desktop" };

/** Builds in a clone of its own, which goes again, and answers the SHA-256 of the program. */
async function hashOfBuild(name, place) {
  const folder = mkdtempSync(join(tmpdir(), place));
  try {
    const clone = join(folder, "source");
    await run("git", ["clone", "--quiet", "--no-hardlinks", root, clone]);
    symlinkSync(join(root, "node_modules"), join(clone, "node_modules"));
    if (name === "keyreeve-desktop") await buildInterface(clone);
    await run(
      "cargo",
      [
        ...["build", "--release", "--locked", "-p", name],
        ...(name === "keyreeve-desktop" ? windowFeature : []),
      ],
      { cwd: clone, env: { ...releaseEnvironment(clone), CARGO_TARGET_DIR: join(clone, "target") } },
    );
    const program = readFileSync(join(clone, "target", "release", programs[name]));
    return createHash("sha256").update(program).digest("hex");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main(async ([name = "keyreeve-cli"]) => {
  if (programs[name] === undefined)
    throw new Problem(`Usage: npm run reproduce [-- ${Object.keys(programs).join("|")}]`);
  await setup("build");
  const first = await hashOfBuild(name, "keyreeve-one-");
  console.log(`${first}  ${programs[name]}, the first time`);
  const second = await hashOfBuild(name, "keyreeve-another-place-");
  console.log(`${second}  ${programs[name]}, the second time`);
  if (first !== second)
    throw new Problem("The two builds differ. Of the window's program docs/assurance.md says why.");
  console.log("The same bytes both times.");
});
