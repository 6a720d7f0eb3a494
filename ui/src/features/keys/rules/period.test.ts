import { expect, it } from "vitest";
import { periodIso, periodParts, rotationWords } from "./period";

it.each(["P1Y", "P6M", "P2W", "P30D", ""])("takes %s apart and puts it together again", (iso) => {
  const parts = periodParts(iso);
  expect(parts === null ? null : periodIso(parts)).toBe(iso);
});

it("leaves a period of several units alone", () => {
  expect(periodParts("P1Y6M")).toBeNull();
});

it("takes nothing, zero and less for no period", () => {
  expect(periodIso({ amount: "", unit: "Y" })).toBe("");
  expect(periodIso({ amount: 0, unit: "Y" })).toBe("");
  expect(periodIso({ amount: -3, unit: "Y" })).toBe("");
});

it("says how often to rotate", () => {
  expect(rotationWords("P1Y")).toBe("rotate yearly");
  expect(rotationWords("P2Y")).toBe("rotate every 2 years");
  expect(rotationWords(null)).toBe("no rotation date");
});
