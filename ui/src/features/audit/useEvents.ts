import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { commands, type EventView } from "../../ipc/bindings";
import { queryKeys } from "../../shared/queries";
import { type AuditFilters, eventRequest } from "./auditFilters";

const PAGE = 100;

/** The events that are loaded, newest first. */
export interface Events {
  events: readonly EventView[];
  /** How many the log has in all; `null` until known. */
  size: number | null;
  isPending: boolean;
  error: Error | null;
  retry: () => void;
  hasOlder: boolean;
  isLoadingOlder: boolean;
  loadOlder: () => void;
}

/** The events that the filters leave; while new ones are on the way, the old ones stay. */
export function useEvents(filters: AuditFilters): Events {
  const request = { ...eventRequest(filters), limit: PAGE };
  const query = useInfiniteQuery({
    queryKey: [...queryKeys.eventList(request), "pages"],
    queryFn: ({ pageParam }) =>
      commands.listEvents(pageParam === null ? request : { ...request, beforeSeq: pageParam }),
    initialPageParam: null as number | null,
    getNextPageParam: ({ events }) => (events.length < PAGE ? null : (events.at(-1)?.seq ?? null)),
    placeholderData: keepPreviousData,
  });
  const pages = query.data?.pages;
  const events = useMemo(() => pages?.flatMap((page) => page.events) ?? [], [pages]);
  return {
    events,
    size: pages?.[0]?.size ?? null,
    isPending: query.isPending,
    error: query.error,
    retry: () => void query.refetch(),
    hasOlder: query.hasNextPage,
    isLoadingOlder: query.isFetchingNextPage,
    loadOlder: () => void query.fetchNextPage(),
  };
}
