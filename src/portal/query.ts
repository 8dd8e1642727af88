import type { Context } from "hono";
import { z } from "zod";
import { DAY_MS, instantOf } from "../domain/local-time.ts";
import { numberCursor, numberedPage } from "../http/schemas.ts";
import type { ListFilter } from "../store/documents.ts";
import type { Turn } from "../store/paging.ts";

/** Rows that a page of a list shows. */
export const ROWS = 25;

type Fields = Readonly<Record<string, z.ZodType>>;

/** What a page's address asks for. What couldn't be read counts as not asked for, and is named in `ignored`. */
export interface Query<F extends Fields> {
  readonly asked: { readonly [name in keyof F]?: z.output<F[name]> };
  readonly ignored: readonly string[];
  /** The same page with something else asked for. */
  readonly href: (changes: Readonly<Record<string, string>>) => string;
  /** The same page without some of what is asked for. */
  readonly without: (...names: readonly (keyof F & string)[]) => Pick<Query<F>, "href">;
}

export function readQuery<F extends Fields>(c: Context, fields: F): Query<F> {
  const asked: Record<string, unknown> = {};
  const texts: Record<string, string> = {};
  const ignored: string[] = [];
  for (const [name, field] of Object.entries(fields)) {
    const text = c.req.query(name)?.trim();
    if (!text) continue;
    const read = field.safeParse(text);
    if (read.success) [asked[name], texts[name]] = [read.data, text];
    else ignored.push(name);
  }
  const { older: _, newer: __, ...filters } = texts;
  const hrefOf = (kept: Readonly<Record<string, string>>, changes: Readonly<Record<string, string>>) => {
    const search = new URLSearchParams({ ...kept, ...changes }).toString();
    return search === "" ? c.req.path : `${c.req.path}?${search}`;
  };
  return {
    asked: asked as Query<F>["asked"],
    ignored,
    href: (changes) => hrefOf(filters, changes),
    without: (...names) => {
      const kept = Object.entries(filters).filter(([name]) => !names.includes(name));
      return { href: (changes) => hrefOf(Object.fromEntries(kept), changes) };
    },
  };
}

const { cursor } = numberedPage.shape;

/** What every list takes: where to read on. */
export const pageFields = { older: cursor, newer: cursor };
/** What most take: the days of the account's clock to begin and end with, too. */
export const listFields = { from: z.iso.date(), to: z.iso.date(), ...pageFields };

/** The same, as the store is asked. Beyond a day that counts stands the first instant that doesn't. */
export function listFilter(
  { from, to, older, newer }: Query<typeof listFields>["asked"],
  timeZone: string,
): ListFilter {
  return {
    fromMs: from === undefined ? undefined : startOfDay(from, 0, timeZone),
    toMs: to === undefined ? undefined : startOfDay(to, 1, timeZone),
    ...turnOf({ older, newer }),
  };
}

/** Where to read on, and how far. */
const turnOf = ({ older, newer }: Query<typeof pageFields>["asked"]) => ({
  before: older,
  after: older === undefined ? newer : undefined,
  limit: ROWS,
});

/** When a day of the account's clock begins, or one some days later. */
export function startOfDay(date: string, daysLater: number, timeZone: string): number {
  const day = new Date(Date.parse(date) + daysLater * DAY_MS);
  const [year, month0, dayOfMonth] = [day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate()];
  return instantOf({ year, month0, day: dayOfMonth, minuteOfDay: 0 }, timeZone);
}

/** The rows of one page, and what to ask for to turn it; null where the list ends. */
export interface ListPage<R> {
  readonly rows: readonly R[];
  readonly newer: Readonly<Record<string, string>> | null;
  readonly older: Readonly<Record<string, string>> | null;
}

/** A page of rows that are all at hand, newest first. */
export function pageAmong<R extends { readonly n: number }>(
  all: readonly R[],
  asked: Query<typeof pageFields>["asked"],
): ListPage<R> {
  const turn = turnOf(asked);
  const { before = Number.POSITIVE_INFINITY, after = Number.NEGATIVE_INFINITY, limit } = turn;
  const found = all.filter(({ n }) => n < before && n > after);
  const isBack = turn.after !== undefined;
  return listPage(isBack ? found.slice(-limit - 1) : found.slice(0, limit + 1), turn);
}

/** A page that was read with one row more than it shows: that row only says that the list goes on there. */
export function listPage<R extends { readonly n: number }>(
  found: readonly R[],
  { before, after, limit }: Turn & { readonly limit: number },
): ListPage<R> {
  const goesOn = found.length > limit;
  const rows = after === undefined ? found.slice(0, limit) : found.slice(-limit);
  const [first, last] = [rows.at(0), rows.at(-1)];
  const hasNewer = after === undefined ? before !== undefined : goesOn;
  const hasOlder = after === undefined ? goesOn : true;
  return {
    rows,
    newer: first && hasNewer ? { newer: numberCursor(first.n) } : null,
    older: last && hasOlder ? { older: numberCursor(last.n) } : null,
  };
}
