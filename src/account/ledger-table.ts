import {
  type CreditEntry,
  creditEntryOf,
  type LedgerTransaction,
  type PocEntry,
  pocEntryOf,
  post,
} from "../domain/ledger.ts";
import type { CreditRow, PocRow, ProjectedRow } from "../store/projection.ts";
import type { Head } from "./head.ts";

type HistoryRow = Extract<ProjectedRow, { table: "credit_transactions" | "poc_transactions" }>;

/** The account's ledger: one row a transaction, only ever added to. */
export class LedgerTable {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Appends a transaction. Returns the head after it, and its rows of the histories of the wallets that it moved. */
  append(head: Head, transaction: LedgerTransaction): { head: Head; rows: HistoryRow[] } {
    const n = head.transactions + 1;
    const balances = post(head.balances, transaction);
    const credit = creditEntryOf(transaction, head.balances, balances);
    const poc = pocEntryOf(transaction, head.balances, balances);
    const { kind, atMs, reference, description, transfers } = transaction;
    this.#sql.exec(
      "INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      n,
      kind,
      atMs,
      reference,
      description,
      JSON.stringify(transfers),
      credit && JSON.stringify(credit),
      poc && JSON.stringify(poc),
    );
    const told = { n, atMs, reference, description };
    const rows: HistoryRow[] = [
      ...(credit ? [{ table: "credit_transactions", row: { ...credit, ...told } } as const] : []),
      ...(poc ? [{ table: "poc_transactions", row: { ...poc, ...told } } as const] : []),
    ];
    return { head: { ...head, transactions: n, balances }, rows };
  }

  /** All of it, oldest first. */
  transactions(): LedgerTransaction[] {
    return this.#sql
      .exec<{ kind: string; at_ms: number; reference: string; description: string; transfers: string }>(
        "SELECT kind, at_ms, reference, description, transfers FROM ledger ORDER BY n",
      )
      .toArray()
      .map((row) => ({
        kind: row.kind as LedgerTransaction["kind"],
        atMs: row.at_ms,
        reference: row.reference,
        description: row.description,
        transfers: JSON.parse(row.transfers),
      }));
  }

  /** The credit history, oldest first. */
  creditRows(): CreditRow[] {
    return this.#historyRows<CreditEntry>("credit");
  }

  /** The POC wallet's history, oldest first. */
  pocRows(): PocRow[] {
    return this.#historyRows<PocEntry>("poc");
  }

  #historyRows<E>(wallet: "credit" | "poc"): (E & Omit<CreditRow, keyof CreditEntry>)[] {
    return this.#sql
      .exec<{ n: number; at_ms: number; reference: string; description: string; entry: string }>(
        `SELECT n, at_ms, reference, description, ${wallet} AS entry FROM ledger WHERE ${wallet} IS NOT NULL ORDER BY n`,
      )
      .toArray()
      .map(({ n, at_ms: atMs, reference, description, entry }) => ({
        ...(JSON.parse(entry) as E),
        n,
        atMs,
        reference,
        description,
      }));
  }
}
