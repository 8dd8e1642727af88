import type { Account } from "../domain/account.ts";
import type { Invoice } from "../domain/invoice.ts";
import { type UsageRow, usageRowsOf } from "../domain/usage-report.ts";
import { countInvoices, type InvoiceFilter, type ListFilter, listInvoices } from "./documents.ts";
import { everyRow } from "./every-row.ts";
import { newestFirst } from "./paging.ts";

/** Rows of an invoice are numbered within as many places: fewer than a bill of every minute of a month would have. */
const PLACES = 1_000_000;

/** A row of the report with its place in it: the newest invoice has the highest, of one invoice the first row. */
export interface PlacedUsageRow extends UsageRow {
  readonly n: number;
}

/** `fromMs` and `toMs` are about when a row's reconciliation period begins. */
export type UsageFilter = ListFilter & Pick<InvoiceFilter, "product" | "status" | "q">;

type Owner = Pick<Account, "id" | "timeZone">;

/** The usage report, newest invoice first; one row more than the limit, if there is one. */
export async function listUsageRows(env: Env, owner: Owner, filter: UsageFilter): Promise<PlacedUsageRow[]> {
  const { before, after, limit } = filter;
  const isBack = after !== undefined;
  const rows: PlacedUsageRow[] = [];
  // The invoice on which the page before ended may have more rows.
  let next: Pick<ListFilter, "before" | "after"> = isBack
    ? { after: Math.floor(after / PLACES) - 1 }
    : { before: before === undefined ? undefined : Math.floor(before / PLACES) + 1 };
  while (rows.length <= limit) {
    const read = await listInvoices(env, owner.id, { ...invoiceFilter(filter), ...next, limit });
    const found = isBack ? read.toReversed() : read;
    for (const invoice of found) {
      const own = rowsOf(invoice, owner, filter).filter(({ n }) =>
        isBack ? n > after : n < (before ?? Infinity),
      );
      rows.push(...(isBack ? own.toReversed() : own));
    }
    const last = found.at(-1);
    if (!last || found.length <= limit) break;
    next = isBack ? { after: last.n } : { before: last.n };
  }
  return newestFirst(rows.slice(0, limit + 1), filter);
}

/** Every row of the report, newest invoice first. */
export async function* everyUsageRow(
  env: Env,
  owner: Owner,
  filter: Omit<UsageFilter, "limit">,
): AsyncGenerator<UsageRow> {
  const read = (page: ListFilter) => listInvoices(env, owner.id, { ...invoiceFilter(filter), ...page });
  for await (const invoice of everyRow(read)) yield* rowsOf(invoice, owner, filter);
}

/** How many invoices the report is made of. */
export const countUsageInvoices = (env: Env, { id }: Owner, filter: Omit<UsageFilter, "limit">) =>
  countInvoices(env, id, invoiceFilter(filter));

/** The invoices that have such rows, and perhaps some that don't. */
const invoiceFilter = ({ product, status, q, fromMs, toMs }: Omit<UsageFilter, "limit">) => ({
  ...{ product, status, q },
  about: fromMs === undefined && toMs === undefined ? undefined : { startMs: fromMs, endMs: toMs },
});

function rowsOf(
  invoice: Invoice,
  { timeZone }: Owner,
  { fromMs = -Infinity, toMs = Infinity }: Omit<UsageFilter, "limit">,
): PlacedUsageRow[] {
  return usageRowsOf(invoice, timeZone)
    .map((row, index) => ({ ...row, n: invoice.n * PLACES + PLACES - 1 - index }))
    .filter(({ period: { startMs } }) => startMs >= fromMs && startMs < toMs);
}
