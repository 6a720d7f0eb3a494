const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** `12 Sep 2027`, in the computer's own time zone. */
export function formatDate(time: string | Date): string {
  const date = asDate(time);
  return date === null ? "–" : `${date.getDate()} ${months[date.getMonth()]} ${date.getFullYear()}`;
}

/** `12 Sep 2027, 14:03:09`: the exact time. */
export function formatDateTime(time: string | Date): string {
  const date = asDate(time);
  if (date === null) return "–";
  return `${formatDate(date)}, ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** `14:03` */
export function formatClock(time: string | Date): string {
  const date = asDate(time);
  return date === null ? "–" : `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** `2026-11` as `Nov 2026`. */
export function formatMonth(month: string): string {
  const [year, number] = month.split("-");
  return `${months[Number(number) - 1] ?? "?"} ${year ?? ""}`;
}

/** The month that lies `offset` months after `2026-11`, as `2026-11` too. */
export function monthAfter(first: string, offset: number): string {
  const [year = "1970", month = "1"] = first.split("-");
  const index = Number(year) * 12 + (Number(month) - 1) + offset;
  return `${Math.floor(index / 12)}-${two((index % 12) + 1)}`;
}

/** `in 16 days`, `2 days ago`, `just now`. */
export function formatRelative(time: string | Date, now: Date): string {
  const date = asDate(time);
  if (date === null) return "–";
  const distance = date.getTime() - now.getTime();
  const span = formatSpan(Math.abs(distance));
  if (span === null) return "just now";
  return distance > 0 ? `in ${span}` : `${span} ago`;
}

/** How far apart, in one unit: `16 days`, `3 months`; `null` below a minute. */
export function formatSpan(milliseconds: number): string | null {
  if (milliseconds < minute) return null;
  if (milliseconds < hour) return plural(Math.floor(milliseconds / minute), "minute");
  if (milliseconds < day) return plural(Math.floor(milliseconds / hour), "hour");
  const days = Math.floor(milliseconds / day);
  if (days < 60) return plural(days, "day");
  if (days < 730) return plural(Math.round(days / 30.44), "month");
  return plural(Math.round(days / 365.25), "year");
}

/** Whole days from now until then; negative when it is past. */
export function daysUntil(time: string, now: Date): number {
  return Math.ceil((new Date(time).getTime() - now.getTime()) / day);
}

/** `4:32` of a countdown. */
export function formatCountdown(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
}

/** `48,210` */
export function formatNumber(value: number): string {
  return value.toLocaleString("en-GB");
}

/** `1 key`, `1,248 keys` */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

/** `1.4 MB` */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return plural(bytes, "byte");
  const units = ["kB", "MB", "GB", "TB"];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** An ISO 8601 period in words: `P1Y6M` is `1 year 6 months`. What is no period stays as it is. */
export function formatPeriod(period: string): string {
  const parts = period.match(
    /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/,
  );
  if (parts === null) return period;
  const names = ["year", "month", "week", "day", "hour", "minute", "second"];
  const words = names.flatMap((name, index) => {
    const count = parts[index + 1];
    return count === undefined || Number(count) === 0 ? [] : [plural(Number(count), name)];
  });
  return words.length > 0 ? words.join(" ") : period;
}

/** The last part of a path, whichever slashes it has. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== "") ?? path;
}

/** A vault's folder without `.keyreeve` and what lies above it. */
export function vaultName(path: string): string {
  return fileName(path).replace(/\.keyreeve$/, "");
}

function asDate(time: string | Date): Date | null {
  const date = typeof time === "string" ? new Date(time) : time;
  return Number.isNaN(date.getTime()) ? null : date;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
