// Measures Keyreeve's figures and writes them to docs/performance.md.   npm run bench [-- --sizes 1000,10000 …]
// What only the real window shows is measured by `npm run bench -- window`, and the ways in by `npm run bench -- ways-in`.
import { join } from "node:path";
import { benchWaysIn } from "./bench-ways-in.mjs";
import { benchWindow } from "./bench-window.mjs";
import { programPath, targetFolder } from "./lib/programs.mjs";
import { main, root, run } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

await main(async ([first, ...others]) => {
  if (first === "window") return benchWindow(others);
  if (first === "ways-in") return benchWaysIn(others);
  const options = first === undefined ? [] : [first, ...others];
  await setup("build");
  console.log("Building for release. The first time takes several minutes.");
  await run("cargo", ["build", "--release", "--locked", "-p", "keyreeve-benches", "-p", "keyreeve-cli"]);
  console.log("Measuring. All sizes take a while; close what else runs.");
  await run(programPath("keyreeve-bench", "release"), [
    ...["--cli", programPath("keyreeve", "release")],
    // On the disk, which a system's temporary folder need not be.
    ...["--folder", targetFolder],
    // Figures of a few sizes alone are shown, and do not replace those of all.
    ...(options.includes("--sizes") ? [] : ["--write", join(root, "docs", "performance.md")]),
    ...options,
  ]);
});
