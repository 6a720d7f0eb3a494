// Builds Keyreeve and opens its window.   npm start
import { spawn } from "node:child_process";
import { buildInterface, programPath, windowFeature } from "./lib/programs.mjs";
import { main, Problem, root, run } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

await main(async (args) => {
  if (process.platform === "linux" && !process.env.WAYLAND_DISPLAY && !process.env.DISPLAY) {
    throw new Problem(
      [
        "There is no display to open a window on: neither WAYLAND_DISPLAY nor DISPLAY is set.",
        "",
        "The command line does everything that the window does, on the same vault:",
        "  cargo run -p keyreeve-cli -- --help",
        "or, built once for good:",
        "  cargo build --release -p keyreeve-cli && target/release/keyreeve --help",
        "",
        "With a display elsewhere: ssh -X to this machine, or run `npm start` there.",
      ].join("\n"),
    );
  }
  await setup("build");
  await buildInterface();
  console.log("Building the window. The first time takes some minutes, later ones seconds.");
  await run("cargo", ["build", "-p", "keyreeve-desktop", "-p", "keyreeve-cli", ...windowFeature]);

  console.log("Opening Keyreeve. The command line lies beside it:", programPath("keyreeve"));
  const window = spawn(programPath("keyreeve-desktop"), args, { cwd: root, stdio: "inherit" });
  process.on("SIGINT", () => window.kill("SIGINT"));
  process.on("SIGTERM", () => window.kill("SIGTERM"));
  process.exitCode = await new Promise((resolve, reject) => {
    window.once("error", (error) => reject(new Problem(`The window could not be started: ${error.message}`)));
    window.once("exit", (code) => resolve(code ?? 1));
  });
});
