// Changes the core's code in one place at a time, and says which changes no test notices.
//   npm run mutants [-- CRATE … [-- OPTIONS OF CARGO-MUTANTS]]     e.g. -- domain -- --shard 0/10
import { join } from "node:path";
import { mutantsTool } from "./lib/needs.mjs";
import { buildCardRig, testEnvironment } from "./lib/programs.mjs";
import { main, run } from "./lib/run.mjs";
import { installCargoTool, setup, toolFolder } from "./setup.mjs";

/** The crates in which a mistake loses or leaks a key. */
const core = ["crypto", "domain", "store", "unlock"];

/** A test that fails need not look for the smallest input with which it does, nor write that down. */
const noShrinking = { PROPTEST_MAX_SHRINK_ITERS: "0", PROPTEST_DISABLE_FAILURE_PERSISTENCE: "1" };

await main(async (args) => {
  await setup("test");
  await installCargoTool(mutantsTool);
  await buildCardRig();
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  const named = args.slice(0, end);
  const crates = named.length > 0 ? named : core;
  console.log("A crate takes hours. What no test noticed is listed in target/mutants.out/missed.txt.");
  await run(
    join(toolFolder, "bin", mutantsTool[0]),
    [
      ...["mutants", "--output", "target", "--colors", "never", "--no-times", "--cargo-test-arg=--tests"],
      ...crates.flatMap((name) => ["--package", `keyreeve-${name}`]),
      ...args.slice(end + 1),
    ],
    { env: { ...testEnvironment, ...noShrinking } },
  );
});
