import { costsOf, type InvoicedCost } from "../domain/costs/cost.ts";
import type { ResourceId } from "../domain/ids.ts";
import { log } from "../observability/log.ts";
import type { ProjectedCommand, ProjectedRow } from "../store/projection.ts";
import type { ConsoleCalls, DeadCall } from "./console-calls.ts";
import type { Head } from "./head.ts";
import type { Outbox } from "./outbox.ts";
import type { AccountTables } from "./tables.ts";
import type { Timers } from "./timers.ts";

/** Rows that one message of a rebuild carries. */
const RETOLD_ROWS = 20;

/** What the read side is told, through the outbox. Each of these belongs into a transaction. */
export class ReadSide {
  readonly #tables: AccountTables;
  readonly #outbox: Outbox;
  readonly #timers: Timers;
  readonly #calls: ConsoleCalls;

  constructor(of: { tables: AccountTables; outbox: Outbox; timers: Timers; calls: ConsoleCalls }) {
    this.#tables = of.tables;
    this.#outbox = of.outbox;
    this.#timers = of.timers;
    this.#calls = of.calls;
  }

  /**
   * What is to be told of the command that `head` counts, if anything. The due index only must not be late: it is
   * told alone when something is due earlier than it knows, and otherwise on the way.
   */
  message(head: Head, rows: readonly ProjectedRow[]): ProjectedCommand | undefined {
    const dueAtMs = this.#timers.earliestDueAtMs();
    const isEarlier = dueAtMs !== null && (head.indexedDueAtMs === null || dueAtMs < head.indexedDueAtMs);
    return rows.length > 0 || isEarlier ? { seq: head.seq, dueAtMs, rows } : undefined;
  }

  /** A call that died is listed for operations, with an alert. */
  tellDeadCall(call: DeadCall): void {
    const { resource, sequence, atMs } = call;
    const key = `call:${resource}:${sequence}:${atMs}`;
    const alert = { key, kind: "console_call_dead", subject: resource, atMs } as const;
    log("error", "alert", alert);
    this.#tables.addAlert(alert);
    this.#tellAlone([
      { table: "alerts", row: alert },
      { table: "dead_calls", row: call },
    ]);
  }

  /** A dead call was tried again or given up: it is listed no longer. */
  tellResolvedCall(resource: ResourceId): void {
    this.#tellAlone([resolvedCall(resource)]);
  }

  /** Brings the due index up to date where it lags behind the timers. */
  reindexDue(): void {
    const head = this.#tables.head();
    const dueAtMs = this.#timers.earliestDueAtMs();
    if (head.account === null || head.indexedDueAtMs === dueAtMs) return;
    this.#tellNext(head, { dueAtMs, rows: [] });
  }

  /**
   * Tells everything anew, in an epoch that outranks whatever was told before. `documents` is the highest document
   * number the read side has ever seen: numbers that were given out are never given out again.
   */
  retell(epoch: number, documents: number): void {
    const head = this.#tables.head();
    const rows = this.rows();
    const dueAtMs = this.#timers.earliestDueAtMs();
    this.#outbox.remove({ projection: head.seq });
    let seq = head.seq;
    for (let start = 0; start === 0 || start < rows.length; start += RETOLD_ROWS) {
      seq += 1;
      const told = { seq, dueAtMs, rows: rows.slice(start, start + RETOLD_ROWS) };
      this.#outbox.add(seq, { projection: start === 0 ? { ...told, isFresh: true } : told });
    }
    const counts = { ...head.counts, documents: Math.max(head.counts.documents, documents) };
    this.#tables.writeHead({ ...head, epoch, seq, counts, indexedDueAtMs: dueAtMs });
  }

  /** Every row the read side should have of this account, in a fixed order. */
  rows(): ProjectedRow[] {
    const { account } = this.#tables.head();
    return [
      ...(account ? [{ table: "accounts", row: account } as const] : []),
      ...this.#tables.invoices().map((row) => ({ table: "invoices", row }) as const),
      ...this.#tables.creditNotes().map((row) => ({ table: "credit_notes", row }) as const),
      ...this.#costs().map((row) => ({ table: "costs", row }) as const),
      ...this.#tables.payments().map((row) => ({ table: "payments", row }) as const),
      ...this.#tables.ledger.creditRows().map((row) => ({ table: "credit_transactions", row }) as const),
      ...this.#tables.ledger.pocRows().map((row) => ({ table: "poc_transactions", row }) as const),
      ...this.#tables.alerts().map((row) => ({ table: "alerts", row }) as const),
      ...this.#tables.callbacks().map((row) => ({ table: "callbacks", row }) as const),
      ...this.#calls.dead().map((row) => ({ table: "dead_calls", row }) as const),
    ];
  }

  #costs(): InvoicedCost[] {
    const notes = new Map(this.#tables.creditNotes().map((note) => [note.invoice, note]));
    return this.#tables.invoices().flatMap((invoice) => costsOf(invoice, notes.get(invoice.code) ?? null));
  }

  #tellAlone(rows: readonly ProjectedRow[]): void {
    this.#tellNext(this.#tables.head(), { dueAtMs: this.#timers.earliestDueAtMs(), rows });
  }

  #tellNext(head: Head, { dueAtMs, rows }: Pick<ProjectedCommand, "dueAtMs" | "rows">): void {
    const seq = head.seq + 1;
    this.#outbox.add(seq, { projection: { seq, dueAtMs, rows } });
    this.#tables.writeHead({ ...head, seq, indexedDueAtMs: dueAtMs });
  }
}

export const resolvedCall = (resource: ResourceId): ProjectedRow => ({
  table: "dead_calls",
  row: { resource, isResolved: true },
});
