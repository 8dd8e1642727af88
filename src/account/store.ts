import type { Event } from "../domain/events.ts";
import type { InvoiceCode, OrderId, ResourceId } from "../domain/ids.ts";
import type { Books } from "../domain/invariants.ts";
import type { Invoice } from "../domain/invoice.ts";
import { creditEntryOf, type LedgerTransaction, post } from "../domain/ledger.ts";
import { type Order, orderDueAtMs } from "../domain/order.ts";
import type { Payment } from "../domain/payment.ts";
import type { Resource } from "../domain/resource.ts";
import type { AccountState } from "../domain/state.ts";
import type { CreditRow, ProjectedRow } from "../store/projection.ts";
import { type Head, readHead, writeHead } from "./head.ts";
import type { CouponSettlement, Outbox } from "./outbox.ts";
import type { Timers } from "./timers.ts";

/** The tables that hold one entity a row, under its id. */
type EntityTable = "orders" | "resources" | "payments";

/** The account's tables: read row by row for a decision, written in one go by what it decided. */
export class AccountStore {
  readonly #sql: SqlStorage;
  readonly #outbox: Outbox;
  readonly #timers: Timers;

  constructor(sql: SqlStorage, outbox: Outbox, timers: Timers) {
    this.#sql = sql;
    this.#outbox = outbox;
    this.#timers = timers;
  }

  head(): Head {
    return readHead(this.#sql);
  }

  /** What a decision may look at, as it is now. */
  state(): AccountState {
    const head = this.head();
    return {
      account: head.account,
      balances: head.balances,
      documentCount: head.documents,
      order: (id) => this.order(id),
      resource: (id) => this.resource(id),
      payment: (id) => this.#entity<Payment>("payments", id),
      hasLiveResources: () => this.resources().some(({ state }) => state !== "deleted"),
    };
  }

  order(id: OrderId): Order | null {
    return this.#entity("orders", id);
  }

  resource(id: ResourceId): Resource | null {
    return this.#entity("resources", id);
  }

  /** Newest first; resources that were deleted are among them. */
  resources(): Resource[] {
    return this.#all<Resource>("SELECT body FROM resources ORDER BY body ->> 'createdAtMs' DESC, id DESC");
  }

  /** By its code, whose last part is the number it is kept under. */
  invoice(code: InvoiceCode): Invoice | null {
    const n = Number(code.slice(code.lastIndexOf("-") + 1));
    const found = this.#all<Invoice>(
      "SELECT body FROM invoices WHERE n = ?",
      Number.isSafeInteger(n) ? n : 0,
    )[0];
    return found?.code === code ? found : null;
  }

  /** Everything there is, for an audit. */
  books(): Books {
    const { balances, documents } = this.head();
    return {
      balances,
      documentCount: documents,
      ledger: this.#ledger(),
      orders: this.#all("SELECT body FROM orders"),
      resources: this.#all("SELECT body FROM resources"),
      payments: this.#all("SELECT body FROM payments"),
      invoices: this.#all("SELECT body FROM invoices"),
    };
  }

  /**
   * Writes what a command made true, what the world must hear of it, and when time next matters. Call it inside a
   * storage transaction: all of it stands or none. Returns the command's `seq`.
   */
  record(events: readonly Event[]): number {
    let head = this.head();
    head = { ...head, seq: head.seq + 1 };
    const rows: ProjectedRow[] = [];
    const settlements: CouponSettlement[] = [];
    for (const event of events) {
      switch (event.type) {
        case "account_configured":
          head = { ...head, account: event.account };
          rows.push({ table: "accounts", row: event.account });
          break;
        case "money_posted": {
          const posted = this.#post(head, event.transaction);
          head = posted.head;
          if (posted.row) rows.push({ table: "credit_transactions", row: posted.row });
          break;
        }
        case "order_changed":
          this.#write("orders", event.order);
          this.#timers.set("order", event.order.id, orderDueAtMs(event.order));
          break;
        case "resource_changed":
          this.#write("resources", event.resource);
          break;
        case "payment_recorded":
          this.#write("payments", event.payment);
          rows.push({ table: "payments", row: event.payment });
          break;
        case "invoice_issued":
          head = { ...head, documents: event.invoice.n };
          this.#sql.exec(
            "INSERT INTO invoices VALUES (?, ?)",
            event.invoice.n,
            JSON.stringify(event.invoice),
          );
          rows.push({ table: "invoices", row: event.invoice });
          break;
        case "coupon_settled":
          settlements.push({ coupon: event.coupon, order: event.order, spent: event.spent });
          break;
        case "alert_raised":
          this.#sql.exec(
            "INSERT INTO alerts VALUES (?, ?) ON CONFLICT DO NOTHING",
            event.alert.key,
            JSON.stringify(event.alert),
          );
          rows.push({ table: "alerts", row: event.alert });
          break;
      }
    }
    head = this.#tell(head, rows);
    if (settlements.length > 0) this.#outbox.add("coupons", head.seq, settlements);
    writeHead(this.#sql, head);
    return head.seq;
  }

  /** Brings the due index up to date where it lags behind the timers. */
  reindexDue(): void {
    const head = this.head();
    if (head.account === null || head.indexedDueAtMs === this.#timers.earliestDueAtMs()) return;
    const seq = head.seq + 1;
    const dueAtMs = this.#timers.earliestDueAtMs();
    this.#outbox.add("projection", seq, { seq, dueAtMs, rows: [] });
    writeHead(this.#sql, { ...head, seq, indexedDueAtMs: dueAtMs });
  }

  /**
   * Puts rows for the read side into the outbox. The due index only must not be late: it is told alone when
   * something is due earlier than it knows, and otherwise on the way.
   */
  #tell(head: Head, rows: readonly ProjectedRow[]): Head {
    const dueAtMs = this.#timers.earliestDueAtMs();
    const isEarlier = dueAtMs !== null && (head.indexedDueAtMs === null || dueAtMs < head.indexedDueAtMs);
    if (rows.length === 0 && !isEarlier) return head;
    this.#outbox.add("projection", head.seq, { seq: head.seq, dueAtMs, rows });
    return { ...head, indexedDueAtMs: dueAtMs };
  }

  #post(head: Head, transaction: LedgerTransaction): { head: Head; row: CreditRow | null } {
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

  #ledger(): LedgerTransaction[] {
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

  #write(table: EntityTable, entity: { readonly id: string }): void {
    this.#sql.exec(
      `INSERT INTO ${table} VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body`,
      entity.id,
      JSON.stringify(entity),
    );
  }

  #entity<T>(table: EntityTable, id: string): T | null {
    return this.#all<T>(`SELECT body FROM ${table} WHERE id = ?`, id)[0] ?? null;
  }

  #all<T>(query: string, ...bindings: (string | number)[]): T[] {
    return this.#sql
      .exec<{ body: string }>(query, ...bindings)
      .toArray()
      .map(({ body }) => JSON.parse(body) as T);
  }
}
