// A keyboard on the X server: what it types goes through the toolkit as a person's typing does, and not through the
// web view's automation, which keeps copies of its own.
import { execFileSync } from "node:child_process";

/** Replaces what is in the field that has the focus, and waits until it is there. The text itself is not asked for. */
export async function typeByKeyboard(app, words) {
  send(app, ["key", "--clearmodifiers", "ctrl+a"]);
  send(app, ["type", "--clearmodifiers", "--delay", "1", "--file", "-"], words);
  await app.eventually("the keyboard", async () => {
    const there = await lengthInField(app);
    if (there !== words.length) throw new Error(`${there} of ${words.length} letters`);
    return true;
  });
}

function lengthInField(app) {
  return app.driver.executeScript(() => document.activeElement.value?.length);
}

/** Presses keys where the focus is: `pressByKeyboard(app, "Return")`, `pressByKeyboard(app, "ctrl+l")`. */
export function pressByKeyboard(app, ...keys) {
  send(app, ["key", "--clearmodifiers", ...keys]);
}

/** Gives the window the keyboard: without a window manager nobody else does. */
export function focusByKeyboard(app) {
  send(app, ["search", "--onlyvisible", "--name", "^Keyreeve$", "windowfocus", "--sync"]);
}

function send(app, args, input) {
  execFileSync("xdotool", args, { env: { ...app.home.environment, DISPLAY: app.display }, input });
}
