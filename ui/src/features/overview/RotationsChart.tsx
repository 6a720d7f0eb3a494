import { Tooltip } from "@mantine/core";
import { formatMonth, monthAfter, plural } from "../../shared/format";

/** Twelve bars, this month first, if there is any; the same as a table for those who do not see them. */
export function RotationsChart({ counts, firstMonth }: { counts: number[]; firstMonth: string }) {
  const most = Math.max(...counts, 1);
  if (counts.every((count) => count === 0)) {
    return <p className="kr-chart-none">None falls due in this time.</p>;
  }
  const months = counts.map((count, index) => ({ count, month: monthAfter(firstMonth, index) }));
  return (
    <figure className="kr-chart" aria-label="Rotations due in each of the next 12 months">
      <div className="kr-chart-bars" aria-hidden="true">
        {months.map(({ count, month }) => (
          <Tooltip key={month} label={`${formatMonth(month)}: ${plural(count, "rotation")}`}>
            <div className="kr-chart-slot">
              <div
                className="kr-chart-bar"
                style={{ height: `${(count / most) * 100}%` }}
                data-count={count}
              />
            </div>
          </Tooltip>
        ))}
      </div>
      <div className="kr-chart-months" aria-hidden="true">
        {months.map(({ month }, index) => (
          <span key={month}>{index % 3 === 0 || index === 11 ? formatMonth(month).slice(0, 3) : ""}</span>
        ))}
      </div>
      <table className="kr-hidden">
        <caption>Rotations due</caption>
        <thead>
          <tr>
            <th scope="col">Month</th>
            <th scope="col">Rotations</th>
          </tr>
        </thead>
        <tbody>
          {months.map(({ count, month }) => (
            <tr key={month}>
              <th scope="row">{formatMonth(month)}</th>
              <td>{count}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
