import { and, desc, eq, ne } from "drizzle-orm";
import type { FiledCallback } from "../domain/attempts/callback.ts";
import type { AccountId, CallbackId } from "../domain/ids.ts";
import { databaseOf } from "./database.ts";
import { after, type Position } from "./paging.ts";
import { callbacks } from "./schema.ts";

/** Nobody's: no account of ours is named so. */
const NOBODY = "";

/** A filed callback, with the account it is known to belong to. */
export interface CallbackListing {
  readonly account: AccountId | null;
  readonly callback: FiledCallback;
}

/** Keeps a callback that no account can keep. The same one is kept once. */
export async function keepCallback(env: Env, callback: FiledCallback): Promise<void> {
  const { id, status, atMs } = callback;
  await databaseOf(env, null)
    .insert(callbacks)
    .values({ account: NOBODY, id, status, atMs, body: callback })
    .onConflictDoNothing();
}

/** Those that still wait for somebody, or all, newest first; one more than the limit, if there is one. */
export async function listCallbacks(
  env: Env,
  of: { isWaiting: boolean; before: Position | undefined; limit: number },
): Promise<CallbackListing[]> {
  const rows = await databaseOf(env, null)
    .select()
    .from(callbacks)
    .where(
      and(
        of.isWaiting ? ne(callbacks.status, "deposited") : undefined,
        after(callbacks.atMs, callbacks.id, of.before),
      ),
    )
    .orderBy(desc(callbacks.atMs), desc(callbacks.id))
    .limit(of.limit + 1);
  return rows.map(listingOf);
}

/** An account's own goes before one that was nobody's. */
export async function findCallback(env: Env, id: CallbackId): Promise<CallbackListing | null> {
  const rows = await databaseOf(env, null)
    .select()
    .from(callbacks)
    .where(eq(callbacks.id, id))
    .orderBy(desc(callbacks.account));
  return rows[0] ? listingOf(rows[0]) : null;
}

/** Gives nobody's callback to an account, for good: it can't become credit in two. False where it is somebody's. */
export async function assignCallback(env: Env, id: CallbackId, account: AccountId): Promise<boolean> {
  const assigned = await databaseOf(env, null)
    .update(callbacks)
    .set({ account })
    .where(and(eq(callbacks.id, id), eq(callbacks.account, NOBODY)))
    .returning({ id: callbacks.id });
  return assigned.length > 0;
}

const listingOf = ({ account, body }: typeof callbacks.$inferSelect): CallbackListing => ({
  account: account === NOBODY ? null : (account as AccountId),
  callback: body,
});
