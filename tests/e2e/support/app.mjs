// The real window, with what a test does to it: find, click, type, read, look, check for accessibility.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Key } from "selenium-webdriver";
import { startDisplay } from "./display.mjs";
import { startDriver } from "./driver.mjs";
import { makeHome, wantsPictures } from "./home.mjs";
import { processTree } from "./processes.mjs";

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL("../../..", import.meta.url));
const targetFolder = resolve(root, process.env.CARGO_TARGET_DIR ?? "target");
const screenshotFolder = join(root, "target", "screenshots");

/** The folder of the programs under test: what `cargo build` made, or the one that KEYREEVE_BIN_DIR names. */
export const binaryFolder = process.env.KEYREEVE_BIN_DIR ?? join(targetFolder, "debug");

const queryLibrary = readFileSync(
  join(dirname(require.resolve("@testing-library/dom/package.json")), "dist/@testing-library/dom.umd.js"),
  "utf8",
);
const axeLibrary = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const patience = 20_000;

export { Key };

/**
 * Opens the window and waits for the interface. `home` keeps a vault over a restart; without it the app gets an empty
 * one, which `stop()` removes. `under` is a command that starts it in its place.
 */
export async function startApp({
  home: given,
  scheme = "light",
  args = [],
  environment = {},
  under = [],
} = {}) {
  const home = given ?? makeHome();
  home.setScheme(scheme);
  const logFolder = join(root, "target", "e2e");
  mkdirSync(logFolder, { recursive: true });
  const logFile = join(logFolder, `${basename(home.path)}.log`);
  const display = await startDisplay();
  const program = join(binaryFolder, "keyreeve-desktop");
  const surroundings = { ...home.environment, DISPLAY: display.name, ...environment };
  let session;
  try {
    const [first, ...rest] = [...under, program, ...args];
    session = await startDriver({
      program: first,
      args: rest,
      environment: surroundings,
      logFile,
    });
  } catch (error) {
    await display.stop();
    throw error;
  }
  const startAgain = (more) => runToEnd(program, more, surroundings);
  const app = new App(session, display, home, given === undefined, startAgain, logFile);
  try {
    await app.ready();
  } catch (error) {
    await app.stop();
    throw error;
  }
  return app;
}

/**
 * A query names one element, in the words of Testing Library: `{ role, name }`, `{ label }`, `{ text }`,
 * `{ testId }`, `{ placeholder }` or `{ css }`. `name`, `label` and `text` are a string (the whole text) or a RegExp.
 * `within` is another query or an element to look inside of; `exact: false` accepts a part of the text; `first: true`
 * takes the first of several.
 */
class App {
  #session;
  #display;
  #ownsHome;

  constructor(session, display, home, ownsHome, startAgain, logFile) {
    this.#session = session;
    this.#display = display;
    this.#ownsHome = ownsHome;
    this.home = home;
    /** Starts the program a second time, with other arguments; it hands them to the first and ends. Needs a bus. */
    this.startAgain = startAgain;
    /** What the app and the driver printed. */
    this.logFile = logFile;
  }

  /** The selenium driver, for what this class has no word for. */
  get driver() {
    return this.#session.driver;
  }

