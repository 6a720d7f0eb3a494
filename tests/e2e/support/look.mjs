// Looks at a screen as a person does: what is wrong with it, and pictures of it where they are wanted.
import { wantsPictures } from "./home.mjs";

const sizes = [
  [1280, 800],
  [960, 600],
];
/** Where axe looks: at both sizes and in both looks, but not at all four, for it takes longer than all the rest. */
const examined = ["light-1280x800", "dark-960x600"];

/**
 * `look(name)` puts into `problems` what axe finds wrong with what is shown now and whether something is cut off sideways.
 * Where pictures are wanted it takes them in both looks and both sizes, into target/screenshots.
 */
export function makeLook(theApp) {
  const problems = [];
  const look = async (name) => {
    const app = theApp();
    for (const [width, height] of sizes) {
      await app.resize(width, height);
      for (const scheme of ["light", "dark"]) {
        const shown = `${scheme}-${width}x${height}`;
        const isExamined = examined.includes(shown);
        if (!isExamined && !wantsPictures) continue;
        await app.driver.executeScript(showScheme, scheme);
        await app.driver.executeScript(showHome, app.home.path);
        await app.drawn();
        await app.screenshot(`${name}-${shown}`);
        if (!isExamined) continue;
        for (const problem of await app.accessibilityProblems())
          problems.push(`${name}-${shown}: ${problem}`);
      }
      const overflow = await app.driver.executeScript(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      if (overflow !== 0) problems.push(`${name}-${width}x${height}: scrolls sideways by ${overflow} pixels`);
    }
    await app.resize(...sizes[0]);
  };
  return { look, problems };
}

/** Runs in the page: changes the look the way the interface's library does, which keeps open what is open. */
function showScheme(scheme) {
  // Without this the web view goes on painting inherited colours as they were.
  const still = new CSSStyleSheet();
  still.replaceSync("*, *::before, *::after { transition: none !important }");
  document.adoptedStyleSheets = [still];
  document.documentElement.setAttribute("data-mantine-color-scheme", scheme);
  getComputedStyle(document.body).color;
  document.adoptedStyleSheets = [];
}

/** Runs in the page: shows the home of the test under the name that a home has in the pictures of the guide. */
function showHome(path) {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.data.includes(path)) node.data = node.data.replaceAll(path, "/home/me");
  }
}
