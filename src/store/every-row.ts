import type { Turn } from "./paging.ts";

/** Rows that are read at once where all are wanted: few enough to fit into memory, with room for what is made of them. */
const ROWS_AT_ONCE = 500;

/** All rows of a list by falling number, read part by part as they are asked for. */
export async function* everyRow<R extends { readonly n: number }>(
  read: (page: Turn & { readonly limit: number }) => Promise<R[]>,
): AsyncGenerator<R> {
  let before: number | undefined;
  do {
    const found = await read({ before, limit: ROWS_AT_ONCE });
    const rows = found.slice(0, ROWS_AT_ONCE);
    yield* rows;
    before = found.length > rows.length ? rows.at(-1)?.n : undefined;
  } while (before !== undefined);
}
