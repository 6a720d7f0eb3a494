import type { SlotView } from "../../ipc/bindings";
import { kindIcons, slotWords } from "../../shared/slotKinds";
import { roleNames } from "../../shared/words";

/** One unlock slot: the chosen one as a panel, the others as buttons. */
export function WayIn({
  slot,
  chosen = false,
  note,
  onChoose,
}: {
  slot: SlotView;
  chosen?: boolean;
  note?: string;
  onChoose?: () => void;
}) {
  const Icon = kindIcons[slot.kind];
  const words = (
    <>
      <Icon size={19} stroke={1.6} aria-hidden />
      <span className="kr-wayin-name">
        <span className="kr-cut">{slot.name}</span>
        {chosen && (
          <span className="kr-dim">
            {slotWords(slot)} · {roleNames[slot.role]}
          </span>
        )}
      </span>
      {note !== undefined && <span className="kr-dim">{note}</span>}
    </>
  );
  if (chosen) {
    return (
      <div className="kr-wayin" data-chosen>
        {words}
      </div>
    );
  }
  return (
    <button type="button" className="kr-wayin" onClick={onChoose}>
      {words}
    </button>
  );
}
