import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { AccountObject } from "../../src/account/account-object.ts";
import { TOPICS, type Topic } from "../../src/account/outbox.ts";
import type { Account } from "../../src/domain/account.ts";
import type { Attempt } from "../../src/domain/attempts/attempt.ts";
import type { FiledCallback } from "../../src/domain/attempts/callback.ts";
import type { CreditNote } from "../../src/domain/credit-note.ts";
import type { Alert } from "../../src/domain/events.ts";
import type { Invoice } from "../../src/domain/invoice.ts";
import type { CreditEntry, LedgerTransaction } from "../../src/domain/ledger.ts";
import type { LinkedAccount } from "../../src/domain/linking/linked-account.ts";
import type { Order } from "../../src/domain/order.ts";
import type { Payment } from "../../src/domain/payment.ts";
import type { SourceRefund } from "../../src/domain/refunds/source-refund.ts";
import type { Resource } from "../../src/domain/resource.ts";

type Row = Record<string, SqlStorageValue>;
type AccountStub = DurableObjectStub<AccountObject>;

/** Every row of every table an object keeps, by table; rows in the order of their keys. */
export type Tables = Readonly<Record<string, readonly Row[]>>;

export const tablesOf = (stub: AccountStub): Promise<Tables> =>
  runInDurableObject(stub, (_, { storage }) => readTables(storage.sql));

export function readTables(sql: SqlStorage): Tables {
  const names = sql
    .exec<{ name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite%'",
    )
    .toArray();
  return Object.fromEntries(names.map(({ name }) => [name, sql.exec(`SELECT * FROM ${name}`).toArray()]));
}

/** The tables but for some. */
export const without = (tables: Tables, ...names: readonly string[]): Tables =>
  Object.fromEntries(Object.entries(tables).filter(([name]) => !names.includes(name)));

export interface LedgerRow extends LedgerTransaction {
  readonly n: number;
  readonly credit: CreditEntry | null;
}

/** What an account's tables say, read as what they mean. */
export interface Contents {
  readonly account: Account | null;
  readonly wallets: { readonly available: number; readonly held: number; readonly poc: number };
  readonly otherBalances: Readonly<Record<string, number>>;
  readonly seq: number;
  readonly epoch: number;
  readonly indexedDueAtMs: number | null;
  readonly ledger: readonly LedgerRow[];
  readonly orders: readonly Order[];
  readonly resources: readonly Resource[];
  readonly payments: readonly Payment[];
  readonly attempts: readonly Attempt[];
  readonly refunds: readonly SourceRefund[];
  readonly linkedAccounts: readonly LinkedAccount[];
  readonly callbacks: readonly FiledCallback[];
  readonly alerts: readonly Alert[];
  readonly invoices: readonly Invoice[];
  readonly creditNotes: readonly CreditNote[];
  readonly timers: readonly { readonly kind: string; readonly key: string; readonly dueAtMs: number }[];
  readonly keys: readonly string[];
  readonly outbox: readonly { readonly topic: Topic; readonly seq: number }[];
}

export const contentsOf = async (stub: AccountStub): Promise<Contents> => contents(await tablesOf(stub));

