import { IconHourglass } from "@tabler/icons-react";
import "./cards/CardPin.css";
import { StopWaiting } from "./cards/StopWaiting";
import { useLate } from "./useLate";

/** Says that the keyring is asked, and lets one go of it where it is long in answering. */
export function AskedKeyring({ pending, testId }: { pending: boolean; testId: string }) {
  const isLate = useLate(pending);
  return (
    <div role="status">
      {isLate ? (
        <div className="kr-card-touch">
          <IconHourglass size={20} aria-hidden />
          The keyring has not answered yet. See whether it asks something in a window of its own.
          <StopWaiting testId={testId} />
        </div>
      ) : (
        <p className="kr-dim">The keyring of this computer is asked. It may show a window of its own.</p>
      )}
    </div>
  );
}
