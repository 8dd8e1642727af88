import { and, type Column, count, eq, gt, gte, lt, or, type SQL, sql } from "drizzle-orm";
import type { Span } from "../domain/calendar.ts";
import type { CreditNote } from "../domain/credit-note.ts";
import type { AccountId, InvoiceCode, PaymentId, ResourceId } from "../domain/ids.ts";
import type { Invoice } from "../domain/invoice.ts";
import type { Payment } from "../domain/payment.ts";
import { databaseOf } from "./database.ts";
import { inTurn, newestFirst, type Turn, turned, when } from "./paging.ts";
import { creditNotes, creditTransactions, invoices, payments, pocTransactions } from "./schema.ts";

/** Which of an account's documents to list. `toMs` is the first instant that no longer counts. */
export interface ListFilter extends Turn {
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly limit: number;
}

export interface InvoiceFilter extends ListFilter {
  readonly product?: string | undefined;
  readonly status?: Invoice["status"] | undefined;
  readonly resource?: ResourceId | undefined;
  /** A part of the code or of the resource's name. */
  readonly q?: string | undefined;
  /** Some line of it, if not all, is about a time between these. */
  readonly about?: { readonly [end in keyof Span]?: number | undefined } | undefined;
}

/** Invoices, newest document first; one more than the limit, if there is one. */
export async function listInvoices(env: Env, account: AccountId, filter: InvoiceFilter): Promise<Invoice[]> {
  const rows = await databaseOf(env, account)
    .select({ body: invoices.body })
    .from(invoices)
    .where(and(thoseInvoices(account, filter), turned(invoices.n, filter)))
    .orderBy(inTurn(invoices.n, filter))
    .limit(filter.limit + 1);
  return newestFirst(rows, filter).map(({ body }) => body);
}

/** How many invoices a filter finds. */
export async function countInvoices(
  env: Env,
  account: AccountId,
  filter: Omit<InvoiceFilter, keyof Turn | "limit">,
): Promise<number> {
  const [found] = await databaseOf(env, account)
    .select({ count: count() })
    .from(invoices)
    .where(thoseInvoices(account, filter));
  return found?.count ?? 0;
}

/** Lines without a period of their own are about the invoice's; some are about a month before it. */
function hasLineAbout({ startMs, endMs }: NonNullable<InvoiceFilter["about"]>): SQL {
  const { body } = invoices;
  return sql`EXISTS (SELECT 1 FROM json_each(${body}, '$.lines')
    WHERE coalesce(value ->> '$.period.endMs', ${body} ->> '$.period.endMs') >= ${startMs ?? Number.MIN_SAFE_INTEGER}
      AND coalesce(value ->> '$.period.startMs', ${body} ->> '$.period.startMs') < ${endMs ?? Number.MAX_SAFE_INTEGER})`;
}

/** The account's invoices that a filter finds. */
export function thoseInvoices(
  account: AccountId,
  filter: Omit<InvoiceFilter, keyof Turn | "limit">,
): SQL | undefined {
  const { product, status, resource, fromMs, toMs, q, about } = filter;
  return and(
    eq(invoices.account, account),
    when(product, (value) => eq(invoices.product, value)),
    when(status, (value) => eq(invoices.status, value)),
    when(resource, (value) => isAbout(invoices.body, value)),
    when(fromMs, (value) => gte(invoices.issuedAtMs, value)),
    when(toMs, (value) => lt(invoices.issuedAtMs, value)),
    when(q, (value) => or(contains(invoices.code, value), contains(invoices.resourceName, value))),
    when(about, hasLineAbout),
  );
}

/** Credit notes, newest document first; one more than the limit, if there is one. */
export async function listCreditNotes(
  env: Env,
  account: AccountId,
  filter: Pick<InvoiceFilter, "product" | "resource"> & ListFilter,
): Promise<CreditNote[]> {
  const { product, resource, fromMs, toMs, limit } = filter;
  const rows = await databaseOf(env, account)
    .select({ body: creditNotes.body })
    .from(creditNotes)
    .where(
      and(
        eq(creditNotes.account, account),
        when(product, (value) => eq(creditNotes.product, value)),
        when(resource, (value) => isAbout(creditNotes.body, value)),
        when(fromMs, (value) => gte(creditNotes.issuedAtMs, value)),
        when(toMs, (value) => lt(creditNotes.issuedAtMs, value)),
        turned(creditNotes.n, filter),
      ),
    )
    .orderBy(inTurn(creditNotes.n, filter))
    .limit(limit + 1);
  return newestFirst(rows, filter).map(({ body }) => body);
}

