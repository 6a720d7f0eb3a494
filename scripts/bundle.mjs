// Makes the Debian package, with the window and the command line in it.   npm run bundle
// With --debug it takes the unoptimised programs, which is quick, for trying the package itself.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { buildInterface, programPath, targetFolder, windowFeature } from "./lib/programs.mjs";
import { releaseEnvironment } from "./lib/release.mjs";
import { main, outputOf, root, run } from "./lib/run.mjs";
import { makeSboms } from "./sbom.mjs";
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

await main(async (args) => {
  const debug = args.includes("--debug");
  const profile = debug ? "debug" : "release";
  await setup("build");
  rmSync(staging, { recursive: true, force: true });

  await buildInterface();
  await run(
    "cargo",
    [
      ...["build", "--locked", "-p", "keyreeve-cli", "-p", "keyreeve-desktop", ...windowFeature],
      ...(debug ? [] : ["--release"]),
    ],
    { env: debug ? {} : releaseEnvironment(root) },
  );
  const commandLine = programPath("keyreeve", profile);
  addProgram("/usr/bin/keyreeve", commandLine);

  for (const [shell, path] of [
    ["bash", "/usr/share/bash-completion/completions/keyreeve"],
    ["zsh", "/usr/share/zsh/vendor-completions/_keyreeve"],
    ["fish", "/usr/share/fish/vendor_completions.d/keyreeve.fish"],
  ]) {
    add(path, outputOf(commandLine, ["completions", shell]));
  }
  const manuals = join(staging, "man");
  mkdirSync(manuals, { recursive: true });
  await run(commandLine, ["generate-man", manuals]);
  for (const name of readdirSync(manuals)) {
    add(`/usr/share/man/man1/${name}.gz`, gzipSync(readFileSync(join(manuals, name)), { level: 9 }));
  }

  for (const path of await makeSboms()) {
    add(`/usr/share/doc/keyreeve/${basename(path)}`, readFileSync(path));
  }

  copyFileSync(join(root, "src-tauri/linux/keyreeve-mime.xml"), join(staging, "keyreeve-mime.xml"));
  files["/usr/share/mime/packages/keyreeve.xml"] = relative(root, join(staging, "keyreeve-mime.xml"));

  const config = join(staging, "bundle.json");
  writeFileSync(config, JSON.stringify({ bundle: { linux: { deb: { files } } } }, null, 2));
  await run("npx", [
    ...["--no-install", "tauri", "bundle", "--bundles", "deb", "--config", config],
    ...(debug ? ["--debug"] : []),
  ]);

  const folder = join(targetFolder, profile, "bundle", "deb");
  for (const name of readdirSync(folder).filter((each) => each.endsWith(".deb"))) {
    console.log(`Made ${relative(root, join(folder, name))}`);
    await run("dpkg-deb", ["--info", join(folder, name)]);
  }
});
