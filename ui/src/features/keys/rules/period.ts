import { formatPeriod } from "../../../shared/format";

/** The units that a period is typed in. */
export type PeriodUnit = "D" | "W" | "M" | "Y";

/** A period as a form holds it; an empty amount is no period. */
export interface PeriodParts {
  amount: number | "";
  unit: PeriodUnit;
}

const UNITS: Record<PeriodUnit, string> = { D: "days", W: "weeks", M: "months", Y: "years" };

/** A period of one unit taken apart; `null` when it has several, which a form cannot show. */
export function periodParts(iso: string | null): PeriodParts | null {
  if (iso === null || iso === "") {
    return { amount: "", unit: "Y" };
  }
  const match = /^P(\d+)([DWMY])$/i.exec(iso);
  const [, amount, unit] = match ?? [];
  return amount === undefined || unit === undefined
    ? null
    : { amount: Number(amount), unit: unit.toUpperCase() as PeriodUnit };
}

/** The ISO 8601 text; empty for no period. */
export function periodIso(parts: PeriodParts): string {
  return parts.amount === "" || parts.amount <= 0 ? "" : `P${Math.trunc(parts.amount)}${parts.unit}`;
}

/** The units for a select. */
export const PERIOD_UNITS = (Object.keys(UNITS) as PeriodUnit[]).map((unit) => ({
  value: unit,
  label: UNITS[unit],
}));

/** "rotate yearly" for a policy's originator usage. */
export function rotationWords(originatorUsage: string | null): string {
  switch (originatorUsage) {
    case null:
      return "no rotation date";
    case "P1Y":
      return "rotate yearly";
    case "P1M":
      return "rotate monthly";
    case "P1W":
      return "rotate weekly";
    case "P1D":
      return "rotate daily";
    default:
      return `rotate every ${formatPeriod(originatorUsage)}`;
  }
}
