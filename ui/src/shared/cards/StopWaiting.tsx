import { Button } from "@mantine/core";
import { commands } from "../../ipc/bindings";

/** Lets go of the card or keyring that the core waits for. What it answers later opens nothing. */
export function StopWaiting({ testId }: { testId: string }) {
  return (
    <Button
      variant="default"
      size="xs"
      className="kr-stop-waiting"
      onClick={() => void commands.cancelWaiting().catch(() => {})}
      data-testid={`${testId}-stop-waiting`}
    >
      Cancel
    </Button>
  );
}