  /** The process of the app and those of its web view, as they are now. */
  get processes() {
    return processTree(this.#session.process);
  }

  /** The name of the screen that the window is on. */
  get display() {
    return this.#display.name;
  }

  /** Closes the window and everything that was started for it. */
  async stop() {
    try {
      await this.#session.stop();
    } finally {
      await this.#display.stop();
      if (this.#ownsHome) this.home.remove();
    }
  }

  /** Waits until the app's process has ended by itself. */
  async crashed() {
    await this.#session.appEnded;
  }

  /** Waits until the interface shows its first screen: the tiles, a restore, a locked door, or an open vault. */
  async ready() {
    const screens = ["start", "restore", "unlock", "shell"].map((name) => `[data-testid="${name}"]`);
    return this.find({ css: screens.join() });
  }

  /** Waits until the query names exactly one element, and returns it. */
  async find(query) {
    return this.eventually(describe(query), async () => {
      const found = await this.all(query);
      if (found.length > 1 && query.first !== true) throw new Error(`${found.length} elements match`);
      return found[0];
    });
  }

  /** All elements that match now; does not wait. */
  async all(query) {
    const scope = await this.#scope(query.within);
    return this.#inPage(findAll, serialise(query), scope);
  }

  /** Waits until nothing matches any more. */
  async gone(query) {
    await this.eventually(`${describe(query)} to go`, async () => (await this.all(query)).length === 0);
  }

  /** Waits until the visible page, or one element of it, contains the text; returns all of the text. */
  async waitForText(expected, { within } = {}) {
    return this.eventually(`the text ${expected}`, async () => {
      const text = await this.text(within);
      const there = expected instanceof RegExp ? expected.test(text) : text.includes(expected);
      return there ? text : undefined;
    });
  }

  /** The text of an element, or of the page. WebDriver's own getText is empty for some visible elements. */
  async text(query) {
    const element = await this.#scope(query);
    return this.driver.executeScript(readText, element);
  }

  /** The value of a field. */
  async value(query) {
    return (await this.find(query)).getProperty("value");
  }

  /**
   * Clicks with the pointer, where a person would: waits while something lies over it, while it is disabled, and while
   * it moves. The driver aims first and clicks later; a menu that is placed meanwhile leaves what lay under it.
   */
  async click(query) {
    await this.eventually(`${describe(query)} to be clickable`, async () => {
      const element = await this.#element(query);
      if (!(await element.isEnabled())) throw new Error("it is disabled");
      if (!(await this.driver.executeAsyncScript(isAtRest, element))) throw new Error("it moves");
      try {
        await this.#outliving(() => element.click());
      } catch (error) {
        // The driver takes what lies under the buttons of a long dialog for visible. A person scrolls.
        await this.driver.executeScript((node) => node.scrollIntoView({ block: "center" }), element);
        throw error;
      }
      return true;
    });
  }

  /**
   * Replaces what is in a field at once, as pasting does: many times faster than typing, and any text can be. A field
   * that is made anew meanwhile, or that loses the focus, is looked for again.
   */
  async fill(query, text) {
    await this.click(query);
    await this.eventually(`${describe(query)} to take a text`, async () =>
      this.driver.executeScript(replaceText, await this.#element(query), text),
    );
  }

  /** Types at the end of what is in a field. */
  async type(query, text) {
    await (await this.#element(query)).sendKeys(text);
  }

  /** Chooses in a list that drops down, by the value of the entry, or by what `wanted` says of it. */
  async choose(query, value, wanted = { css: `[role="option"][value="${value}"]` }) {
    await this.click(query);
    // A list that is closed again by what happens to the window meanwhile is opened by the arrow, which leaves an open one
    // open.
    const entry = await this.eventually(`${value} to be among the entries`, async () => {
      const [there] = await this.all(wanted);
      if (there === undefined) await (await this.#element(query)).sendKeys(Key.ARROW_DOWN);
      return there;
    });
    const label = await this.text(entry);
    // While it opens, the list scrolls to what is chosen now. The driver's click, which is many steps, would hit what
    // happens to be in the place by then; this one is a single step.
    await this.eventually(`${value} to be in sight`, () => this.driver.executeScript(clickInSight, entry));
    await this.gone({ css: '[role="option"]' });
    const chosen = await this.value(query);
    if (chosen !== label) throw new Error(`${label} was chosen, and the field says ${chosen}`);
  }

  /** Asks the core, as the interface does: for what a test needs and does not test. */
  async core(command, request) {
    const answer = await this.#outliving(() => this.#invoke(command, request));
    // The page ended before it heard the answer: it locked the vault, or the vault was being locked meanwhile.
    if (answer === undefined) return command === "lock_vault" ? null : this.core(command, request);
    if (answer.error !== undefined)
      throw new Error(`${command}: ${answer.error.code} ${answer.error.message}`);
    return answer.value;
  }

  /** As `core`, for what must be refused: answers the error. */
  async coreError(command, request) {
    const answer = await this.#invoke(command, request);
    if (answer.error === undefined) throw new Error(`${command} was not refused`);
    return answer.error;
  }

  #invoke(command, request) {
    return this.driver.executeAsyncScript(
      (name, args, done) => {
        window.__TAURI_INTERNALS__
          .invoke(name, args)
          .then((value) => done({ value }))
          .catch((error) =>
            done({ error: { code: error?.code ?? "", message: error?.message ?? String(error) } }),
          );
      },
      command,
      request === undefined ? {} : { request },
    );
  }

  /** Loads the page anew, as a person does who wants to see what another program changed. */
  async reload() {
    await this.driver.navigate().refresh();
    await this.ready();
  }

  /** Types where the focus is. */
  async write(text) {
    await this.driver.actions().sendKeys(text).perform();
  }

  /**
   * Presses keys where the focus is: `press("Enter")`, `press("Control", "k")`. On a page that has just begun the driver
   * now and then lets a key go up that it never let go down; keys that the page did not see going down are pressed again.
   */
  async press(...keys) {
    const codes = keys.map((key) => (key.length === 1 ? key : keyCode(key)));
    let seen;
    do {
      await this.#outliving(() => this.driver.executeScript(watchKeys, keys));
      const actions = this.driver.actions();
      for (const code of codes) actions.keyDown(code);
      for (const code of codes.toReversed()) actions.keyUp(code);
      await this.#outliving(() => actions.perform());
      seen = await this.eventually(`${keys.join(" ")} to reach the page`, () =>
        this.driver.executeScript(whereKeysAre),
      );
    } while (seen === "up");
  }

  /** Locks the vault, and waits for the page that begins then, until nothing on it moves any more. */
  async lock() {
    await this.driver.executeScript(() => {
      window.isOpen = true;
    });
    const isOpen = () => this.driver.executeScript(() => window.isOpen === true);
    await this.eventually("another page", async () => {
      // Where the page ends between two strokes the driver loses a key, and says nothing that helps.
      if (await isOpen()) await this.press("Control", "l");
      return !(await isOpen());
    });
    await this.find({ testId: "unlock-submit" });
  }

  /** The element that has the focus: its role or tag, its name for a screen reader, and whether one sees the focus. */
  async focused() {
    return this.#inPage(describeFocus);
  }

  /** Gives the page's area this size. */
  async resize(width, height) {
    await this.driver.manage().window().setRect({ width, height });
    await this.eventually(`a window of ${width} by ${height}`, async () => {
      const size = await this.driver.executeScript(() => [window.innerWidth, window.innerHeight]);
      if (size[0] !== width || size[1] !== height) throw new Error(`it is ${size.join(" by ")}`);
      return true;
    });
  }

  /** Saves what the window shows as target/screenshots/NAME.png, where pictures are wanted. */
  async screenshot(name) {
    if (wantsPictures) await this.keepPicture(name);
  }

  /** Saves what the window shows as target/screenshots/NAME.png. */
  async keepPicture(name) {
    mkdirSync(screenshotFolder, { recursive: true });
    writeFileSync(join(screenshotFolder, `${name}.png`), await this.picture());
  }

  /** Waits until the page as it is now is on the screen. */
  async drawn() {
    await this.driver.executeAsyncScript((done) => {
      // The second frame begins when the first is on the screen.
      document.fonts.ready.then(() => requestAnimationFrame(() => requestAnimationFrame(() => done(true))));
    });
  }

  /** What the window shows, as a PNG. */
  async picture() {
    await this.drawn();
    return Buffer.from(await this.driver.takeScreenshot(), "base64");
  }

  /** What axe finds wrong on the page: a list of `rule: what it says (where)`, empty when all is well. */
  async accessibilityProblems({ within } = {}) {
    await this.#load("axe", axeLibrary);
    const scope = await this.#scope(within);
    const answer = await this.driver.executeAsyncScript((start, done) => {
      // Menus and lists that drop down are parts of a control, like dialogs, and stand outside of the page's regions.
      const popups = ["dialog", '[role="dialog"]', '[role="menu"]', '[role="listbox"]', "svg"];
      window.axe.configure({ checks: [{ id: "region", options: { regionMatcher: popups.join() } }] });
      window.axe
        .run(start ?? document, { resultTypes: ["violations"] })
        .then((result) => done({ violations: result.violations }))
        .catch((error) => done({ error: String(error) }));
    }, scope);
    if (answer.error) throw new Error(`axe did not finish: ${answer.error}`);
    return answer.violations.flatMap((rule) =>
      rule.nodes.map((node) => `${rule.id}: ${node.failureSummary} (${node.target.join(" ")})`),
    );
  }

  /** Does what may lock the vault: the page ends then, and the driver's session with it. */
  async #outliving(step) {
    try {
      return await step();
    } catch (error) {
      if (await this.#hasSession()) throw error;
      await this.#session.connectAgain();
      return undefined;
    }
  }

  async #hasSession() {
    const deadline = Date.now() + patience;
    for (;;) {
      try {
        await this.driver.getWindowHandle();
        return true;
      } catch (error) {
        if (error.name === "NoSuchSessionError") return false;
        // While a session is ending the driver answers with errors that say nothing.
        if (Date.now() > deadline) throw error;
      }
      await pause(10);
    }
  }

  async #element(query) {
    return typeof query.click === "function" ? query : this.find(query);
  }

  async #scope(query) {
    if (query === undefined || query === null) return null;
    return this.#element(query);
  }

  async #inPage(script, ...args) {
    await this.#load("TestingLibraryDom", queryLibrary);
    return this.driver.executeScript(script, ...args);
  }

