import { type SQL, sql } from "drizzle-orm";
import type { Span } from "../domain/calendar.ts";
import type { AccountId } from "../domain/ids.ts";
import { databaseOf } from "./database.ts";
import { type InvoiceFilter, thoseInvoices } from "./documents.ts";
import { invoices } from "./schema.ts";

/** What invoices come to, in minor units: by product, whichever is asked for, and by month, of the one that is. */
export interface BillingStatistics {
  readonly products: readonly { readonly product: string; readonly total: number }[];
  /** One a month, in the order of the months. */
  readonly months: readonly { readonly total: number; readonly paid: number }[];
}

type Asked = Pick<InvoiceFilter, "product" | "status" | "q"> & Span;

/** Adds invoices up by their issue, in one query. `months` follow each other. */
export async function billingStatistics(
  env: Env,
  account: AccountId,
  { product, status, q, startMs, endMs }: Asked,
  months: readonly Span[],
): Promise<BillingStatistics> {
  const starts = JSON.stringify(months.map((month) => month.startMs));
  const sums = await databaseOf(env, account)
    .select({
      product: invoices.product,
      // Null before the first of them.
      month: sql<number | null>`(SELECT max(start.key) FROM json_each(${starts}) AS start
        WHERE start.value <= ${invoices.issuedAtMs})`,
      total: sumOf("total"),
      paid: sumOf("paid"),
    })
    .from(invoices)
    .where(thoseInvoices(account, { status, q, fromMs: startMs, toMs: endMs }))
    .groupBy(sql`1, 2`);
  const asked = sums.filter((sum) => product === undefined || sum.product === product);
  return {
    products: [...new Set(sums.map((sum) => sum.product))]
      .map((each) => ({ product: each, total: together(sums.filter((sum) => sum.product === each)).total }))
      .sort((a, b) => b.total - a.total),
    months: months.map((_, at) => together(asked.filter(({ month }) => month === at))),
  };
}

const sumOf = (amount: "total" | "paid"): SQL<number> =>
  sql<number>`sum(${invoices.body} ->> ${sql.raw(`'${amount}'`)})`;

const together = (sums: readonly { readonly total: number; readonly paid: number }[]) => ({
  total: sums.reduce((all, { total }) => all + total, 0),
  paid: sums.reduce((all, { paid }) => all + paid, 0),
});
