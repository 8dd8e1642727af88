import { and, type Column, eq, lt, or, type SQL } from "drizzle-orm";

/** Where a page ended, in a list ordered by an instant and then by an id, both falling. */
export interface Position {
  readonly atMs: number;
  readonly id: string;
}

/** What comes after a position in such a list. */
export const after = (at: Column, id: Column, position: Position | undefined): SQL | undefined =>
  position && or(lt(at, position.atMs), and(eq(at, position.atMs), lt(id, position.id)));

/** A condition that only counts where there is something to compare with. */
export const when = <T>(value: T | undefined, condition: (value: T) => SQL | undefined): SQL | undefined =>
  value === undefined ? undefined : condition(value);