  /** A library into the page, past its content policy, which holds for the page's own scripts only. */
  async #load(global, source) {
    const loaded = await this.driver.executeScript((name) => name in window, global);
    if (!loaded) await this.driver.executeScript(source);
  }

  /** Tries until the answer is neither undefined nor false; says at the end why the last try failed. */
  async eventually(what, attempt) {
    const deadline = Date.now() + patience;
    for (;;) {
      let reason = "";
      try {
        const answer = await attempt();
        if (answer !== undefined && answer !== false) return answer;
      } catch (error) {
        if (error.name === "NoSuchSessionError") await this.#session.connectAgain();
        reason = ` (${error.message})`;
      }
      if (Date.now() > deadline) {
        throw new Error(`Waited in vain for ${what}${reason}. The page says: ${await this.text()}`);
      }
      await pause(30);
    }
  }
}

async function runToEnd(program, args, env) {
  const child = spawn(program, args, { env, stdio: "ignore" });
  const [code] = await once(child, "exit", { signal: AbortSignal.timeout(patience) });
  if (code !== 0) throw new Error(`${program} ended with code ${code}`);
}

function keyCode(name) {
  const aliases = { Escape: "ESCAPE", ArrowDown: "ARROW_DOWN", ArrowUp: "ARROW_UP", PageDown: "PAGE_DOWN" };
  const code = Key[aliases[name] ?? name.toUpperCase()];
  if (code === undefined) throw new Error(`No key is called ${name}`);
  return code;
}

