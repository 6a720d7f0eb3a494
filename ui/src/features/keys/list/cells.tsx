import type { KeyRowView } from "../../../ipc/bindings";
import { daysUntil, formatDate, formatDateTime, plural } from "../../../shared/format";

/** Days before the date at which the list begins to show it in the colour of warning. */
const SOON = 30;

/** A date with its exact time on hover. Plain on purpose: a list draws dozens of them at every keystroke. */
export function DateCell({ time }: { time: string | null }) {
  return time === null ? (
    "–"
  ) : (
    <time dateTime={time} title={formatDateTime(time)}>
      {formatDate(time)}
    </time>
  );
}

/** When to rotate, and how far overdue it is. */
export function RotateByCell({ row }: { row: KeyRowView }) {
  const { rotateBy } = row;
  if (rotateBy === null || !(row.state === "active" || row.state === "suspended")) {
    return "–";
  }
  const days = daysUntil(rotateBy, new Date());
  if (days > SOON) {
    return <DateCell time={rotateBy} />;
  }
  return (
    <time className="kr-warn" dateTime={rotateBy} title={formatDateTime(rotateBy)}>
      {days > 0 ? formatDate(rotateBy) : overdueWords(-days)}
    </time>
  );
}

function overdueWords(days: number): string {
  return days === 0 ? "due today" : `overdue ${plural(days, "day")}`;
}
