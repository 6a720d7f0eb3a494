// Writes ui/src/ipc/bindings.ts from the Rust types.   npm run bindings
// With --check nothing is written: the script fails when the file is not what Rust would write now.
// With --built the generator is one that was built already.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { targetFolder } from "./lib/programs.mjs";
import { main, Problem, root, run } from "./lib/run.mjs";

const committed = join(root, "ui", "src", "ipc", "bindings.ts");

await main(async (args) => {
  const check = args.includes("--check");
  if (!existsSync(join(root, "crates", "app", "examples", "bindings.rs"))) {
    console.log("No generator yet: crates/app/examples/bindings.rs does not exist.");
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "keyreeve-bindings-"));
  try {
    const written = check ? join(folder, "bindings.ts") : committed;
    // The generator writes to the path that it is given.
    if (args.includes("--built")) await run(join(targetFolder, "debug", "examples", "bindings"), [written]);
    else await run("cargo", ["run", "--quiet", "-p", "keyreeve-app", "--example", "bindings", "--", written]);
    if (!check) return;
    const old = existsSync(committed) ? readFileSync(committed, "utf8") : "";
    if (old !== readFileSync(written, "utf8")) {
      throw new Problem(
        "ui/src/ipc/bindings.ts is not what Rust's types say now. Run `npm run bindings` and commit it.",
      );
    }
    console.log("ui/src/ipc/bindings.ts is current.");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
