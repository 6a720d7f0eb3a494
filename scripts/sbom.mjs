// Writes down what is in the programs, one CycloneDX document each.   npm run sbom
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { sbomTool } from "./lib/needs.mjs";
import { targetFolder } from "./lib/programs.mjs";
import { main, outputOf, Problem, root, run } from "./lib/run.mjs";
import { installCargoTool, setup, toolFolder } from "./setup.mjs";

/** The packages with programs of ours that people get, and where each lies. */
const packages = { "keyreeve-desktop": ".", "keyreeve-cli": "crates/cli" };

/** Makes the documents of both programs and of the interface, and answers their paths. */
export async function makeSboms() {
  await installCargoTool(sbomTool);
  const folder = join(targetFolder, "sbom");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const keep = (name, document) => {
    const path = join(folder, `${name}.cdx.json`);
    writeFileSync(path, `${JSON.stringify(document, null, 2)}\n`);
    console.log(`Made ${relative(root, path)}: ${document.components.length} components`);
    return path;
  };
  return [...(await ofPrograms()).map((args) => keep(...args)), keep("keyreeve-interface", ofInterface())];
}

/** The tool writes beside each package of the workspace; taken away again is what is no program of ours. */
async function ofPrograms() {
  const host = outputOf("rustc", ["-vV"]).match(/^host: (.+)$/m)[1];
  await run(join(toolFolder, "bin", sbomTool[0]), [
    ...["cyclonedx", "--quiet", "--describe", "binaries", "--format", "json", "--spec-version", "1.5"],
    ...["--no-build-deps", "--target", host],
  ]);
  const written = outputOf("git", ["ls-files", "--others", "--", "*_bin.cdx.json"])
    .split("\n")
    .filter(Boolean);
  const documents = new Map(written.map((path) => [path, readFileSync(join(root, path), "utf8")]));
  for (const path of written) rmSync(join(root, path));
  return Object.entries(packages).map(([name, folder]) => {
    const [path] = written.filter((each) => join(each, "..") === folder);
    // Where this clone lies is nobody's business.
    const document = JSON.parse(documents.get(path).replaceAll(pathToFileURL(root).href, "file://"));
    const tree = outputOf("cargo", [
      ...["tree", "--locked", "-p", name, "--edges", "normal", "--target", host],
      ...["--prefix", "none", "--format", "{p}"],
    ]);
    const linked = [...tree.matchAll(/^(\S+) v(\S+)/gm)].map(([, crate, version]) => `${crate} ${version}`);
    refuseIncomplete(
      document,
      linked.filter((crate) => !crate.startsWith(`${name} `)),
    );
    return [document.metadata.component.name, document];
  });
}

/** What the interface is built from, without the tools that build it. */
function ofInterface() {
  const document = JSON.parse(
    outputOf("npm", ["sbom", "--sbom-format", "cyclonedx", "--sbom-type", "application"]),
  );
  const builds = ({ properties }) => properties.some(({ name }) => name === "cdx:npm:package:development");
  document.components = document.components.filter((component) => !builds(component));
  const kept = new Set(
    [document.metadata, ...document.components].map((each) => (each.component ?? each)["bom-ref"]),
  );
  document.dependencies = document.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((each) => kept.has(each)) }));
  const { packages: locked } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const wanted = Object.entries(locked).filter(
    ([path, { dev, optional }]) => path !== "" && !dev && !optional,
  );
  refuseIncomplete(
    document,
    wanted.map(([path, { version }]) => `${path.split("node_modules/").at(-1)} ${version}`),
  );
  return document;
}

function refuseIncomplete({ components }, wanted) {
  const there = new Set(components.map(({ name, version }) => `${name} ${version}`));
  const missing = wanted.filter((each) => !there.has(each));
  if (missing.length > 0) throw new Problem(`The bill of materials lacks ${missing.join(", ")}.`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(async () => {
    await setup("build");
    await makeSboms();
  });
}
