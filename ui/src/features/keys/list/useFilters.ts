import { useCallback, useState } from "react";
import { type KeysPlace, useNavigation, usePlace } from "../../../shared/navigation";
import type { Filters } from "./question";

/**
 * What narrows the list. The sidebar sets the tag and the ready-made filter by going to a place; the chips do the same
 * the other way round, so that the sidebar shows what is chosen.
 */
export function useFilters(): [Filters, (filters: Filters) => void] {
  const place = usePlace("keys");
  const { go } = useNavigation();
  const [filters, setFilters] = useState<Filters>(() => filtersOf(place));
  const [own, setOwn] = useState<KeysPlace | null>(null);
  const [seen, setSeen] = useState(place);
  if (seen !== place) {
    setSeen(place);
    // Going somewhere with a key or an intent alone leaves the list as it is.
    if (place !== own && place.section === "keys" && place.key === undefined && place.intent === undefined) {
      setFilters(filtersOf(place));
    }
  }
  const change = useCallback(
    (next: Filters) => {
      setFilters(next);
      if (next.tag !== filters.tag || next.filter !== filters.filter) {
        const there: KeysPlace = {
          section: "keys",
          ...(next.tag === undefined ? {} : { tag: next.tag }),
          ...(next.filter === undefined ? {} : { filter: next.filter }),
        };
        setOwn(there);
        go(there);
      }
    },
    [filters.tag, filters.filter, go],
  );
  return [filters, change];
}

function filtersOf({ search = "", tag, filter }: KeysPlace): Filters {
  return { search, tag, filter };
}
