import type { SlotView } from "../../ipc/bindings";
import { kindIcons, slotWords } from "../../shared/slotKinds";
import { roleNames } from "../../shared/words";
import { InReader } from "./InReader";

/** One unlock slot: the chosen one as a panel, the others as buttons. */
export function WayIn({
  slot,
  chosen = false,
  note,
  inReader,
  onChoose,
}: {
  slot: SlotView;
  chosen?: boolean;
  note?: string;
  /** Whether the card that it asks for is there; not given where it asks for none. */
  inReader?: boolean | undefined;
  onChoose?: () => void;
}) {
  const Icon = kindIcons[slot.kind];
  const words = (
    <>
      <Icon size={19} stroke={1.6} aria-hidden />
      <span className="kr-wayin-name">
        <span className="kr-cut">
          {slot.name}
          {chosen && <span className="kr-dim"> · {roleNames[slot.role]}</span>}
        </span>
        {chosen && <span className="kr-dim">{slotWords(slot)}</span>}
      </span>
      {inReader !== undefined && <InReader there={inReader} />}
      {note !== undefined && inReader !== true && <span className="kr-dim">{note}</span>}
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
