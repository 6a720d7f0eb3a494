import { expect, it } from "vitest";
import { EVERYTHING, isSelected, NOTHING, range, selectedCount, toBulkSelection, toggle } from "./selection";

const rows = ["a", "b", "c", "d"].map((id) => ({ id }));

it("starts with nothing and counts nothing", () => {
  expect(selectedCount(NOTHING, 4)).toBe(0);
  expect(isSelected(NOTHING, "a")).toBe(false);
});

it("chooses a row and lets it go", () => {
  const one = toggle(NOTHING, "b", rows, 4);
  expect(isSelected(one, "b")).toBe(true);
  expect(selectedCount(one, 4)).toBe(1);
  expect(toggle(one, "b", rows, 4)).toEqual(NOTHING);
});

it("chooses a range in either direction", () => {
  expect(range(1, 3, rows)).toEqual(range(3, 1, rows));
  expect(selectedCount(range(1, 3, rows), 4)).toBe(3);
});

it("counts everything as what the question has, not what is loaded", () => {
  expect(selectedCount(EVERYTHING, 100_000)).toBe(100_000);
  expect(isSelected(EVERYTHING, "never loaded")).toBe(true);
});

it("takes one row out of everything when all are loaded", () => {
  const rest = toggle(EVERYTHING, "b", rows, 4);
  expect(selectedCount(rest, 4)).toBe(3);
  expect(isSelected(rest, "b")).toBe(false);
});

it("starts again when taking one out of everything would need rows that are not loaded", () => {
  const one = toggle(EVERYTHING, "b", rows, 100_000);
  expect(selectedCount(one, 100_000)).toBe(1);
});

it("tells the core the question for everything and identifiers for some", () => {
  expect(toBulkSelection(EVERYTHING, { search: "pay" })).toEqual({ kind: "query", query: { search: "pay" } });
  expect(toBulkSelection(toggle(NOTHING, "c", rows, 4), {})).toEqual({ kind: "keys", keys: ["c"] });
});
