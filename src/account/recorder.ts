import type { Account } from "../domain/account.ts";
import { attemptDueAtMs } from "../domain/attempts/attempt.ts";
import { autoTopUpDueAtMs } from "../domain/auto-top-up/auto-top-up.ts";
import { isOpenBill } from "../domain/bills/bill.ts";
import { billsDue, NO_COLLECTION } from "../domain/bills/collection.ts";
import { costsOf } from "../domain/costs/cost.ts";
import type { Event } from "../domain/events.ts";
import type { Invoice } from "../domain/invoice.ts";
import { balanceOf } from "../domain/ledger.ts";
import { resourceDue } from "../domain/lifecycle/schedule.ts";
import { type MailJob, mailsFor } from "../domain/notice.ts";
import { orderDueAtMs } from "../domain/order.ts";
import { pocDueAtMs } from "../domain/poc/wallet.ts";
import type { Resource } from "../domain/resource.ts";
import type { Counts } from "../domain/state.ts";
import { log } from "../observability/log.ts";
import type { ProjectedRow } from "../store/projection.ts";
import type { ConsoleCalls } from "./console-calls.ts";
import type { Head } from "./head.ts";
import type { GatewayJob } from "./jobs.ts";
import type { CouponSettlement, Outbox } from "./outbox.ts";
import { type ReadSide, resolvedCall } from "./read-side.ts";
import type { AccountTables } from "./tables.ts";
import type { Timers } from "./timers.ts";

export interface RecorderDeps {
  readonly tables: AccountTables;
  readonly timers: Timers;
  readonly calls: ConsoleCalls;
  readonly readSide: ReadSide;
  readonly outbox: Outbox;
}

/** What a command leaves for the world, gathered while its events are written. */
interface Leaving {
  readonly rows: ProjectedRow[];
  readonly settlements: CouponSettlement[];
  readonly mail: MailJob[];
  readonly queries: GatewayJob[];
}

/** Turns what a command made true into rows: the account's own, and the messages that leave it. */
export class Recorder {
  readonly #deps: RecorderDeps;

  constructor(deps: RecorderDeps) {
    this.#deps = deps;
  }

  /** Call it inside a storage transaction: all of it stands or none. */
  record(events: readonly Event[]): void {
    const { tables, outbox, readSide } = this.#deps;
    const leaving: Leaving = { rows: [], settlements: [], mail: [], queries: [] };
    const before = tables.head();
    let head: Head = { ...before, seq: before.seq + 1 };
    for (const event of events) head = this.#write(event, head, leaving);
    this.#setAutoTopUpTimer(head, events);
    const { rows, settlements, mail, queries } = leaving;
    const projection = readSide.message(head, rows);
    // Nobody is told of an order alone, and nothing counts it: the head stays as it is.
    if (!projection && events.every(({ type }) => type === "order_changed")) return;
    outbox.add(head.seq, {
      ...(projection && { projection }),
      ...(settlements.length > 0 && { coupons: settlements }),
      ...(mail.length > 0 && { mail }),
      ...(queries.length > 0 && { queries }),
    });
    const indexedDueAtMs = projection ? projection.dueAtMs : head.indexedDueAtMs;
    tables.writeHead({ ...head, indexedDueAtMs, mails: head.mails + mail.length });
  }

