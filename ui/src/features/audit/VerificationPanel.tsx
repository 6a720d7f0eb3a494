import { ErrorPanel } from "../../shared/ErrorPanel";
import { formatNumber } from "../../shared/format";
import type { Verification } from "../../shared/queries";
import { RelativeTime } from "../../shared/RelativeTime";
import { ResultPanel } from "../../shared/ResultPanel";
import "./VerificationPanel.css";

/** What the last look at the whole log found: a quiet line, or an alarm that nobody overlooks. */
export function VerificationPanel({ verification }: { verification: Verification }) {
  if (verification.outcome === "alarm") {
    return (
      <div className="kr-verification kr-verification-alarm" data-testid="audit-alarm">
        <ErrorPanel error={verification.error} />
      </div>
    );
  }
  const { size, verifiedAt } = verification.response;
  return (
    <div className="kr-verification">
      <ResultPanel title={`Verified: all ${formatNumber(size)} entries are as they were written`}>
        <p className="kr-dim">
          <RelativeTime time={verifiedAt} focusable />
        </p>
      </ResultPanel>
    </div>
  );
}
