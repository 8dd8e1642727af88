import { and, asc, eq, gt, isNotNull, or, sql } from "drizzle-orm";
import type { AccountId } from "../domain/ids.ts";
import { MINUTE_MS } from "../domain/local-time.ts";
import { databaseOf } from "./database.ts";
import { type Position, when } from "./paging.ts";
import { accounts } from "./schema.ts";

/** A claimed account isn't claimed again for this long, unless its projection says that it is done. */
const CLAIM_MS = 5 * MINUTE_MS;

/** Claims up to `limit` accounts in which something is due, the longest due first. */
export async function claimDueAccounts(env: Env, nowMs: number, limit: number): Promise<AccountId[]> {
  const claimed = await databaseOf(env, null).all<{ id: AccountId }>(sql`
    UPDATE accounts SET claimed_until_ms = ${nowMs + CLAIM_MS} WHERE id IN (
      SELECT id FROM accounts WHERE due_at_ms <= ${nowMs} AND claimed_until_ms <= ${nowMs}
      ORDER BY due_at_ms LIMIT ${limit}) RETURNING id`);
  return claimed.map(({ id }) => id);
}

/** The next instant at or before `toMs` at which something is due, `except` in some accounts, and where. */
export async function nextDue(
  env: Env,
  toMs: number,
  except: readonly AccountId[],
): Promise<{ dueAtMs: number; accounts: AccountId[] } | null> {
  const rows = await databaseOf(env, null).all<{ id: AccountId; dueAtMs: number }>(sql`
    WITH candidates AS (SELECT id, due_at_ms FROM accounts
      WHERE due_at_ms <= ${toMs} AND id NOT IN (SELECT value FROM json_each(${JSON.stringify(except)})))
    SELECT id, due_at_ms AS dueAtMs FROM candidates
      WHERE due_at_ms = (SELECT min(due_at_ms) FROM candidates) ORDER BY id`);
  const [first] = rows;
  return first ? { dueAtMs: first.dueAtMs, accounts: rows.map(({ id }) => id) } : null;
}

/** Accounts in which something will be due, the earliest first; one more than the limit, if there is one. */
export const listDueAccounts = (env: Env, after: Position | undefined, limit: number) =>
  databaseOf(env, null)
    .select({ account: accounts.id, dueAtMs: sql<number>`${accounts.dueAtMs}` })
    .from(accounts)
    .where(
      and(
        isNotNull(accounts.dueAtMs),
        when(after, ({ atMs, id }) =>
          or(gt(accounts.dueAtMs, atMs), and(eq(accounts.dueAtMs, atMs), gt(accounts.id, id))),
        ),
      ),
    )
    .orderBy(asc(accounts.dueAtMs), asc(accounts.id))
    .limit(limit + 1);
