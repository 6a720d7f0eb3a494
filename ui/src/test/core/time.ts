/** A day, in milliseconds. */
export const day = 86_400_000;

/** When a period that began then ends; months and years are counted roughly. */
export function afterPeriod(begin: string, period: string): string {
  const [, years = "0", months = "0", days = "0"] = period.match(/^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?/) ?? [];
  const end = new Date(begin);
  end.setUTCFullYear(end.getUTCFullYear() + Number(years), end.getUTCMonth() + Number(months));
  return new Date(end.getTime() + Number(days) * day).toISOString();
}
