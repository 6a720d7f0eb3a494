import type { KeyView } from "../../../ipc/bindings";
import { daysUntil, formatDate, formatDateTime, plural } from "../../../shared/format";
import { useNow } from "../../../shared/useNow";

/** "4 Mar 2027 in 101 days". */
export function RotateByWords({ keyView }: { keyView: KeyView }) {
  const now = useNow();
  const { rotateBy, state } = keyView;
  if (rotateBy === null) {
    return <span className="kr-dim">No date</span>;
  }
  if (state !== "active" && state !== "suspended") {
    return <span className="kr-dim">–</span>;
  }
  const days = daysUntil(rotateBy, now);
  return (
    <span>
      <time dateTime={rotateBy} title={formatDateTime(rotateBy)}>
        {formatDate(rotateBy)}
      </time>{" "}
      <span className={days <= 30 ? "kr-warn" : "kr-dim"}>
        {days > 0
          ? `in ${plural(days, "day")}`
          : days === 0
            ? "due today"
            : `overdue ${plural(-days, "day")}`}
      </span>
    </span>
  );
}
