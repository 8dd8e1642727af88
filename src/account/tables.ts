import type { Attempt } from "../domain/attempts/attempt.ts";
import type { FiledCallback } from "../domain/attempts/callback.ts";
import { AUTO_TOP_UP_ID, type AutoTopUp } from "../domain/auto-top-up/auto-top-up.ts";
import { type Collection, NO_COLLECTION } from "../domain/bills/collection.ts";
import { BUDGET_ID, type Budget } from "../domain/budget/budget.ts";
import type { Span } from "../domain/calendar.ts";
import type { CreditNote } from "../domain/credit-note.ts";
import type { Alert } from "../domain/events.ts";
import type { Hold } from "../domain/hold/hold.ts";
import type { CreditNoteCode, InvoiceCode, OrderId, PaymentId, ResourceId } from "../domain/ids.ts";
import type { Books } from "../domain/invariants/books.ts";
import type { Invoice } from "../domain/invoice.ts";
import { TURN } from "../domain/lifecycle/schedule.ts";
import type { LinkedAccount, LinkedAccountId } from "../domain/linking/linked-account.ts";
import { type Money, money } from "../domain/money.ts";
import type { Order } from "../domain/order.ts";
import type { Payment } from "../domain/payment.ts";
import type { SourceRefund } from "../domain/refunds/source-refund.ts";
import type { Resource } from "../domain/resource.ts";
import type { AccountState } from "../domain/state.ts";
import { type Head, readHead, writeHead } from "./head.ts";
import { LedgerTable } from "./ledger-table.ts";

/** The tables that hold one entity a row, under its id. */
type EntityTable =
  | "collections"
  | "orders"
  | "resources"
  | "payments"
  | "attempts"
  | "refunds"
  | "callbacks"
  | "linked_accounts"
  | "auto_top_ups"
  | "budgets";
/** The tables of documents; they share one numbering. */
type DocumentTable = "invoices" | "credit_notes";

