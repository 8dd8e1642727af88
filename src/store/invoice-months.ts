import { and, type Column, eq, gte, lt, type SQL, sql } from "drizzle-orm";
import type { Span } from "../domain/calendar.ts";
import type { AccountId } from "../domain/ids.ts";
import { databaseOf } from "./database.ts";
import { creditNotes, invoices } from "./schema.ts";

/** What was invoiced within a span, in minor units, and what was taken back by credit notes that were issued in it. */
export interface InvoiceMonth extends Span {
  readonly invoices: number;
  readonly total: number;
  readonly paid: number;
  readonly credited: number;
}

/** What documents come to in each of some spans that follow each other, by their issue; those without any are left out. */
export async function invoiceMonths(
  env: Env,
  account: AccountId,
  spans: readonly Span[],
): Promise<InvoiceMonth[]> {
  const [first, last] = [spans[0], spans.at(-1)];
  if (!first || !last) return [];
  const starts = JSON.stringify(spans.map(({ startMs }) => startMs));
  const spanOf = (at: Column): SQL<number> =>
    sql<number>`(SELECT max(start.key) FROM json_each(${starts}) AS start WHERE start.value <= ${at})`;
  const within = (table: typeof invoices | typeof creditNotes) =>
    and(eq(table.account, account), gte(table.issuedAtMs, first.startMs), lt(table.issuedAtMs, last.endMs));
  const sumOf = (body: Column, amount: "total" | "paid") =>
    sql<number>`sum(${body} ->> ${sql.raw(`'${amount}'`)})`;
  const database = databaseOf(env, account);
  const [issued, credited] = await Promise.all([
    database
      .select({
        span: spanOf(invoices.issuedAtMs),
        invoices: sql<number>`count(*)`,
        total: sumOf(invoices.body, "total"),
        paid: sumOf(invoices.body, "paid"),
      })
      .from(invoices)
      .where(within(invoices))
      .groupBy(sql`1`),
    database
      .select({ span: spanOf(creditNotes.issuedAtMs), total: sumOf(creditNotes.body, "total") })
      .from(creditNotes)
      .where(within(creditNotes))
      .groupBy(sql`1`),
  ]);
  return spans.flatMap((span, index) => {
    const of = issued.find((row) => row.span === index);
    const back = credited.find((row) => row.span === index)?.total ?? 0;
    if (!of && back === 0) return [];
    const { invoices: count, total, paid } = of ?? { invoices: 0, total: 0, paid: 0 };
    return [{ ...span, invoices: count, total, paid, credited: back }];
  });
}
