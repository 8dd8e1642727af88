import { asc, eq, max } from "drizzle-orm";
import type { CreditNote } from "../domain/credit-note.ts";
import type { AccountId } from "../domain/ids.ts";
import type { Invoice } from "../domain/invoice.ts";
import { databaseOf } from "./database.ts";
import type { ProjectedRow } from "./projection.ts";
import {
  accounts,
  alerts,
  callbacks,
  costs,
  creditNotes,
  creditTransactions,
  deadCalls,
  invoices,
  payments,
  pocTransactions,
} from "./schema.ts";

/** Everything the read side holds of an account that its object could tell anew, in the object's own order. */
export async function readSideRows(env: Env, account: AccountId): Promise<ProjectedRow[]> {
  const database = databaseOf(env, account);
  const [profiles, documents, notes, spent, paid, credit, poc, calls, raised, filed] = await Promise.all([
    database.select().from(accounts).where(eq(accounts.id, account)),
    database.select().from(invoices).where(eq(invoices.account, account)).orderBy(asc(invoices.n)),
    database.select().from(creditNotes).where(eq(creditNotes.account, account)).orderBy(asc(creditNotes.n)),
    database.select().from(costs).where(eq(costs.account, account)).orderBy(asc(costs.n), asc(costs.part)),
    database.select().from(payments).where(eq(payments.account, account)).orderBy(asc(payments.n)),
    database
      .select()
      .from(creditTransactions)
      .where(eq(creditTransactions.account, account))
      .orderBy(asc(creditTransactions.n)),
    database
      .select()
      .from(pocTransactions)
      .where(eq(pocTransactions.account, account))
      .orderBy(asc(pocTransactions.n)),
    database.select().from(deadCalls).where(eq(deadCalls.account, account)).orderBy(asc(deadCalls.resource)),
    database.select().from(alerts).where(eq(alerts.account, account)).orderBy(asc(alerts.key)),
    database.select().from(callbacks).where(eq(callbacks.account, account)).orderBy(asc(callbacks.id)),
  ]);
  return [
    ...profiles.flatMap(({ profile }) => (profile ? [{ table: "accounts", row: profile } as const] : [])),
    // Columns are what lists filter by: they must say what the body says.
    ...documents.map(
      ({ account: _, body, ...columns }) =>
        ({ table: "invoices", row: { ...body, ...columns } as Invoice }) as const,
    ),
    ...notes.map(
      ({ account: _, body, ...columns }) =>
        ({ table: "credit_notes", row: { ...body, ...columns } as CreditNote }) as const,
    ),
    ...spent.map(({ account: _, ...row }) => ({ table: "costs", row }) as const),
    ...paid.map(
      ({ account: _, body, ...columns }) => ({ table: "payments", row: { ...body, ...columns } }) as const,
    ),
    ...credit.map(({ account: _, ...row }) => ({ table: "credit_transactions", row }) as ProjectedRow),
    ...poc.map(({ account: _, ...row }) => ({ table: "poc_transactions", row }) as ProjectedRow),
    ...raised.map(({ account: _, ...row }) => ({ table: "alerts", row }) as ProjectedRow),
    ...filed.map(
      ({ account: _, body, ...columns }) => ({ table: "callbacks", row: { ...body, ...columns } }) as const,
    ),
    ...calls.map(({ account: _, ...row }) => ({ table: "dead_calls", row }) as const),
  ];
}

/** How far the read side was told of an account, and the highest document number it was ever told. */
export interface Marks {
  readonly epoch: number;
  readonly seq: number;
  readonly dueAtMs: number | null;
  readonly documents: number;
}

export async function readSideMarks(env: Env, account: AccountId): Promise<Marks> {
  const database = databaseOf(env, account);
  const { epoch, seq, dueAtMs } = accounts;
  const [[cursor], [invoice], [note]] = await Promise.all([
    database.select({ epoch, seq, dueAtMs }).from(accounts).where(eq(accounts.id, account)),
    database
      .select({ n: max(invoices.n) })
      .from(invoices)
      .where(eq(invoices.account, account)),
    database
      .select({ n: max(creditNotes.n) })
      .from(creditNotes)
      .where(eq(creditNotes.account, account)),
  ]);
  const documents = Math.max(invoice?.n ?? 0, note?.n ?? 0);
  return { ...(cursor ?? { epoch: 0, seq: 0, dueAtMs: null }), documents };
}
