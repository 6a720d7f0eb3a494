import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { commands, type EventListRequest, type KeyView } from "../../../ipc/bindings";
import { asCoreError } from "../../../ipc/call";
import { auditSentence } from "../../../shared/auditSentence";
import { ErrorPanel } from "../../../shared/ErrorPanel";
import { useNavigation } from "../../../shared/navigation";
import { queryKeys } from "../../../shared/queries";
import { RelativeTime } from "../../../shared/RelativeTime";
import { sourceNames } from "../../../shared/words";
import "./ActivityTab.css";

const PAGE = 30;

/** What the audit log says of this key, newest first. */
export function ActivityTab({ keyView }: { keyView: KeyView }) {
  const { go } = useNavigation();
  const request: EventListRequest = { key: keyView.id, limit: PAGE };
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: [...queryKeys.eventList(request), "pages"],
    queryFn: ({ pageParam }) =>
      commands.listEvents(pageParam === null ? request : { ...request, beforeSeq: pageParam }),
    initialPageParam: null as number | null,
    getNextPageParam: ({ events }) => (events.length < PAGE ? null : (events.at(-1)?.seq ?? null)),
  });
  if (error !== null) {
    return <ErrorPanel error={asCoreError(error)} onRetry={() => void refetch()} />;
  }
  const events = data?.pages.flatMap((page) => page.events) ?? [];
  return (
    <>
      <ol className="kr-activity" aria-label="Events of this key" data-testid="key-activity">
        {events.map((event) => {
          const { before, object, after } = auditSentence(event);
          return (
            <li key={event.seq}>
              <span>
                {before} {object === keyView.name ? "it" : object}
                {after}
                {event.reason !== null && <span className="kr-dim">: {event.reason}</span>}
              </span>
              <span className="kr-dim">
                <RelativeTime time={event.time} focusable /> · {event.actor} ·{" "}
                {sourceNames[event.source].toLowerCase()}
              </span>
            </li>
          );
        })}
      </ol>
      <div className="kr-activity-more">
        {hasNextPage && (
          <Button
            variant="default"
            size="xs"
            loading={isFetchingNextPage}
            onClick={() => void fetchNextPage()}
          >
            Load older
          </Button>
        )}
        <Button variant="subtle" size="xs" onClick={() => go({ section: "audit", key: keyView.id })}>
          Show in the audit log
        </Button>
      </div>
    </>
  );
}
