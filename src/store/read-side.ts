import { asc, eq, max } from "drizzle-orm";
import type { AccountId } from "../domain/ids.ts";
import { databaseOf } from "./database.ts";
import type { ProjectedRow } from "./projection.ts";
import { accounts, creditTransactions, deadCalls, invoices, payments } from "./schema.ts";

/** Everything the read side holds of an account that its object could tell anew, in the object's own order. */
export async function readSideRows(env: Env, account: AccountId): Promise<ProjectedRow[]> {
  const database = databaseOf(env, account);
  const [profiles, documents, paid, credit, calls] = await Promise.all([
    database.select().from(accounts).where(eq(accounts.id, account)),
    database.select().from(invoices).where(eq(invoices.account, account)).orderBy(asc(invoices.n)),
    database.select().from(payments).where(eq(payments.account, account)).orderBy(asc(payments.n)),
    database
      .select()
      .from(creditTransactions)
      .where(eq(creditTransactions.account, account))
      .orderBy(asc(creditTransactions.n)),
    database.select().from(deadCalls).where(eq(deadCalls.account, account)).orderBy(asc(deadCalls.resource)),
  ]);
  return [
    ...profiles.flatMap(({ profile }) => (profile ? [{ table: "accounts", row: profile } as const] : [])),
    ...documents.map(({ body }) => ({ table: "invoices", row: body }) as const),
    ...paid.map(({ body }) => ({ table: "payments", row: body }) as const),
    ...credit.map(({ account: _, ...row }) => ({ table: "credit_transactions", row }) as ProjectedRow),
    ...calls.map(({ account: _, ...row }) => ({ table: "dead_calls", row }) as const),
  ];
}

/** The epoch an account's rows were told in, and the highest document number ever told. */
export async function readSideMarks(
  env: Env,
  account: AccountId,
): Promise<{ epoch: number; documents: number }> {
  const database = databaseOf(env, account);
  const [[cursor], [highest]] = await Promise.all([
    database.select({ epoch: accounts.epoch }).from(accounts).where(eq(accounts.id, account)),
    database
      .select({ n: max(invoices.n) })
      .from(invoices)
      .where(eq(invoices.account, account)),
  ]);
  return { epoch: cursor?.epoch ?? 0, documents: highest?.n ?? 0 };
}
