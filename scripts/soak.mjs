// Ends the command line tens of thousands of times and looks at what is left.   npm run soak [-- KILLS POWER-CUTS]
import { programPath } from "./lib/programs.mjs";
import { main, run } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

await main(async (options) => {
  await setup("build");
  // What is killed is what is given to people.
  await run("cargo", ["build", "--release", "--locked", "-p", "keyreeve-faults", "-p", "keyreeve-cli"]);
  console.log("A hundred thousand times takes an hour; give a smaller number to see it work.");
  await run(programPath("keyreeve-soak", "release"), options);
});
