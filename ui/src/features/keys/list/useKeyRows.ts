import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { commands, type KeyListRequest, type KeyRowView } from "../../../ipc/bindings";
import { queryKeys } from "../../../shared/queries";

/** A question to the list, without limit and cursor. */
export type KeyQuestion = Omit<KeyListRequest, "limit" | "after">;

/** The first page is small, so that a keystroke is answered at once; the others are as large as the core gives. */
const FIRST_PAGE = 40;
const NEXT_PAGE = 1000;
/** Rows ahead of the visible ones at which the next page is asked for. */
const AHEAD = 20;

/** The rows that are loaded, always the first of the list without a gap. */
export interface KeyRows {
  rows: readonly KeyRowView[];
  total: number;
  /** Whether nothing is there to show yet. */
  isPending: boolean;
  /** Whether the rows still answer the question before. */
  isStale: boolean;
  error: Error | null;
  retry: () => void;
  /** Says which row is the last one visible. */
  reach: (lastVisible: number) => void;
}

/** The rows that answer `question`; while a new question waits for its answer, the old rows stay. */
export function useKeyRows(question: KeyQuestion): KeyRows {
  const query = useInfiniteQuery({
    queryKey: [...queryKeys.keyLists, "rows", question],
    queryFn: ({ pageParam }) =>
      commands.listKeys(
        pageParam === null
          ? { ...question, limit: FIRST_PAGE }
          : { ...question, limit: NEXT_PAGE, after: pageParam },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    // Comparing thousands of rows with their predecessors costs more than drawing the few that are visible.
    structuralSharing: false,
    // Every keystroke is a question of its own: old answers must not pile up.
    gcTime: 5_000,
  });
  const { data, hasNextPage, isFetchingNextPage, isPlaceholderData, fetchNextPage, refetch } = query;
  const pages = data?.pages;
  const rows = useMemo(() => pages?.flatMap((page) => page.keys) ?? [], [pages]);
  const loaded = rows.length;

  const reach = useCallback(
    (lastVisible: number) => {
      if (hasNextPage && !isFetchingNextPage && !isPlaceholderData && lastVisible + AHEAD >= loaded) {
        void fetchNextPage();
      }
    },
    [hasNextPage, isFetchingNextPage, isPlaceholderData, fetchNextPage, loaded],
  );

  return {
    rows,
    total: pages?.at(-1)?.total ?? 0,
    isPending: query.isPending,
    isStale: isPlaceholderData,
    error: query.error,
    retry: () => void refetch(),
    reach,
  };
}
