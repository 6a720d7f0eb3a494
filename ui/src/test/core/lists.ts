import { refusal } from "./refusal";

/** The one with an id. */
export function oneOf<T extends { id: string }>(all: readonly T[], id: string | undefined, what: string): T {
  const found = all.find((one) => one.id === id);
  if (found === undefined) throw refusal("not_found", `There is no such ${what}.`);
  return found;
}

/** The one with an id, which is there no more afterwards. */
export function takeOut<T extends { id: string }>(all: T[], id: string, what: string): T {
  const found = oneOf(all, id, what);
  all.splice(all.indexOf(found), 1);
  return found;
}

/** Whether one of the texts has what is searched for. */
export function matches(search: string, ...texts: string[]): boolean {
  return texts.some((text) => text.toLowerCase().includes(search.toLowerCase()));
}
