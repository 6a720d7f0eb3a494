// Gives every reader of bytes from outside bytes that nobody meant.   npm run fuzz [-- SECONDS [SEED]]
import { programPath } from "./lib/programs.mjs";
import { main, run } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

await main(async (options) => {
  await setup("build");
  await run("cargo", ["build", "--locked", "-p", "keyreeve-fuzz"]);
  await run(programPath("keyreeve-fuzz", "debug"), options);
});
