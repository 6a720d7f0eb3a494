// Makes the Debian package, with the window and the command line in it.   npm run bundle
import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { programPath, targetFolder } from "./lib/programs.mjs";
import { answerOf, main, root, run } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

const staging = join(root, "target", "bundle-files");

/** What the package holds beside the window, its icons and its desktop entry. */
const files = {};

function add(installedPath, bytes) {
  const path = join(staging, installedPath);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  files[installedPath] = relative(root, path);
}

function addProgram(installedPath, built) {
  add(installedPath, "");
  copyFileSync(built, join(root, files[installedPath]));
}

await main(async () => {
  await setup("build");
  rmSync(staging, { recursive: true, force: true });

  await run("cargo", ["build", "--release", "--locked", "-p", "keyreeve-cli"]);
  const commandLine = programPath("keyreeve", "release");
  addProgram("/usr/bin/keyreeve", commandLine);

  for (const [shell, path] of [
    ["bash", "/usr/share/bash-completion/completions/keyreeve"],
    ["zsh", "/usr/share/zsh/vendor-completions/_keyreeve"],
    ["fish", "/usr/share/fish/vendor_completions.d/keyreeve.fish"],
  ]) {
    const script = answerOf(commandLine, ["completions", shell]);
    if (script) add(path, `${script}\n`);
    else console.log(`No completion for ${shell}: \`keyreeve completions ${shell}\` gives none.`);
  }
  const manual = answerOf(commandLine, ["man"]);
  if (manual) add("/usr/share/man/man1/keyreeve.1.gz", gzipSync(`${manual}\n`, { level: 9 }));
  else console.log("No manual page: `keyreeve man` gives none.");

  copyFileSync(join(root, "src-tauri/linux/keyreeve-mime.xml"), join(staging, "keyreeve-mime.xml"));
  files["/usr/share/mime/packages/keyreeve.xml"] = relative(root, join(staging, "keyreeve-mime.xml"));

  const config = join(staging, "bundle.json");
  writeFileSync(config, JSON.stringify({ bundle: { linux: { deb: { files } } } }, null, 2));
  await run("npx", ["--no-install", "tauri", "build", "--no-bundle", "--", "--locked"]);
  await run("npx", ["--no-install", "tauri", "bundle", "--bundles", "deb", "--config", config]);

  const folder = join(targetFolder, "release", "bundle", "deb");
  for (const name of readdirSync(folder).filter((each) => each.endsWith(".deb"))) {
    console.log(`Made ${relative(root, join(folder, name))}`);
    await run("dpkg-deb", ["--info", join(folder, name)]);
  }
});
