// Writes ui/src/ipc/bindings.ts from the Rust types.   npm run bindings
// With --check nothing is written: the script fails when the file is not what Rust would write now.
// With --built the generator is one that was built already.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { targetFolder } from "./lib/programs.mjs";
import { main, outputOf, Problem, root } from "./lib/run.mjs";

const file = join(root, "ui", "src", "ipc", "bindings.ts");

await main(async (args) => {
  const generated = args.includes("--built")
    ? outputOf(join(targetFolder, "debug", "examples", "bindings"), [])
    : outputOf("cargo", ["run", "--quiet", "-p", "keyreeve-app", "--example", "bindings"]);
  const old = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (old === generated) {
    console.log("ui/src/ipc/bindings.ts is current.");
  } else if (args.includes("--check")) {
    throw new Problem(
      "ui/src/ipc/bindings.ts is not what Rust's types say now. Run `npm run bindings` and commit it.",
    );
  } else {
    writeFileSync(file, generated);
    console.log("Wrote ui/src/ipc/bindings.ts.");
  }
});
