import type { Event } from "../domain/events.ts";
import type { InvoiceCode, OrderId, ResourceId } from "../domain/ids.ts";
import type { Books } from "../domain/invariants.ts";
import type { Invoice } from "../domain/invoice.ts";
import { type CreditEntry, creditEntryOf, type LedgerTransaction, post } from "../domain/ledger.ts";
import { type MailJob, mailTo } from "../domain/notice.ts";
import { type Order, orderDueAtMs } from "../domain/order.ts";
import type { Payment } from "../domain/payment.ts";
import type { Resource } from "../domain/resource.ts";
import type { AccountState } from "../domain/state.ts";
import { log } from "../observability/log.ts";
import type { CreditRow, ProjectedRow } from "../store/projection.ts";
import type { ConsoleCalls, DeadCall } from "./console-calls.ts";
import { type Head, readHead, writeHead } from "./head.ts";
import type { CouponSettlement, Outbox } from "./outbox.ts";
import type { Timer, Timers } from "./timers.ts";

/** Rows that one message of a rebuild carries. */
const RETOLD_ROWS = 20;

/** The tables that hold one entity a row, under its id. */
type EntityTable = "orders" | "resources" | "payments";

/** The account's tables: read row by row for a decision, written in one go by what it decided. */
export class AccountStore {
  readonly #sql: SqlStorage;
  readonly #outbox: Outbox;
  readonly #timers: Timers;
  readonly #calls: ConsoleCalls;

  constructor(sql: SqlStorage, of: { outbox: Outbox; timers: Timers; calls: ConsoleCalls }) {
    this.#sql = sql;
    this.#outbox = of.outbox;
    this.#timers = of.timers;
    this.#calls = of.calls;
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
    const mail: MailJob[] = [];
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
        case "console_called":
          this.#calls.add(event.call, head.seq, Date.now());
          break;
        case "notice_given":
          if (head.account) mail.push(mailTo(head.account, event.notice));
          break;
        case "alert_raised":
          log("error", "alert", { ...event.alert });
          rows.push({ table: "alerts", row: event.alert });
          break;
      }
    }
    head = this.#tell(head, rows);
    if (settlements.length > 0) this.#outbox.add("coupons", head.seq, settlements);
    if (mail.length > 0) this.#outbox.add("mail", head.seq, mail);
    head = { ...head, mails: head.mails + mail.length };
    writeHead(this.#sql, head);
    return head.seq;
  }

  /** A call that died is listed for operations, with an alert. */
  recordDeadCall(call: DeadCall, atMs: number): void {
    const { resource, sequence } = call;
    const alert = {
      key: `call:${resource}:${sequence}`,
      kind: "console_call_dead",
      subject: resource,
      atMs,
    } as const;
    log("error", "alert", alert);
    this.#project([
      { table: "alerts", row: alert },
      { table: "dead_calls", row: { ...call, atMs } },
    ]);
  }

  /** A dead call was tried again or given up: it is listed no longer. */
  recordResolvedCall(resource: ResourceId): void {
    this.#project([{ table: "dead_calls", row: { resource, isResolved: true } }]);
  }

  /**
   * Tells the read side everything anew, in an epoch that outranks whatever was told before. `documents` is the
   * highest document number it has ever seen: numbers that were given out are never given out again.
   */
  retell(epoch: number, documents: number): void {
    const head = this.head();
    const rows = this.projectedRows();
    const chunks = Math.max(1, Math.ceil(rows.length / RETOLD_ROWS));
    const dueAtMs = this.#timers.earliestDueAtMs();
    this.#outbox.clear("projection");
    for (let chunk = 0; chunk < chunks; chunk += 1) {
      const seq = head.seq + 1 + chunk;
      const told = rows.slice(chunk * RETOLD_ROWS, (chunk + 1) * RETOLD_ROWS);
      this.#outbox.add("projection", seq, {
        seq,
        dueAtMs,
        rows: told,
        ...(chunk === 0 ? { isFresh: true } : {}),
      });
    }
    const seq = head.seq + chunks;
    writeHead(this.#sql, {
      ...head,
      epoch,
      seq,
      documents: Math.max(head.documents, documents),
      indexedDueAtMs: dueAtMs,
    });
  }

  /** Every row the read side should have of this account, in a fixed order. */
  projectedRows(): ProjectedRow[] {
    const { account } = this.head();
    const { invoices, payments } = this.books();
    return [
      ...(account ? [{ table: "accounts", row: account } as const] : []),
      ...invoices.map((row) => ({ table: "invoices", row }) as const),
      ...payments.map((row) => ({ table: "payments", row }) as const),
      ...this.#creditRows().map((row) => ({ table: "credit_transactions", row }) as const),
    ];
  }

  #creditRows(): CreditRow[] {
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

  removeTimer({ kind, key }: Timer): void {
    this.#timers.set(kind, key, null);
  }

  #project(rows: readonly ProjectedRow[]): void {
    const head = this.head();
    writeHead(this.#sql, this.#tell({ ...head, seq: head.seq + 1 }, rows));
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