function describe(query) {
  if (typeof query.click === "function") return "an element";
  const { within, ...rest } = query;
  const words = Object.entries(rest).map(([key, value]) => `${key} ${value}`);
  return `${words.join(", ")}${within ? ` within ${describe(within)}` : ""}`;
}

// What crosses into the page is JSON: a pattern goes as its two parts.
function serialise({ within: _within, ...query }) {
  return Object.fromEntries(
    Object.entries(query).map(([key, value]) => [
      key,
      value instanceof RegExp ? { source: value.source, flags: value.flags } : value,
    ]),
  );
}

// The functions below run inside the page and see nothing of this module.

function findAll(query, scope) {
  const library = window.TestingLibraryDom;
  const start = scope ?? document.body;
  const text = (value) =>
    value && typeof value === "object" ? new RegExp(value.source, value.flags) : value;
  const options = { exact: query.exact !== false };
  let found;
  if (query.role !== undefined) {
    // What is hidden is left out below: the library's own look at it takes far longer.
    const wanted = { hidden: true };
    for (const key of ["checked", "selected", "expanded", "pressed", "level", "current"]) {
      if (query[key] !== undefined) wanted[key] = query[key];
    }
    if (query.name !== undefined) wanted.name = text(query.name);
    found = library.queryAllByRole(start, query.role, wanted);
    if (query.exact === false && typeof query.name === "string") {
      delete wanted.name;
      found = library
        .queryAllByRole(start, query.role, wanted)
        .filter((element) => library.computeAccessibleName?.(element)?.includes(query.name));
    }
  } else if (query.label !== undefined) {
    found = library.queryAllByLabelText(start, text(query.label), options);
  } else if (query.text !== undefined) {
    found = library.queryAllByText(start, text(query.text), options);
  } else if (query.placeholder !== undefined) {
    found = library.queryAllByPlaceholderText(start, text(query.placeholder), options);
  } else if (query.testId !== undefined) {
    found = library.queryAllByTestId(start, query.testId);
  } else {
    found = [...start.querySelectorAll(query.css)];
  }
  const isShown = (element) =>
    element.checkVisibility() &&
    (query.role === undefined || !element.closest('[aria-hidden="true"], [inert]'));
  return found.filter((element) => query.hidden === true || isShown(element));
}

