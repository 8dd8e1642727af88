import { z } from "@hono/zod-openapi";
import type { AccountId } from "../domain/ids.ts";
import { ID_PATTERN } from "../domain/ids.ts";
import { CURRENCIES, type Currency, MAX_AMOUNT_MINOR, type Money } from "../domain/money.ts";
import { DECIMAL_PATTERN } from "../domain/ratio.ts";
import type { Position } from "../store/paging.ts";

/** An id of the API, branded as what it names. */
export const id = <I extends string>() =>
  z
    .string()
    .regex(ID_PATTERN, "1 to 64 letters, digits, dots, underscores or hyphens")
    .transform((text) => text as I);

/** Minor units of the account's currency. */
export const amount = z
  .int()
  .min(-MAX_AMOUNT_MINOR)
  .max(MAX_AMOUNT_MINOR)
  .transform((minor) => minor as Money);
export const positiveAmount = z
  .int()
  .min(1)
  .max(MAX_AMOUNT_MINOR)
  .transform((minor) => minor as Money);

export const decimal = z.string().regex(DECIMAL_PATTERN, "a decimal number without sign or exponent");
/** A decimal from 0 to 100. */
export const percent = decimal.refine((text) => Number(text) <= 100, "at most 100");

/** An instant with offset, as UTC milliseconds. */
export const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

/** No control characters, as a pattern without flags: it stands in the OpenAPI document as it is. */
const ONE_LINE = /^[ -~\u00a0-\uffff]*$/;

/** A line of text: whatever is shown or mailed later, it can't break out of its line. */
export const text = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(ONE_LINE, "no control characters")
    .refine((line) => line.isWellFormed(), "no halves of characters");

export const httpUrl = z.url({ protocol: /^https?$/ }).max(2_048);

export const currency = z.enum(Object.keys(CURRENCIES) as [Currency, ...Currency[]]);

export const accountParams = z.object({ account: id<AccountId>() });

/** An instant on its way out. */
export const iso = (atMs: number): string => new Date(atMs).toISOString();

const MAX_LIMIT = 200;
const DEFAULT_LIMIT = 50;

const limit = z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT);

/** A cursor of ours, as the position it stands for. */
const cursor = <P>(parse: (position: string) => P | null) =>
  z
    .string()
    .max(512)
    .transform((text, context): P => {
      const position = parse(decodeCursor(text));
      if (position !== null) return position;
      context.addIssue({ code: "custom", message: "not a cursor of this list" });
      return z.NEVER;
    })
    .optional();

/** What lists take that are ordered by a number. */
export const numberedPage = z.object({
  limit,
  cursor: cursor((text) => (/^\d{1,15}$/.test(text) ? Number(text) : null)),
});

/** Where a row stands in such a list, as a cursor. */
export const numberCursor = (n: number): string => encodeCursor(String(n));

/** What lists take that are ordered by an instant and then by an id. */
export const datedPage = z.object({
  limit,
  cursor: cursor((text): Position | null => {
    const [, atMs, rowId] = /^(-?\d{1,15}) (.+)$/.exec(text) ?? [];
    return atMs !== undefined && rowId !== undefined ? { atMs: Number(atMs), id: rowId } : null;
  }),
});

/** Where a row stands in such a list. */
export const position = (atMs: number, rowId: string): string => `${atMs} ${rowId}`;

export const list = <T extends z.ZodType>(item: T) =>
  z.object({ data: z.array(item), nextCursor: z.string().nullable() });

/** A page of a list that was read with one row more than asked for: that row only says that there is a next page. */
export function pageOf<R, V>(
  rows: readonly R[],
  limit: number,
  view: (row: R) => V,
  cursor: (row: R) => string,
) {
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return { data: shown.map(view), nextCursor: last === undefined ? null : encodeCursor(cursor(last)) };
}

const encodeCursor = (position: string): string => btoa(position).replaceAll("+", "-").replaceAll("/", "_");

/** What a cursor says; nothing where it is none of ours. */
function decodeCursor(cursor: string): string {
  try {
    return atob(cursor.replaceAll("-", "+").replaceAll("_", "/"));
  } catch (error) {
    if (error instanceof DOMException) return "";
    throw error;
  }
}
