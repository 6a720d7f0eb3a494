import { Button } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { RelativeTime } from "../../shared/RelativeTime";

/** What all ways in but an auditor's have in common, and when it was last another one. */
export function MaterialKey({
  rotatedAt,
  mayChange,
  onRotate,
}: {
  rotatedAt: string | null;
  mayChange: boolean;
  onRotate: () => void;
}) {
  return (
    <div className="kr-slot" data-testid="material-key">
      <IconKey size={22} stroke={1.6} aria-hidden />
      <div>
        <h2>Material key</h2>
        <p>
          Wraps every key's material; each way in but an auditor's holds it ·{" "}
          {rotatedAt === null ? (
            "never rotated"
          ) : (
            <>
              rotated <RelativeTime time={rotatedAt} focusable />
            </>
          )}
        </p>
      </div>
      <div className="kr-slot-acts">
        <Button
          variant="default"
          size="xs"
          aria-label="Rotate the material key…"
          disabled={!mayChange}
          onClick={onRotate}
        >
          Rotate…
        </Button>
      </div>
    </div>
  );
}