export function contents(tables: Tables): Contents {
  const rows = (table: string): readonly Row[] => tables[table] ?? [];
  const bodies = <T>(table: string): T[] => rows(table).map(({ body }) => parse<T>(body));
  const [head] = rows("head");
  if (!head) throw new Error("an account object without its head");
  return {
    account: head.account === null ? null : parse<Account>(head.account),
    wallets: {
      available: Number(head.credit_available),
      held: Number(head.credit_held),
      poc: Number(head.poc),
    },
    otherBalances: parse(head.other_balances),
    seq: Number(head.seq),
    epoch: Number(head.epoch),
    indexedDueAtMs: numberOrNull(head.indexed_due_at_ms),
    ledger: rows("ledger").map((row) => ({
      n: Number(row.n),
      kind: row.kind as LedgerTransaction["kind"],
      atMs: Number(row.at_ms),
      reference: String(row.reference),
      description: String(row.description),
      transfers: parse(row.transfers),
      credit: row.credit === null ? null : parse<CreditEntry>(row.credit),
    })),
    orders: bodies("orders"),
    resources: bodies("resources"),
    payments: bodies("payments"),
    attempts: bodies("attempts"),
    refunds: bodies("refunds"),
    linkedAccounts: bodies("linked_accounts"),
    callbacks: bodies("callbacks"),
    alerts: bodies("alerts"),
    invoices: bodies("invoices"),
    creditNotes: bodies("credit_notes"),
    timers: rows("timers").map(({ kind, key, due_at_ms }) => ({
      kind: String(kind),
      key: String(key),
      dueAtMs: Number(due_at_ms),
    })),
    keys: rows("idempotency").map(({ key }) => String(key)),
    outbox: rows("outbox").flatMap((row) =>
      TOPICS.filter((topic) => row[topic] !== null).map((topic) => ({ topic, seq: Number(row.seq) })),
    ),
  };
}

const parse = <T>(text: SqlStorageValue | undefined): T => JSON.parse(String(text)) as T;

const numberOrNull = (value: SqlStorageValue | undefined): number | null =>
  value === null || value === undefined ? null : Number(value);

/** What D1 has of an account. */
export interface ReadSide {
  readonly cursor: { readonly epoch: number; readonly seq: number; readonly dueAtMs: number | null } | null;
  readonly profile: Account | null;
  readonly invoices: readonly Invoice[];
  readonly creditNotes: readonly CreditNote[];
  readonly payments: readonly Payment[];
  readonly creditTransactions: readonly object[];
  readonly alerts: readonly Alert[];
  readonly callbacks: readonly FiledCallback[];
}

export async function readSideOf(account: string, database = env.DB): Promise<ReadSide> {
  const all = async <T>(query: string): Promise<T[]> =>
    (await database.prepare(query).bind(account).all<T>()).results;
  const [cursor] = await all<{ epoch: number; seq: number; dueAtMs: number | null; profile: string | null }>(
    "SELECT epoch, seq, due_at_ms AS dueAtMs, profile FROM accounts WHERE id = ?",
  );
  const bodies = async <T>(query: string): Promise<T[]> =>
    (await all<{ body: string }>(query)).map(({ body }) => parse<T>(body));
  return {
    cursor: cursor ? { epoch: cursor.epoch, seq: cursor.seq, dueAtMs: cursor.dueAtMs } : null,
    profile: cursor?.profile ? parse<Account>(cursor.profile) : null,
    invoices: await bodies("SELECT body FROM invoices WHERE account = ? ORDER BY n"),
    creditNotes: await bodies("SELECT body FROM credit_notes WHERE account = ? ORDER BY n"),
    payments: await bodies("SELECT body FROM payments WHERE account = ? ORDER BY n"),
    creditTransactions: await all(
      `SELECT n, type, amount, available, held, at_ms AS atMs, reference, description
         FROM credit_transactions WHERE account = ? ORDER BY n`,
    ),
    callbacks: await bodies("SELECT body FROM callbacks WHERE account = ? ORDER BY id"),
    alerts: await all("SELECT key, kind, subject, at_ms AS atMs FROM alerts WHERE account = ? ORDER BY key"),
  };
}

/** What D1 must have of an account once everything is delivered: its own tables, projected again. */
export function projectionOf(own: Contents): Omit<ReadSide, "cursor"> {
  return {
    profile: own.account,
    invoices: own.invoices,
    creditNotes: own.creditNotes,
    payments: own.payments.toSorted((a, b) => a.n - b.n),
    creditTransactions: own.ledger.flatMap(({ n, credit, atMs, reference, description }) =>
      credit ? [{ n, ...credit, atMs, reference, description }] : [],
    ),
    alerts: own.alerts.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    callbacks: own.callbacks.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  };
}
