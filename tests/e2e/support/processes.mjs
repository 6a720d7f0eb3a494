// Processes, as the system tells of them.
import { readdirSync, readFileSync } from "node:fs";

/** A process and all that it started, without those that have ended. */
export function processTree(start) {
  const children = new Map();
  for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    let stat;
    try {
      stat = readFileSync(`/proc/${entry}/stat`, "utf8");
    } catch {
      continue;
    }
    // The name, in parentheses, may hold anything.
    const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (state !== "Z") children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const tree = [start];
  for (const process of tree) tree.push(...(children.get(String(process)) ?? []));
  return tree;
}

/** The name of a process. */
export function nameOf(process) {
  return readFileSync(`/proc/${process}/comm`, "utf8").trim();
}
