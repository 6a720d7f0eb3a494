// Which folder of ui/src may import which.
import { posix } from "node:path";

const importPattern = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*["']([^"']+)["']/g;

/** Wrong imports in `[path, text]` pairs with paths like ui/src/features/keys/KeyTable.tsx. */
export function interfaceProblems(files) {
  return files.flatMap(([path, text]) =>
    [...text.matchAll(importPattern)].flatMap(([, specifier]) => {
      const problem = wrong(place(path), specifier, target(path, specifier));
      return problem === undefined ? [] : [`${path} imports ${specifier}: ${problem}`];
    }),
  );
}

function wrong(from, specifier, to) {
  if (specifier.startsWith("@tauri-apps/") && from.area !== "ipc")
    return "only ui/src/ipc talks to the platform";
  if (to === undefined) return undefined;
  if (from.area === "features" && to.area === "features" && from.feature !== to.feature) {
    return "features never import each other; what two need lies in shared";
  }
  if (from.area === "features" && to.area === "app") return "a feature does not know the app that shows it";
  if (from.area === "shared" && ["features", "app"].includes(to.area)) return "shared knows no feature";
  if (from.area === "ipc" && ["features", "app", "shared"].includes(to.area))
    return "ipc knows only the core";
  return undefined;
}

/** The file in ui/src that a specifier means, or undefined for a package. */
function target(path, specifier) {
  if (specifier.startsWith(".")) return place(posix.join(posix.dirname(path), specifier));
  const alias = specifier.match(/^[@~]\/(.*)$/);
  return alias ? place(`ui/src/${alias[1]}`) : undefined;
}

function place(path) {
  const [, , area, feature] = path.split("/");
  return { area, feature: area === "features" ? feature : undefined };
}
