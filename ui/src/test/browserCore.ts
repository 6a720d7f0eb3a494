import { setPlatform } from "../ipc/platform";
import { FakeCore } from "./fakeCore";
import { emptyCore, lockedSampleCore, sampleCore } from "./sampleVault";

/**
 * Puts a core of play behind the interface in a plain browser. The address says which:
 * `?core=first|locked|empty|full|broken`, `&theme=light|dark`, `&keys=5000` for many, `&delay=300` for slow answers.
 */
export function installBrowserCore(): void {
  const wanted = new URLSearchParams(window.location.search);
  const core = coreFor(wanted.get("core") ?? "first");
  const theme = wanted.get("theme");
  if (theme === "light" || theme === "dark") core.preferences.theme = theme;
  core.delay = Number(wanted.get("delay") ?? 20);
  for (let number = 1; number <= Number(wanted.get("keys") ?? 0); number += 1) {
    core.addKey({
      name: `key-${String(number).padStart(6, "0")}`,
      algorithm: "aes-256-gcm",
      purpose: "encrypt",
    });
  }
  setPlatform(core);
  // For trying things from the browser's console.
  Object.assign(window, { core });
}

function coreFor(name: string): FakeCore {
  switch (name) {
    case "full":
      return sampleCore();
    case "empty":
      return emptyCore();
    case "locked":
      return lockedSampleCore();
    case "broken": {
      const core = sampleCore();
      for (let time = 0; time < 100; time += 1) {
        for (const command of ["overview", "list_keys"]) {
          core.failNext(
            command,
            "database_damaged",
            "The database is damaged.",
            "Stop using this copy and restore the newest backup.",
          );
        }
      }
      return core;
    }
    default:
      return new FakeCore();
  }
}
