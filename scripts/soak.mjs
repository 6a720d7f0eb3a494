// Ends the command line tens of thousands of times and looks at what is left.
//   npm run soak [-- KILLS POWER-CUTS [COMMAND …]]     e.g. -- 1 1 "backup create"
import { programPath } from "./lib/programs.mjs";
import { main, run } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

await main(async (options) => {
  await setup("build");
  // What is killed is what is given to people.
  await run("cargo", ["build", "--release", "--locked", "-p", "keyreeve-faults", "-p", "keyreeve-cli"]);
  console.log(
    "A hundred thousand kills take an hour, and what follows takes more; give smaller numbers to see it work.",
  );
  await run(programPath("keyreeve-soak", "release"), options);
});