/** The payment history, newest first; one more than the limit, if there is one. */
export async function listPayments(env: Env, account: AccountId, filter: ListFilter): Promise<Payment[]> {
  const { fromMs, toMs, limit } = filter;
  const rows = await databaseOf(env, account)
    .select({ body: payments.body })
    .from(payments)
    .where(
      and(
        eq(payments.account, account),
        when(fromMs, (value) => gte(payments.createdAtMs, value)),
        when(toMs, (value) => lt(payments.createdAtMs, value)),
        turned(payments.n, filter),
      ),
    )
    .orderBy(inTurn(payments.n, filter))
    .limit(limit + 1);
  return newestFirst(rows, filter).map(({ body }) => body);
}

export type PaymentInvoices = (payment: PaymentId, resource: ResourceId) => InvoiceCode | null;

/** How many rows a history has between two instants. */
export const countPayments = (env: Env, account: AccountId, within: Within): Promise<number> =>
  countWithin(env, account, payments, payments.createdAtMs, within);
export const countCreditTransactions = (env: Env, account: AccountId, within: Within): Promise<number> =>
  countWithin(env, account, creditTransactions, creditTransactions.atMs, within);

type Within = Pick<ListFilter, "fromMs" | "toMs">;

async function countWithin(
  env: Env,
  account: AccountId,
  table: typeof payments | typeof creditTransactions,
  at: Column,
  { fromMs, toMs }: Within,
): Promise<number> {
  const [found] = await databaseOf(env, account)
    .select({ count: count() })
    .from(table)
    .where(
      and(
        eq(table.account, account),
        when(fromMs, (value) => gte(at, value)),
        when(toMs, (value) => lt(at, value)),
      ),
    );
  return found?.count ?? 0;
}

/** Finds the invoices that payments led to. They come after their payments, mostly soon: few rows are looked at. */
export async function listInvoicesOf(
  env: Env,
  account: AccountId,
  paid: readonly Payment[],
): Promise<PaymentInvoices> {
  const documents = Math.min(...paid.map((payment) => payment.documents));
  const lines = paid.flatMap((payment) => (payment.kind === "payment" ? payment.lines : []));
  const ids = JSON.stringify(paid.map(({ id }) => id));
  const rows =
    lines.length === 0
      ? []
      : await databaseOf(env, account)
          .select({ body: invoices.body })
          .from(invoices)
          .where(
            and(
              eq(invoices.account, account),
              gt(invoices.n, documents),
              sql`${invoices.body} ->> 'payment' IN (SELECT value FROM json_each(${ids}))`,
            ),
          )
          .orderBy(invoices.n)
          .limit(lines.length);
  const codes = new Map(rows.map(({ body }) => [`${body.payment} ${body.resource}`, body.code]));
  return (payment, resource) => codes.get(`${payment} ${resource}`) ?? null;
}

export type CreditTransactionRow = typeof creditTransactions.$inferSelect;

/** The credit history, newest first; one more than the limit, if there is one. */
export async function listCreditTransactions(
  env: Env,
  account: AccountId,
  filter: ListFilter,
): Promise<CreditTransactionRow[]> {
  const { fromMs, toMs, limit } = filter;
  const rows = await databaseOf(env, account)
    .select()
    .from(creditTransactions)
    .where(
      and(
        eq(creditTransactions.account, account),
        when(fromMs, (value) => gte(creditTransactions.atMs, value)),
        when(toMs, (value) => lt(creditTransactions.atMs, value)),
        turned(creditTransactions.n, filter),
      ),
    )
    .orderBy(inTurn(creditTransactions.n, filter))
    .limit(limit + 1);
  return newestFirst(rows, filter);
}

export type PocTransactionRow = typeof pocTransactions.$inferSelect;

/** The POC wallet's history, newest first; one more than the limit, if there is one. */
export async function listPocTransactions(
  env: Env,
  account: AccountId,
  filter: ListFilter,
): Promise<PocTransactionRow[]> {
  const { fromMs, toMs, limit } = filter;
  const rows = await databaseOf(env, account)
    .select()
    .from(pocTransactions)
    .where(
      and(
        eq(pocTransactions.account, account),
        when(fromMs, (value) => gte(pocTransactions.atMs, value)),
        when(toMs, (value) => lt(pocTransactions.atMs, value)),
        turned(pocTransactions.n, filter),
      ),
    )
    .orderBy(inTurn(pocTransactions.n, filter))
    .limit(limit + 1);
  return newestFirst(rows, filter);
}

/** Whether a column's text has a part in it, letter case aside. */
const contains = (column: Column, part: string): SQL =>
  sql`instr(lower(${column}), ${part.toLowerCase()}) > 0`;

/** Whether a document is about a resource. */
const isAbout = (body: Column, resource: ResourceId): SQL => sql`${body} ->> 'resource' = ${resource}`;