/** What the account holds, row by row. */
export class AccountTables {
  readonly ledger: LedgerTable;
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.ledger = new LedgerTable(sql);
  }

  head(): Head {
    return readHead(this.#sql);
  }

  writeHead(head: Head): void {
    writeHead(this.#sql, head);
  }

  /** What a decision may look at, as it is now. */
  state(): AccountState {
    const head = this.head();
    return {
      account: head.account,
      balances: head.balances,
      counts: head.counts,
      collection: this.collection(),
      order: (id) => this.order(id),
      resource: (id) => this.resource(id),
      payment: (id) => this.payment(id),
      attempt: (id) => this.attempt(id),
      refund: (id) => this.refund(id),
      autoTopUp: this.autoTopUp(),
      budget: this.budget(),
      invoicedIn: (span) => this.invoicedIn(span),
      renewalsBy: (atMs) => this.renewalsBy(atMs),
      linkedAccount: (id) => this.linkedAccount(id),
      linkedAccounts: () => this.linkedAccounts(),
      callback: (id) => this.#entity("callbacks", id),
      invoice: (code) => this.invoice(code),
      suspendedForCredit: () => this.#suspendedForCredit(),
      pocWallet: head.pocWallet,
      pocResources: () => this.#all<Resource>("SELECT body FROM resources WHERE body ->> 'billing' = 'poc'"),
      unpaidBills: () => this.unpaidBills(),
      billAttempts: () => this.billAttempts(),
      usedResources: () => this.usedResources(),
      hasLiveResources: () =>
        this.resources().some(
          ({ state, segments, closed }) => state !== "deleted" || segments.length > 0 || closed !== null,
        ),
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
    return this.#all<Resource>("SELECT body FROM resources ORDER BY body ->> 'n' DESC");
  }

  /** Those that were used and aren't invoiced, or may be reported of late; the oldest first. */
  usedResources(): Resource[] {
    const query = `SELECT body FROM resources
      WHERE body -> 'segments' <> '[]' OR body ->> 'closed' IS NOT NULL ORDER BY body ->> 'n'`;
    return this.#all<Resource>(query);
  }

  #suspendedForCredit(): Resource[] {
    return this.#all(
      "SELECT body FROM resources WHERE body ->> '$.hold.resumesAs' IS NOT NULL ORDER BY body ->> 'n'",
    );
  }

  invoice(code: InvoiceCode): Invoice | null {
    return this.#document<Invoice>("invoices", code);
  }

  /** What of all invoices isn't paid, oldest first. */
  unpaidBills(): Invoice[] {
    return this.#all("SELECT body FROM invoices WHERE body ->> 'status' <> 'paid' ORDER BY n");
  }

  /** How far time has done something about them. */
  collection(): Collection {
    return this.#entity("collections", NO_COLLECTION.id) ?? NO_COLLECTION;
  }

  invoices(): Invoice[] {
    return this.#all("SELECT body FROM invoices ORDER BY n");
  }

  creditNote(code: CreditNoteCode): CreditNote | null {
    return this.#document<CreditNote>("credit_notes", code);
  }

  creditNotes(): CreditNote[] {
    return this.#all("SELECT body FROM credit_notes ORDER BY n");
  }

  payment(id: PaymentId): Payment | null {
    return this.#entity("payments", id);
  }

  payments(): Payment[] {
    return this.#all("SELECT body FROM payments ORDER BY body ->> 'n'");
  }

  attempt(id: PaymentId): Attempt | null {
    return this.#entity("attempts", id);
  }

  refund(id: PaymentId): SourceRefund | null {
    return this.#entity("refunds", id);
  }

  /** Every refund of one attempt's money. */
  refundsOf(attempt: PaymentId): SourceRefund[] {
    return this.#all("SELECT body FROM refunds WHERE body ->> 'attempt' = ?", attempt);
  }

  /** Those of an order that their gateways have said nothing final about. */
  openAttempts(order: OrderId): Attempt[] {
    const ids = this.order(order)?.attempts ?? [];
    return ids.flatMap((id) => this.attempt(id) ?? []).filter(({ status }) => status === "open");
  }

  /** Those that credit is held for, or is missing for; the oldest first. */
  heldResources(): (Resource & { readonly hold: Hold })[] {
    return this.#all(
      `SELECT body FROM resources WHERE body ->> '$.hold.held' > 0 OR body ->> '$.hold.missing' > 0
         ORDER BY body ->> 'n'`,
    );
  }

  /** Those that hold something. */
  holdingAttempts(): Attempt[] {
    return this.#all("SELECT body FROM attempts WHERE body ->> 'hasLetGo' = 0 ORDER BY id");
  }

  /** Those that hold something for bills. */
  billAttempts(): Attempt[] {
    return this.#all(
      "SELECT body FROM attempts WHERE body ->> 'hasLetGo' = 0 AND body ->> '$.pays.kind' = 'bills' ORDER BY id",
    );
  }

  /** Those of some bills that their gateways have said nothing final about. */
  openBillAttempts(codes: readonly InvoiceCode[]): Attempt[] {
    return this.#all<Attempt>(
      "SELECT body FROM attempts WHERE body ->> 'status' = 'open' AND body ->> '$.pays.kind' = 'bills'",
    ).filter(
      ({ pays }) => pays?.kind === "bills" && pays.bills.some(({ invoice }) => codes.includes(invoice)),
    );
  }

  /** Whether an attempt to pay an order holds its coupon, and more. */
  isHeldFor(order: OrderId): boolean {
    return this.openAttempts(order).some(({ hasLetGo }) => !hasLetGo);
  }

  /** What ended since an instant, newest first. */
  endedAttempts(sinceMs: number, limit: number): Attempt[] {
    return this.#ended("attempts", sinceMs, limit);
  }

  endedRefunds(sinceMs: number, limit: number): SourceRefund[] {
    return this.#ended("refunds", sinceMs, limit);
  }

  autoTopUp(): AutoTopUp | null {
    return this.#entity("auto_top_ups", AUTO_TOP_UP_ID);
  }

  budget(): Budget | null {
    return this.#entity("budgets", BUDGET_ID);
  }

  /** What the documents of a span come to: bills by when it was used, all others by when they were issued. */
  invoicedIn({ startMs, endMs }: Span): Money {
    const query = `SELECT coalesce(sum(cost), 0) AS cost FROM (
        SELECT body ->> 'total' AS cost,
          CASE WHEN body ->> 'payment' IS NULL THEN body ->> '$.period.startMs' ELSE body ->> 'issuedAtMs' END AS at_ms
        FROM invoices
        UNION ALL SELECT -(body ->> 'total'), body ->> 'issuedAtMs' FROM credit_notes)
      WHERE at_ms >= ? AND at_ms < ?`;
    return money(this.#sql.exec<{ cost: number }>(query, startMs, endMs).one().cost);
  }

  renewalsBy(atMs: number): Resource[] {
    const query = `SELECT body FROM resources JOIN timers ON key = id
      WHERE kind = 'resource' AND turn LIKE ? AND due_at_ms <= ?`;
    return this.#all(query, `${TURN.renewal} %`, atMs);
  }

  linkedAccount(id: LinkedAccountId): LinkedAccount | null {
    return this.#entity("linked_accounts", id);
  }

  /** Those that weren't removed, in the order in which they were begun. */
  linkedAccounts(): LinkedAccount[] {
    const query =
      "SELECT body FROM linked_accounts WHERE body ->> 'status' <> 'removed' ORDER BY body ->> 'n'";
    return this.#all(query);
  }

  /** Those that their gateways ended since an instant, unless another one was linked there afterwards. */
  goneAccounts(sinceMs: number): LinkedAccount[] {
    const query = `SELECT body FROM linked_accounts AS gone WHERE body ->> 'failure' = 'link_gone'
      AND body ->> 'endedAtMs' >= ? AND NOT EXISTS (SELECT 1 FROM linked_accounts WHERE body ->> 'status' = 'active'
      AND body ->> 'gateway' = gone.body ->> 'gateway' AND body ->> 'createdAtMs' >= gone.body ->> 'endedAtMs')`;
    return this.#all(query, sinceMs);
  }

  /** Those that something is charged by, or that their gateways have still to hear the end of. */
  linksWithTokens(): LinkedAccount[] {
    return this.#all("SELECT body FROM linked_accounts WHERE body ->> 'token' IS NOT NULL");
  }

  /** Whether a gateway was asked about something, and its answer wasn't heard yet. */
  awaitsAnswer(): boolean {
    const query = `SELECT body FROM attempts WHERE body ->> 'isAsked' = 1
      UNION ALL SELECT body FROM linked_accounts WHERE body ->> 'isAsked' = 1
      UNION ALL SELECT body FROM auto_top_ups WHERE body ->> 'isAsked' = 1
       UNION ALL SELECT body FROM refunds WHERE body ->> 'isAsked' = 1 LIMIT 1`;
    return this.#all(query).length > 0;
  }

  /** What isn't paid, and could be at an instant; newest first. */
  unpaidOrders(nowMs: number, limit: number): Order[] {
    const query = `SELECT body FROM orders WHERE body ->> 'status' = 'awaiting_payment' AND body ->> 'expiresAtMs' > ?
      ORDER BY body ->> 'createdAtMs' DESC LIMIT ?`;
    return this.#all(query, nowMs, limit);
  }

  callbacks(): FiledCallback[] {
    return this.#all("SELECT body FROM callbacks ORDER BY id");
  }

  /** Everything there is, for an audit. */
  books(): Books {
    const { balances, counts, pocWallet } = this.head();
    return {
      balances,
      pocWallet,
      counts,
      ledger: this.ledger.transactions(),
      orders: this.#all("SELECT body FROM orders"),
      resources: this.#all("SELECT body FROM resources"),
      payments: this.payments(),
      attempts: this.#all("SELECT body FROM attempts"),
      refunds: this.#all("SELECT body FROM refunds"),
      invoices: this.invoices(),
      creditNotes: this.creditNotes(),
      budget: this.budget(),
    };
  }

  /** Writes an entity as it is now. */
  write(table: EntityTable, entity: { readonly id: string }): void {
    this.#sql.exec(
      `INSERT INTO ${table} VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body`,
      entity.id,
      JSON.stringify(entity),
    );
  }

  /** Files a document; its number must be new. */
  addDocument(table: DocumentTable, document: Invoice | CreditNote): void {
    this.#sql.exec(`INSERT INTO ${table} VALUES (?, ?)`, document.n, JSON.stringify(document));
  }

  /** What became of a document is noted on it. */
  annotate(invoice: Invoice): void {
    this.#sql.exec("UPDATE invoices SET body = ? WHERE n = ?", JSON.stringify(invoice), invoice.n);
  }

  /** Keeps an alert; one that was raised before stays as it is. */
  addAlert(alert: Alert): void {
    this.#sql.exec(
      "INSERT INTO alerts VALUES (?, ?) ON CONFLICT DO NOTHING",
      alert.key,
      JSON.stringify(alert),
    );
  }

  alerts(): Alert[] {
    return this.#all("SELECT body FROM alerts ORDER BY key");
  }

  /** By its code, whose last part is the number it is kept under. */
  #document<T extends { readonly code: string }>(table: DocumentTable, code: string): T | null {
    const n = Number(code.slice(code.lastIndexOf("-") + 1));
    const query = `SELECT body FROM ${table} WHERE n = ?`;
    const [found] = this.#all<T>(query, Number.isSafeInteger(n) ? n : 0);
    return found?.code === code ? found : null;
  }

  #ended<T>(table: "attempts" | "refunds", sinceMs: number, limit: number): T[] {
    const query = `SELECT body FROM ${table} WHERE body ->> 'endedAtMs' >= ? ORDER BY body ->> 'endedAtMs' DESC LIMIT ?`;
    return this.#all(query, sinceMs, limit);
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
