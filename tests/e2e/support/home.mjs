// A home directory of its own for each run: nothing of the person who runs the tests is read or written.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Pictures are for people who look at them. No test does, and they take a third of the time. */
export const wantsPictures = process.env.KEYREEVE_PICTURES !== undefined;

/**
 * For `startApp`: the web view composes its layers as it does for people. Most tests do without, for where there is no
 * graphics card that takes a quarter of their time.
 */
export const composed = { WEBKIT_DISABLE_COMPOSITING_MODE: "0" };

/** Makes an empty home. `environment` is everything a program under test gets to see of the outside. */
export function makeHome({ scheme = "light" } = {}) {
  const path = mkdtempSync(join(tmpdir(), "keyreeve-e2e-"));
  const folder = (name, mode = 0o755) => {
    const made = join(path, name);
    mkdirSync(made, { recursive: true, mode });
    return made;
  };
  const config = folder(".config");
  const runtime = folder("run", 0o700);
  const home = {
    path,
    environment: {
      PATH: process.env.PATH,
      HOME: path,
      XDG_CONFIG_HOME: config,
      XDG_DATA_HOME: folder(".local/share"),
      XDG_STATE_HOME: folder(".local/state"),
      XDG_CACHE_HOME: folder(".cache"),
      XDG_RUNTIME_DIR: runtime,
      TMPDIR: folder("tmp"),
      LANG: "C.UTF-8",
      TZ: "UTC",
      // No session bus: a bus of the machine must not see, or end, the app under test.
      DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(runtime, "no-bus")}`,
      GSETTINGS_BACKEND: "memory",
      NO_AT_BRIDGE: "1",
      LIBGL_ALWAYS_SOFTWARE: "1",
      ...(wantsPictures ? {} : { WEBKIT_DISABLE_COMPOSITING_MODE: "1" }),
    },
    /** What the web view answers to prefers-color-scheme: "light" or "dark". Read when the app starts. */
    setScheme(wanted) {
      folder(".config/gtk-3.0");
      // Without animations the web view also reports prefers-reduced-motion, so no test waits for one.
      writeFileSync(
        join(config, "gtk-3.0", "settings.ini"),
        `[Settings]\ngtk-application-prefer-dark-theme=${wanted === "dark" ? 1 : 0}\ngtk-enable-animations=0\n`,
      );
    },
    remove() {
      rmSync(path, { recursive: true, force: true });
    },
  };
  home.setScheme(scheme);
  return home;
}
