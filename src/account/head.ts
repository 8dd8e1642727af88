import type { Account } from "../domain/account.ts";
import { type Balances, type Book, balanceOf } from "../domain/ledger.ts";
import type { Money } from "../domain/money.ts";
import type { PocWallet } from "../domain/poc/wallet.ts";
import type { Counts } from "../domain/state.ts";

/**
 * The account's one row of counters and balances. `seq` orders its commands, `transactions` its ledger,
 * `counts` what it has had of each, `mails` what its people were written; `indexedDueAtMs` is what the due index was last told.
 */
export interface Head {
  readonly account: Account | null;
  readonly epoch: number;
  readonly seq: number;
  readonly transactions: number;
  readonly counts: Counts;
  readonly mails: number;
  readonly indexedDueAtMs: number | null;
  readonly balances: Balances;
  readonly pocWallet: PocWallet | null;
}

export function readHead(sql: SqlStorage): Head {
  const row = sql
    .exec<{
      account: string | null;
      epoch: number;
      seq: number;
      transactions: number;
      documents: number;
      payments: number;
      resources: number;
      mails: number;
      indexed_due_at_ms: number | null;
      credit_available: number;
      credit_held: number;
      poc: number;
      poc_wallet: string | null;
      other_balances: string;
    }>("SELECT * FROM head")
    .one();
  return {
    account: row.account === null ? null : JSON.parse(row.account),
    epoch: row.epoch,
    seq: row.seq,
    transactions: row.transactions,
    counts: { documents: row.documents, payments: row.payments, resources: row.resources },
    mails: row.mails,
    indexedDueAtMs: row.indexed_due_at_ms,
    balances: {
      ...(JSON.parse(row.other_balances) as Partial<Record<Book, Money>>),
      credit_available: row.credit_available as Money,
      credit_held: row.credit_held as Money,
      poc: row.poc as Money,
    },
    pocWallet: row.poc_wallet === null ? null : JSON.parse(row.poc_wallet),
  };
}

/** The wallets have columns of their own, so that SQLite itself refuses a negative one. */
export function writeHead(sql: SqlStorage, head: Head): void {
  const { credit_available: _a, credit_held: _h, poc: _p, ...others } = head.balances;
  sql.exec(
    `UPDATE head SET account = ?, epoch = ?, seq = ?, transactions = ?, documents = ?, payments = ?, resources = ?, mails = ?, indexed_due_at_ms = ?,
       credit_available = ?, credit_held = ?, poc = ?, poc_wallet = ?, other_balances = ?`,
    head.account && JSON.stringify(head.account),
    head.epoch,
    head.seq,
    head.transactions,
    head.counts.documents,
    head.counts.payments,
    head.counts.resources,
    head.mails,
    head.indexedDueAtMs,
    balanceOf(head.balances, "credit_available"),
    balanceOf(head.balances, "credit_held"),
    balanceOf(head.balances, "poc"),
    head.pocWallet && JSON.stringify(head.pocWallet),
    JSON.stringify(others),
  );
}
