// Locks the window's vault again and again, and looks each time for what the memory still knows.   npm run memory [-- LOCKS]
import { buildInterface, windowFeature } from "./lib/programs.mjs";
import { main, run } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

await main(async ([locks = "200"]) => {
  await setup("test");
  await buildInterface();
  // As `npm test` does it, so that neither builds again what the other has built.
  await run("cargo", ["build", "--workspace", "--locked", ...windowFeature, "--bins", "--examples"]);
  await run("node", ["--test", "--test-reporter=spec", "tests/e2e/memory.test.mjs"], {
    env: { KEYREEVE_LOCKS: locks },
  });
});
