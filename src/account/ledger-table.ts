import { type CreditEntry, creditEntryOf, type LedgerTransaction, post } from "../domain/ledger.ts";
import type { CreditRow } from "../store/projection.ts";
import type { Head } from "./head.ts";

/** The account's ledger: one row a transaction, only ever added to. */
export class LedgerTable {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Appends a transaction. Returns the head after it, and its row of the credit history where credit moved. */
  append(head: Head, transaction: LedgerTransaction): { head: Head; row: CreditRow | null } {
    const n = head.transactions + 1;
    const balances = post(head.balances, transaction);
    const credit = creditEntryOf(transaction, head.balances, balances);
    const { kind, atMs, reference, description, transfers } = transaction;
    this.#sql.exec(
      "INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?)",
      n,
      kind,
      atMs,
      reference,
      description,
      JSON.stringify(transfers),
      credit && JSON.stringify(credit),
    );
    const row = credit && { ...credit, n, atMs, reference, description };
    return { head: { ...head, transactions: n, balances }, row };
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
    return this.#sql
      .exec<{ n: number; at_ms: number; reference: string; description: string; credit: string }>(
        "SELECT n, at_ms, reference, description, credit FROM ledger WHERE credit IS NOT NULL ORDER BY n",
      )
      .toArray()
      .map(({ n, at_ms: atMs, reference, description, credit }) => ({
        ...(JSON.parse(credit) as CreditEntry),
        n,
        atMs,
        reference,
        description,
      }));
  }
}
