import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "./support/app.mjs";
import { composed } from "./support/home.mjs";

for (const scheme of ["light", "dark"]) {
  test(`the window opens in ${scheme}, on the app's own page, and looks right in two sizes`, async () => {
    const app = await startApp({ scheme, environment: composed });
    try {
      assert.equal(await app.driver.getTitle(), "Keyreeve");
      const prefersDark = await app.driver.executeScript(
        () => matchMedia("(prefers-color-scheme: dark)").matches,
      );
      assert.equal(prefersDark, scheme === "dark");
      assert.deepEqual(await app.accessibilityProblems(), []);
      for (const [width, height] of [
        [1280, 800],
        [960, 600],
      ]) {
        await app.resize(width, height);
        const overflow = await app.driver.executeScript(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.equal(overflow, 0, "nothing scrolls sideways");
        await app.screenshot(`start-${width}x${height}-${scheme}`);
      }
    } finally {
      await app.stop();
    }
  });
}
