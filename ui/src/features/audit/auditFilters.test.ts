import { expect, it } from "vitest";
import { eventRequest, isNarrowed, NO_FILTERS } from "./auditFilters";

it("asks for everything when nothing narrows", () => {
  expect(eventRequest(NO_FILTERS)).toEqual({});
  expect(isNarrowed(NO_FILTERS)).toBe(false);
  expect(isNarrowed({ ...NO_FILTERS, key: "  " })).toBe(false);
});

it("takes both days in full, in local time", () => {
  const request = eventRequest({ ...NO_FILTERS, from: "2026-11-24", to: "2026-11-24" });
  expect(request.since).toBe(new Date(2026, 10, 24).toISOString());
  expect(request.until).toBe(new Date(2026, 10, 25).toISOString());
});

it("goes over the end of a month and a year", () => {
  expect(eventRequest({ ...NO_FILTERS, to: "2026-12-31" }).until).toBe(new Date(2027, 0, 1).toISOString());
});
