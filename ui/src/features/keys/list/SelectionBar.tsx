import { Button } from "@mantine/core";
import { IconCircleOff, IconRefresh, IconTag } from "@tabler/icons-react";
import { plural } from "../../../shared/format";
import "./SelectionBar.css";

interface SelectionBarProps {
  count: number;
  total: number;
  /** Whether all that the question has is chosen. */
  everything: boolean;
  onAll: () => void;
  onClear: () => void;
  onBulk: (change: "rotate" | "tag" | "deactivate") => void;
}

/** How many keys are chosen and what can be done with all of them; takes the place of the filters meanwhile. */
export function SelectionBar({ count, total, everything, onAll, onClear, onBulk }: SelectionBarProps) {
  return (
    <div className="kr-selection" role="toolbar" aria-label="Selected keys" data-testid="selection-bar">
      <span className="kr-selection-count" aria-live="polite">
        {everything ? `All ${plural(count, "key")}` : plural(count, "key")} selected
      </span>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconRefresh size={14} aria-hidden />}
        onClick={() => onBulk("rotate")}
      >
        Rotate…
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconTag size={14} aria-hidden />}
        onClick={() => onBulk("tag")}
      >
        Tag…
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconCircleOff size={14} aria-hidden />}
        onClick={() => onBulk("deactivate")}
      >
        Deactivate…
      </Button>
      <span className="kr-selection-end">
        {!everything && count < total && (
          <Button size="compact-sm" variant="subtle" onClick={onAll}>
            Select all {plural(total, "key")}
          </Button>
        )}
        <Button size="compact-sm" variant="subtle" onClick={onClear}>
          Clear
        </Button>
      </span>
    </div>
  );
}
