import { expect, test } from "vitest";
import { asVariables, dark, light, type Tokens } from "./tokens";

const grounds = ["background", "panel", "sidebar", "inkSoft", "hover"] as const;
const words = ["text", "dim"] as const;
const states = ["ink", "ok", "info", "warn", "bad"] as const;

for (const [name, tokens] of [
  ["light", light],
  ["dark", dark],
] as const) {
  test.each(grounds)(`${name}: text can be read on %s`, (ground) => {
    for (const word of words) {
      expect(contrast(tokens, word, ground), `${word} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
  });

  test.each(grounds)(`${name}: a state's colour can be read on %s`, (ground) => {
    for (const state of states) {
      expect(contrast(tokens, state, ground), `${state} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
  });

  test(`${name}: buttons can be read`, () => {
    expect(contrast(tokens, "onInk", "ink")).toBeGreaterThanOrEqual(4.5);
    expect(contrast(tokens, "onInk", "inkHover")).toBeGreaterThanOrEqual(4.5);
    expect(contrast(tokens, "onBad", "bad")).toBeGreaterThanOrEqual(4.5);
    expect(contrast(tokens, "onBad", "badHover")).toBeGreaterThanOrEqual(4.5);
    expect(contrast(tokens, "bad", "badSoft")).toBeGreaterThanOrEqual(4.5);
    expect(contrast(tokens, "ink", "inkSoft")).toBeGreaterThanOrEqual(4.5);
  });

  test(`${name}: fields, the mark and the focus ring stand out`, () => {
    for (const shape of ["field", "brass", "ink"] as const) {
      for (const ground of ["background", "panel"] as const) {
        expect(contrast(tokens, shape, ground), `${shape} on ${ground}`).toBeGreaterThanOrEqual(3);
      }
    }
  });
}

test("every token has its CSS variable", () => {
  expect(asVariables(light)["--kr-ink-soft"]).toBe("#e6ecf7");
  expect(Object.keys(asVariables(dark))).toHaveLength(Object.keys(dark).length);
});

/** WCAG 2.2, relative luminance. */
function contrast(tokens: Tokens, one: keyof Tokens, other: keyof Tokens): number {
  const [high = 0, low = 0] = [luminance(tokens[one]), luminance(tokens[other])].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
