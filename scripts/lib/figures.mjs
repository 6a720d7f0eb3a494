// What the measurements leave in docs/performance.md.
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { Problem, root } from "./run.mjs";

const document = join(root, "docs", "performance.md");

/** Replaces what stands between two marks. */
export function writeFigures(begin, end, text) {
  const old = readFileSync(document, "utf8");
  const [before, rest] = old.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Problem(`docs/performance.md has no “${begin}” before “${end}”.`);
  writeFileSync(document, `${before}${begin}\n${text}\n${end}${after}`);
}

/** On what day and on which computer. */
export function occasion() {
  const day = new Date().toISOString().slice(0, 10);
  return {
    day,
    machine: `${cpus()[0].model}, ${cpus().length} cores, load ${loadavg()[0].toFixed(2)} at the end`,
  };
}

/** The time that this share of all took at most. */
export function within(times, share) {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
