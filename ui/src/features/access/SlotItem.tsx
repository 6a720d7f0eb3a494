import { Button } from "@mantine/core";
import type { SlotView } from "../../ipc/bindings";
import { formatDate } from "../../shared/format";
import { RelativeTime } from "../../shared/RelativeTime";
import { kindIcons, slotWords } from "../../shared/slotKinds";
import { roleNames } from "../../shared/words";

/** What can be done with a way in. */
export type SlotAct = "change" | "test" | "rename" | "remove" | "recalibrate";

interface SlotItemProps {
  slot: SlotView;
  /** Whether the vault was unlocked with it. */
  inUse: boolean;
  /** Whether it is the last one with which access can be changed without a device. */
  lastAdministrator: boolean;
  /** Whether guessing its passphrase costs much less than it would with a new one here. */
  weak: boolean;
  mayChange: boolean;
  onAct: (act: SlotAct) => void;
}

/** One way in: its name, who it is for, and when it was last used. */
export function SlotItem({ slot, inUse, lastAdministrator, weak, mayChange, onAct }: SlotItemProps) {
  const Icon = kindIcons[slot.kind];
  const named = (verb: string) => `${verb} “${slot.name}”…`;
  return (
    <li className="kr-slot" data-testid={`slot-${slot.name}`}>
      <Icon size={22} stroke={1.6} aria-hidden />
      <div>
        <h2>
          {slot.name}
          {inUse && <span className="kr-ok">in use now</span>}
        </h2>
        <p>
          {slotWords(slot)} · {roleNames[slot.role]} · since {formatDate(slot.createdAt)} ·{" "}
          {slot.lastUsedAt === null ? (
            "never used"
          ) : (
            <>
              last used <RelativeTime time={slot.lastUsedAt} focusable />
            </>
          )}
        </p>
        {weak && (
          <p>This computer could make it much costlier to guess: it was made on a slower one, or long ago.</p>
        )}
        {lastAdministrator && (
          <p>
            The last administrator cannot be removed: add another administrator's passphrase or recovery
            first.
          </p>
        )}
      </div>
      <div className="kr-slot-acts">
        {weak && (
          <Button
            variant="default"
            size="xs"
            aria-label={named("Strengthen")}
            disabled={!mayChange && !inUse}
            onClick={() => onAct("recalibrate")}
          >
            Strengthen…
          </Button>
        )}
        <Button variant="default" size="xs" aria-label={named("Test")} onClick={() => onAct("test")}>
          Test…
        </Button>
        {slot.kind === "passphrase" && (
          <Button
            variant="default"
            size="xs"
            aria-label={named("Change the passphrase of")}
            disabled={!mayChange && !inUse}
            onClick={() => onAct("change")}
          >
            Change…
          </Button>
        )}
        <Button
          variant="default"
          size="xs"
          aria-label={named("Rename")}
          disabled={!mayChange}
          onClick={() => onAct("rename")}
        >
          Rename…
        </Button>
        <Button
          variant="default"
          size="xs"
          aria-label={named("Remove")}
          disabled={!mayChange || lastAdministrator}
          onClick={() => onAct("remove")}
        >
          Remove…
        </Button>
      </div>
    </li>
  );
}
