import type { Turn } from "./paging.ts";

/** Rows that are read at once where all are wanted: few enough for memory, with room for what is made of them. */
const ROWS_AT_ONCE = 500;

type Read<R> = (page: Turn & { readonly limit: number }) => Promise<R[]>;

/** A whole list by falling number, read part by part as it is asked for. */
export async function* everyPage<R extends { readonly n: number }>(read: Read<R>): AsyncGenerator<R[]> {
  let before: number | undefined;
  do {
    const found = await read({ before, limit: ROWS_AT_ONCE });
    const rows = found.slice(0, ROWS_AT_ONCE);
    yield rows;
    before = found.length > rows.length ? rows.at(-1)?.n : undefined;
  } while (before !== undefined);
}

/** The same, row by row. */
export async function* everyRow<R extends { readonly n: number }>(read: Read<R>): AsyncGenerator<R> {
  for await (const rows of everyPage(read)) yield* rows;
}
