// Tests that tell one story: each goes on where the one before ended, so after a failure the rest would fail as well.
import { test } from "node:test";

/**
 * Answers a `test` for the steps of one story. After a step that failed, whose window is kept as a picture in
 * target/screenshots, the others are skipped.
 */
export function tellStory(theApp) {
  let failed;
  return (name, step) =>
    test(name, async (context) => {
      if (failed !== undefined) {
        context.skip(`“${failed}” failed`);
        return;
      }
      try {
        await step(context);
      } catch (error) {
        failed = name;
        await theApp()
          ?.keepPicture(`failed-${name.replaceAll(/\W+/g, "-")}`)
          .catch(() => {});
        throw error;
      }
    });
}
