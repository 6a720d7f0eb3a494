import { Button } from "@mantine/core";
import { IconAlertTriangle, IconChevronRight } from "@tabler/icons-react";
import { memo, useId, useState } from "react";
import type { EventView } from "../../ipc/bindings";
import { auditSentence } from "../../shared/auditSentence";
import { formatClock, formatDate, formatDateTime, formatNumber } from "../../shared/format";
import { DefinitionList } from "../../shared/Page";
import { actionNames, outcomeNames, sourceNames } from "../../shared/words";

interface EventItemProps {
  event: EventView;
  onProve: (event: EventView) => void;
}

/** One event. Plain elements on purpose: thousands may be loaded. */
export const EventItem = memo(function EventItem({ event, onProve }: EventItemProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const { before, object, after } = auditSentence(event);
  const failed = event.outcome !== "done" || event.action === "vault.unlock_failed";
  return (
    <li className="kr-event" data-testid={`event-${event.seq}`}>
      <button
        type="button"
        className="kr-event-line"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <IconChevronRight size={14} aria-hidden className="kr-event-mark" />
        <span className="kr-event-words">
          {failed && <IconAlertTriangle size={14} aria-label="Not done" className="kr-warn" />}
          {before} <strong>{object}</strong>
          {after}
          {event.reason !== null && <span className="kr-dim"> · {event.reason}</span>}
        </span>
        <span className="kr-event-who">
          {event.actor} · {sourceNames[event.source].toLowerCase()}
        </span>
        <time className="kr-event-time" dateTime={event.time} title={formatDateTime(event.time)}>
          {formatDate(event.time)}, {formatClock(event.time)}
        </time>
      </button>
      {open && (
        <div id={id} className="kr-event-details">
          <DefinitionList
            items={[
              { term: "Entry", value: formatNumber(event.seq) },
              { term: "Time", value: `${formatDateTime(event.time)} (${event.time})` },
              { term: "Action", value: `${actionNames[event.action]} (${event.action})` },
              { term: "Outcome", value: outcomeNames[event.outcome] },
              { term: "Object", value: `${event.objectKind} ${event.object}` },
              { term: "Version", value: event.version },
              { term: "Reason", value: event.reason },
              ...Object.entries(event.details).map(([term, value]) => ({ term, value })),
            ]}
          />
          <Button variant="default" size="xs" mt="xs" onClick={() => onProve(event)}>
            Prove this entry…
          </Button>
        </div>
      )}
    </li>
  );
});
