import { and, count, desc, eq, sql } from "drizzle-orm";
import type { MailJob } from "../domain/notice.ts";
import { databaseOf } from "./database.ts";
import { after, type Position, when } from "./paging.ts";
import { mails } from "./schema.ts";

export type MailRow = typeof mails.$inferSelect;

/** One mail a message and recipient: the same ones always have the same id. */
export async function mailId({ account, to, notice }: MailJob): Promise<string> {
  const hash = await crypto.subtle.digest(
    "SHA-256",
    new TextEncoder().encode(`${account}\n${notice.key}\n${to}`),
  );
  const hex = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `mail_${hex.slice(0, ID_DIGITS)}`;
}

const ID_DIGITS = 32;

export async function findMail(env: Env, id: string): Promise<MailRow | null> {
  const [row] = await databaseOf(env, null).select().from(mails).where(eq(mails.id, id));
  return row ?? null;
}

/** Marks a mail as sent, after it was sent: a mark that came first could swallow the mail. */
export const recordSent = (env: Env, id: string, job: MailJob) =>
  recordMail(env, id, job, { status: "sent", error: null });

/** Marks a mail as given up, unless it was sent after all. */
export const recordDead = (env: Env, id: string, job: MailJob, error: string) =>
  recordMail(env, id, job, { status: "dead", error });

async function recordMail(
  env: Env,
  id: string,
  job: MailJob,
  of: Pick<MailRow, "status" | "error">,
): Promise<void> {
  const { account, to, notice } = job;
  const row = { id, account, key: notice.key, recipient: to, resends: 0, atMs: notice.atMs, job, ...of };
  await databaseOf(env, null)
    .insert(mails)
    .values(row)
    .onConflictDoUpdate({ target: mails.id, set: of, setWhere: sql`${mails.status} <> 'sent'` });
}

/** How many of an account's mails were sent or given up. */
export async function countMails(env: Env, account: string): Promise<number> {
  const [row] = await databaseOf(env, null)
    .select({ n: count() })
    .from(mails)
    .where(eq(mails.account, account));
  return row?.n ?? 0;
}

/** Opens a mail for sending once more; null where there is none. */
export async function reopenMail(env: Env, id: string): Promise<MailRow | null> {
  const [row] = await databaseOf(env, null)
    .update(mails)
    .set({ status: "queued", error: null, resends: sql`${mails.resends} + 1` })
    .where(eq(mails.id, id))
    .returning();
  return row ?? null;
}

/** Mails by what became of them, newest first; one more than the limit, if there is one. */
export async function listMails(
  env: Env,
  of: {
    status: MailRow["status"];
    account?: string | undefined;
    before?: Position | undefined;
    limit: number;
  },
): Promise<MailRow[]> {
  return databaseOf(env, null)
    .select()
    .from(mails)
    .where(
      and(
        eq(mails.status, of.status),
        when(of.account, (account) => eq(mails.account, account)),
        after(mails.atMs, mails.id, of.before),
      ),
    )
    .orderBy(desc(mails.atMs), desc(mails.id))
    .limit(of.limit + 1);
}
