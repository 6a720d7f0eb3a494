import { describe, expect, test } from "vitest";
import {
  daysUntil,
  fileName,
  formatBytes,
  formatCountdown,
  formatDate,
  formatDateTime,
  formatMonth,
  formatPeriod,
  formatRelative,
  monthAfter,
  plural,
  vaultName,
} from "./format";

const now = new Date("2026-11-24T12:00:00Z");
const after = (milliseconds: number) => new Date(now.getTime() + milliseconds);
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

test("dates read as people write them", () => {
  expect(formatDate(new Date(2027, 8, 12))).toBe("12 Sep 2027");
  expect(formatDateTime(new Date(2027, 8, 2, 4, 5, 6))).toBe("2 Sep 2027, 04:05:06");
});

test("what is no time is a dash", () => {
  expect(formatDate("never")).toBe("–");
  expect(formatRelative("", now)).toBe("–");
});

describe("relative time", () => {
  test.each([
    [0, "just now"],
    [59_000, "just now"],
    [minute, "in 1 minute"],
    [-90 * minute, "1 hour ago"],
    [23 * hour, "in 23 hours"],
    [-2 * day, "2 days ago"],
    [16 * day, "in 16 days"],
    [90 * day, "in 3 months"],
    [-800 * day, "2 years ago"],
  ])("%d ms is %s", (distance, words) => {
    expect(formatRelative(after(distance), now)).toBe(words);
  });
});

test("days are counted up to the last begun one", () => {
  expect(daysUntil(after(21 * day - minute).toISOString(), now)).toBe(21);
  expect(daysUntil(after(-12 * day).toISOString(), now)).toBe(-12);
});

test.each([
  ["P1Y", "1 year"],
  ["P1Y6M", "1 year 6 months"],
  ["P30D", "30 days"],
  ["P2W", "2 weeks"],
  ["PT12H", "12 hours"],
  ["P0D", "P0D"],
  ["tomorrow", "tomorrow"],
])("the period %s is %s", (period, words) => {
  expect(formatPeriod(period)).toBe(words);
});

test.each([
  [0, "0 bytes"],
  [1, "1 byte"],
  [999, "999 bytes"],
  [1400, "1.4 kB"],
  [31_848, "32 kB"],
  [999_600, "1.0 MB"],
  [5_000_000_000, "5.0 GB"],
])("%d bytes are %s", (bytes, words) => {
  expect(formatBytes(bytes)).toBe(words);
});

test("the countdown never goes below nothing", () => {
  expect(formatCountdown(272_000)).toBe("4:32");
  expect(formatCountdown(500)).toBe("0:01");
  expect(formatCountdown(-5000)).toBe("0:00");
});

test("months go over the year's end", () => {
  expect(monthAfter("2026-11", 0)).toBe("2026-11");
  expect(monthAfter("2026-11", 2)).toBe("2027-01");
  expect(formatMonth("2027-01")).toBe("Jan 2027");
});

test("counts take the right word", () => {
  expect(plural(1, "key")).toBe("1 key");
  expect(plural(1248, "key")).toBe("1,248 keys");
  expect(plural(0, "entry", "entries")).toBe("0 entries");
});

test("a vault is called by its folder, whichever slashes the system has", () => {
  expect(vaultName("/home/me/Team vault.keyreeve")).toBe("Team vault");
  expect(vaultName("C:\\Users\\me\\Home.keyreeve\\")).toBe("Home");
  expect(fileName("/a/b.age")).toBe("b.age");
});