function isAtRest(element, done) {
  const place = () => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return [left, top, width, height].join();
  };
  const before = place();
  requestAnimationFrame(() => requestAnimationFrame(() => done(place() === before)));
}

function replaceText(field, text) {
  field.focus();
  field.select();
  document.execCommand(text === "" ? "delete" : "insertText", false, text);
  return field.isConnected && document.activeElement === field;
}

function watchKeys(keys) {
  if (window.watchedKeys === undefined) {
    for (const way of ["down", "up"]) {
      window.addEventListener(`key${way}`, ({ key }) => window.watchedKeys[way].add(key), { capture: true });
    }
  }
  window.watchedKeys = { keys, down: new Set(), up: new Set() };
}

/** `down` once the page saw all of them going down, `up` if it saw them only coming up; `gone` on another page. */
function whereKeysAre() {
  if (window.watchedKeys === undefined) return "gone";
  const { keys, down, up } = window.watchedKeys;
  if (keys.every((key) => down.has(key))) return "down";
  return keys.every((key) => up.has(key)) && "up";
}

function clickInSight(element) {
  const box = element.getBoundingClientRect();
  const inSight = element.contains(
    document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2),
  );
  if (inSight) element.click();
  else element.scrollIntoView({ block: "center" });
  return inSight;
}

function readText(element) {
  const start = element ?? document.body;
  const isCode = (node) => node.parentElement?.closest("style, script") !== null;
  const walker = document.createTreeWalker(start, NodeFilter.SHOW_TEXT);
  let text = "";
  while (walker.nextNode()) if (!isCode(walker.currentNode)) text += walker.currentNode.data;
  return text;
}

function describeFocus() {
  const element = document.activeElement;
  if (element === null || element === document.body) return null;
  const style = getComputedStyle(element);
  return {
    tag: element.tagName.toLowerCase(),
    role: element.getAttribute("role"),
    name: element.getAttribute("aria-label") ?? element.textContent.trim(),
    testId: element.getAttribute("data-testid"),
    visible:
      (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none",
  };
}