  #write(event: Event, head: Head, { rows, settlements, mail, queries }: Leaving): Head {
    const { tables, timers, calls } = this.#deps;
    switch (event.type) {
      case "account_configured":
        rows.push({ table: "accounts", row: event.account });
        if (head.account && head.account.billingMode !== event.account.billingMode)
          for (const resource of tables.resources()) this.#setTimer(resource, event.account);
        if (head.account) this.setBillsTimer(event.account);
        return { ...head, account: event.account };
      case "money_posted": {
        const posted = tables.ledger.append(head, event.transaction);
        rows.push(...posted.rows);
        return posted.head;
      }
      case "poc_wallet_changed":
        timers.set("poc", "wallet", head.account && pocDueAtMs(event.wallet, head.account.timeZone));
        return { ...head, pocWallet: event.wallet };
      case "order_changed":
        tables.write("orders", event.order);
        timers.set("order", event.order.id, orderDueAtMs(event.order));
        return head;
      case "resource_changed": {
        tables.write("resources", event.resource);
        if (head.account) this.#setTimer(event.resource, head.account);
        return counted(head, "resources", event.resource.n);
      }
      case "payment_recorded":
        tables.write("payments", event.payment);
        rows.push({ table: "payments", row: event.payment });
        return counted(head, "payments", event.payment.n);
      case "attempt_changed":
        tables.write("attempts", event.attempt);
        timers.set("attempt", event.attempt.id, attemptDueAtMs(event.attempt));
        return head;
      case "query_wanted":
        if (head.account)
          queries.push({ type: "query_attempt", account: head.account.id, attempt: event.attempt });
        return head;
      case "refund_changed":
        tables.write("refunds", event.refund);
        timers.set("refund", event.refund.id, event.refund.nextQueryAtMs);
        return head;
      case "refund_query_wanted":
        if (head.account)
          queries.push({ type: "query_refund", account: head.account.id, refund: event.refund });
        return head;
      case "linked_account_changed":
        tables.write("linked_accounts", event.linkedAccount);
        timers.set("link", event.linkedAccount.id, event.linkedAccount.nextQueryAtMs);
        return head;
      case "link_query_wanted":
        if (head.account) queries.push({ type: "tend_link", account: head.account.id, link: event.link });
        return head;
      case "auto_top_up_changed":
        tables.write("auto_top_ups", event.autoTopUp);
        return head;
      case "budget_changed":
        tables.write("budgets", event.budget);
        timers.set("budget", event.budget.id, event.budget.nextLookAtMs);
        return head;
      case "auto_top_up_wanted":
        if (head.account) queries.push({ type: "top_up", account: head.account.id });
        return head;
      case "callback_filed":
        tables.write("callbacks", event.callback);
        rows.push({ table: "callbacks", row: event.callback });
        return head;
      case "invoice_issued":
        tables.addDocument("invoices", event.invoice);
        rows.push({ table: "invoices", row: event.invoice }, ...this.#costs(event.invoice));
        this.#setBillTimer(event.invoice, head.account);
        return counted(head, "documents", event.invoice.n);
      case "invoice_annotated":
        tables.annotate(event.invoice);
        rows.push({ table: "invoices", row: event.invoice }, ...this.#costs(event.invoice));
        return head;
      case "bill_paid":
        // What is due for it needs no other timer: a needless one is set right when it comes.
        tables.annotate(event.invoice);
        rows.push({ table: "invoices", row: event.invoice });
        return head;
      case "collection_ran":
        tables.write("collections", event.collection);
        if (head.account) this.setBillsTimer(head.account);
        return head;
      case "credit_note_issued":
        tables.addDocument("credit_notes", event.creditNote);
        rows.push({ table: "credit_notes", row: event.creditNote });
        return counted(head, "documents", event.creditNote.n);
      case "coupon_settled":
        settlements.push({ coupon: event.coupon, order: event.order, spent: event.spent });
        return head;
      case "console_called":
        if (calls.add(event.call, head.seq, Date.now())) rows.push(resolvedCall(event.call.resource));
        return head;
      case "notice_given":
        if (head.account) mail.push(...mailsFor(head.account, event.notice));
        return head;
      case "alert_raised":
        log("error", "alert", { ...event.alert });
        tables.addAlert(event.alert);
        rows.push({ table: "alerts", row: event.alert });
        return head;
    }
  }

  /** What an invoice says of costs, with what took some of it back: that was filed before. */
  #costs(invoice: Invoice): ProjectedRow[] {
    const [code] = invoice.creditedBy;
    const note = code ? this.#deps.tables.creditNote(code) : null;
    return costsOf(invoice, note).map((row) => ({ table: "costs", row }));
  }

  /** Whatever a command did to credit or to what is renewed, credit may be low by it. */
  #setAutoTopUpTimer({ balances }: Head, events: readonly Event[]): void {
    const { tables, timers } = this.#deps;
    const autoTopUp = tables.autoTopUp();
    if (!autoTopUp) return;
    const posted = events.flatMap((event) => (event.type === "money_posted" ? [event.transaction.atMs] : []));
    const atMs = posted.length > 0 ? Math.max(...posted) : null;
    const nextRenewalAtMs = timers.nextRenewalAtMs(autoTopUp.fundedToMs);
    const available = balanceOf(balances, "credit_available");
    const due = autoTopUpDueAtMs(autoTopUp, available, { nextRenewalAtMs, atMs });
    timers.set("auto_top_up", autoTopUp.id, due);
  }

  /** When time next does something about the account's bills. */
  setBillsTimer(account: Account): void {
    const { tables, timers } = this.#deps;
    const due = billsDue(tables.unpaidBills(), account, tables.collection());
    timers.set("bills", NO_COLLECTION.id, due?.atMs ?? null, due?.turn);
  }

  /** A bill that is new only makes it earlier: months close one after another, and all bills aren't read for each. */
  #setBillTimer(bill: Invoice, account: Account | null): void {
    const { tables, timers } = this.#deps;
    const due = account && isOpenBill(bill) && billsDue([bill], account, tables.collection());
    if (due) timers.advance("bills", NO_COLLECTION.id, due.atMs, due.turn);
  }

  #setTimer(resource: Resource, account: Account): void {
    const due = resourceDue(resource, account);
    this.#deps.timers.set("resource", resource.id, due?.atMs ?? null, due?.turn);
  }
}

const counted = (head: Head, what: keyof Counts, n: number): Head => ({
  ...head,
  counts: { ...head.counts, [what]: Math.max(head.counts[what], n) },
});
