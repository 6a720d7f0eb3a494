// Runs every check and test.   npm test            all of them
//                             npm test -- e2e     one or more steps, with what they need
//                             npm test -- --list  the names of the steps
import { Interrupted, main, Problem } from "./lib/run.mjs";
import { steps } from "./lib/steps.mjs";

await main(async (args) => {
  if (args.includes("--list")) {
    for (const { name, what } of steps) console.log(`${name.padEnd(12)} ${what}`);
    return;
  }
  const results = new Map();
  for (const step of selected(args)) results.set(step.name, await perform(step, results));
  report(results);
  if ([...results.values()].some(({ outcome }) => outcome === "failed")) process.exitCode = 1;
});

function selected(names) {
  if (names.length === 0) return steps;
  const wanted = new Set();
  const add = (name) => {
    const step = steps.find((candidate) => candidate.name === name);
    if (step === undefined) {
      throw new Problem(
        `There is no step ${name}. The steps are: ${steps.map((each) => each.name).join(", ")}.`,
      );
    }
    for (const earlier of step.after ?? []) add(earlier);
    wanted.add(name);
  };
  for (const name of names) add(name);
  return steps.filter(({ name }) => wanted.has(name));
}

async function perform(step, results) {
  console.log(`\n=== ${step.name}: ${step.what}`);
  const blocker = (step.after ?? []).find((name) => results.get(name).outcome === "failed");
  if (blocker !== undefined) {
    console.log(`Not run, because ${blocker} failed.`);
    return { outcome: "failed", seconds: 0, note: `not run: ${blocker} failed` };
  }
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  try {
    const note = await step.run();
    return { outcome: "passed", seconds: seconds(), note: note ?? "" };
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    if (!(error instanceof Problem)) console.error(error);
    console.error(`FAILED: ${error.message}`);
    return { outcome: "failed", seconds: seconds(), note: error.message };
  }
}

function report(results) {
  console.log("\n=== Summary");
  for (const [name, { outcome, seconds, note }] of results) {
    console.log(
      `${outcome}  ${`${seconds.toFixed(1)} s`.padStart(9)}  ${name}${note ? `  (${note.split("\n")[0]})` : ""}`,
    );
  }
  const outcomes = [...results.values()].map(({ outcome }) => outcome);
  const count = (wanted) => outcomes.filter((outcome) => outcome === wanted).length;
  console.log(`\n${count("passed")} passed, ${count("failed")} failed`);
  // Once more at the end, where they are found.
  const details = [...results.values()].flatMap(({ note }) => note.split("\n").slice(1));
  if (details.length > 0) console.log(`\n${details.join("\n")}`);
}
