import type { Algorithm, KeyState, Purpose, SmartFilter, SortBy } from "../../../ipc/bindings";
import type { KeyQuestion } from "./useKeyRows";

/** By which column the list is sorted. */
export interface Sort {
  by: SortBy;
  descending: boolean;
}

/** What narrows the list; absent parts do not. */
export interface Filters {
  search: string;
  state?: KeyState | undefined;
  algorithm?: Algorithm | undefined;
  purpose?: Purpose | undefined;
  tag?: string | undefined;
  filter?: SmartFilter | undefined;
}

/** The question that the core is asked. */
export function questionOf(filters: Filters, sort: Sort): KeyQuestion {
  const { search, state, algorithm, purpose, tag, filter } = filters;
  const words = search.trim();
  return {
    ...(words === "" ? {} : { search: words }),
    ...(state === undefined ? {} : { state }),
    ...(algorithm === undefined ? {} : { algorithm }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(tag === undefined ? {} : { tag }),
    ...(filter === undefined ? {} : { filter }),
    sortBy: sort.by,
    ...(sort.descending ? { descending: true } : {}),
  };
}

/** Whether anything narrows the list. */
export function isNarrowed(filters: Filters): boolean {
  const { search, ...others } = filters;
  return search.trim() !== "" || Object.values(others).some((value) => value !== undefined);
}
