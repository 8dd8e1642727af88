import { and, asc, type Column, desc, eq, gt, lt, or, type SQL } from "drizzle-orm";

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

/** Where to read on in a list by falling number: below the last row of the page before, or above its first. */
export interface Turn {
  readonly before?: number | undefined;
  readonly after?: number | undefined;
}

export const turned = (n: Column, { before, after }: Turn): SQL | undefined =>
  and(
    when(before, (value) => lt(n, value)),
    when(after, (value) => gt(n, value)),
  );

/** The rows next to where the reader stands come first, so that a limit cuts off the far ones. */
export const inTurn = (n: Column, { after }: Turn): SQL => (after === undefined ? desc(n) : asc(n));

export const newestFirst = <R>(rows: readonly R[], { after }: Turn): R[] =>
  after === undefined ? [...rows] : rows.toReversed();
