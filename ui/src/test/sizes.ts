import { afterAll, beforeAll } from "vitest";

/** Gives every element a size, which jsdom does not: a list that draws only what is visible would draw nothing. */
export function withSizes(width = 900, height = 600): void {
  const before: [string, PropertyDescriptor | undefined][] = [];
  beforeAll(() => {
    for (const [name, size] of [
      ["clientWidth", width],
      ["clientHeight", height],
    ] as const) {
      before.push([name, Object.getOwnPropertyDescriptor(HTMLElement.prototype, name)]);
      Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => size });
    }
  });
  afterAll(() => {
    for (const [name, descriptor] of before) {
      if (descriptor === undefined) Reflect.deleteProperty(HTMLElement.prototype, name);
      else Object.defineProperty(HTMLElement.prototype, name, descriptor);
    }
  });
}
