let next = 0;

/** Something in a list that is edited: the identifier tells React which row is which. */
export type WithId<T> = T & { rowId: number };

/** Gives each row an identifier of its own, for as long as the list is edited. */
export function withIds<T extends object>(rows: readonly T[]): WithId<T>[] {
  return rows.map(withId);
}

/** As {@link withIds}, for one row. */
export function withId<T extends object>(row: T): WithId<T> {
  next += 1;
  return { ...row, rowId: next };
}

/** The rows as they were. */
export function withoutIds<T extends object>(rows: readonly WithId<T>[]): T[] {
  return rows.map(({ rowId: _, ...row }) => row as unknown as T);
}
