import type { EventView } from "../../ipc/bindings";
import "./EventList.css";
import { EventItem } from "./EventItem";

/** Events as sentences, newest first; each unfolds to what the log holds of it. */
export function EventList({
  events,
  onProve,
}: {
  events: readonly EventView[];
  onProve: (event: EventView) => void;
}) {
  return (
    <ol className="kr-events" aria-label="Events, newest first" data-testid="audit-events">
      {events.map((event) => (
        <EventItem key={event.seq} event={event} onProve={onProve} />
      ))}
    </ol>
  );
}
