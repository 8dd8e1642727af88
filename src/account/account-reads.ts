import { DurableObject } from "cloudflare:workers";
import { type Account, type Caller, maySee } from "../domain/account.ts";
import type { Attempt } from "../domain/attempts/attempt.ts";
import { holderOf, holdersOfBills } from "../domain/attempts/let-go.ts";
import type { Charge } from "../domain/attempts/offers.ts";
import type { AutoTopUp } from "../domain/auto-top-up/auto-top-up.ts";
import { areOverdue, areSuspending, inPayingOrder, isOpenBill, totalOpen } from "../domain/bills/bill.ts";
import { type BudgetStanding, standingOf } from "../domain/budget/standing.ts";
import type { CreditNote } from "../domain/credit-note.ts";
import { type LineHold, lineHolds } from "../domain/hold/pay.ts";
import type { CreditNoteCode, InvoiceCode, OrderId, PaymentId, ResourceId } from "../domain/ids.ts";
import type { Invoice } from "../domain/invoice.ts";
import { type Balances, balanceOf } from "../domain/ledger.ts";
import type { LinkedAccount, LinkedAccountId } from "../domain/linking/linked-account.ts";
import { DAY_MS } from "../domain/local-time.ts";
import type { DayReading } from "../domain/metering/reading.ts";
import { meteredAs } from "../domain/metering/usage-event.ts";
import { add, sum, ZERO } from "../domain/money.ts";
import { monthOf } from "../domain/month.ts";
import { type Order, statusAt, toPayForOrder } from "../domain/order.ts";
import type { PocWallet } from "../domain/poc/wallet.ts";
import { foreseenMonth, measuredIn } from "../domain/present-month.ts";
import type { RefundId, SourceRefund } from "../domain/refunds/source-refund.ts";
import type { Resource } from "../domain/resource.ts";
import { meteredSpan, needsMeters, unbilledUse } from "../domain/unbilled.ts";
import type { UsedMonth } from "../domain/usage.ts";
import { migrate } from "../store/migrate.ts";
import type {
  BillPayment,
  BillsToPay,
  Holds,
  InvoiceWithPayment,
  LinkedAccounts,
  MeteredService,
  OverdueBills,
  RecordedAttempt,
  RefundWithPayment,
  ResourceUse,
  Usage,
} from "./answers.ts";
import { Meters } from "./meters.ts";
import { ACCOUNT_MIGRATIONS } from "./migrations.ts";
import { AccountTables } from "./tables.ts";

/** People are told of so many attempts to pay an order. */
const ATTEMPTS_TOLD = 10;
/** For so long it is told which linked accounts their gateways ended. */
const GONE_TOLD_MS = 30 * DAY_MS;
/** So many unpaid orders, and bills, are offered to be paid. */
const UNPAID_LIMIT = 20;
/** So many overdue bills are named, to be paid at once. */
const OVERDUE_NAMED = 50;

/**
 * What an account's object can be asked. Each answer is one synchronous look at its own tables, so none shows a
 * command half done; what a caller may not see is null, as if it weren't there.
 */
export abstract class AccountReads extends DurableObject<Env> {
  protected readonly tables: AccountTables;
  protected readonly meters: Meters;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, ACCOUNT_MIGRATIONS);
    this.tables = new AccountTables(ctx.storage.sql);
    this.meters = new Meters(env, this.tables);
  }

  async account(): Promise<Account | null> {
    return this.tables.head().account;
  }

  async balances(): Promise<{
    account: Account;
    balances: Balances;
    pocWallet: PocWallet | null;
  } | null> {
    const { account, balances, pocWallet } = this.tables.head();
    return account && { account, balances, pocWallet };
  }

  async order(id: OrderId, caller: Caller, nowMs: number): Promise<Order | null> {
    const order = this.tables.order(id);
    return order && maySee(caller, order.product) ? { ...order, status: statusAt(order, nowMs) } : null;
  }

  async resource(id: ResourceId, caller: Caller): Promise<Resource | null> {
    const resource = this.tables.resource(id);
    return resource && maySee(caller, resource.product) ? resource : null;
  }

  async resources(caller: Caller): Promise<Resource[]> {
    return this.tables.resources().filter(({ product }) => maySee(caller, product));
  }

  /** What usage events about these resources must know; null where there is no such account. */
  async metered(ids: readonly ResourceId[], caller: Caller): Promise<MeteredService | null> {
    const { account } = this.tables.head();
    if (!account) return null;
    const found = ids.flatMap((id) => this.tables.resource(id) ?? []);
    const seen = found.filter(({ product }) => maySee(caller, product));
    const resources = seen.map((resource) => meteredAs(resource, account.currency));
    return { timeZone: account.timeZone, resources };
  }

  /** What an order takes now, and the credit that could pay for it: what it holds itself is among that. */
  async charge(id: OrderId): Promise<Charge | null> {
    const order = this.tables.order(id);
    if (!order) return null;
    const state = this.tables.state();
    const available = balanceOf(state.balances, "credit_available");
    const held = holderOf(state, order)?.held ?? ZERO;
    return { toPay: toPayForOrder(order), available: add(available, held), currency: order.currency };
  }

  /** What confirming an order would hold now, line by line; null for orders that nothing is held for. */
  async holdsFor(id: OrderId, nowMs: number): Promise<LineHold[] | null> {
    const readings: Record<ResourceId, readonly DayReading[]> = {};
    for (;;) {
      const order = this.tables.order(id);
      if (order?.billing !== "hold" || order.status !== "awaiting_payment") return null;
      const holds = lineHolds(this.tables.state(), order, readings, nowMs);
      if (!("kind" in holds)) return holds;
      readings[holds.resource] = await this.meters.readings(holds.resource, holds.span);
    }
  }

  async attempt(id: PaymentId): Promise<RecordedAttempt | null> {
    const [attempt, payment] = [this.tables.attempt(id), this.tables.payment(id)];
    return attempt && payment && { attempt, payment };
  }

  /** The latest attempts to pay an order, newest first. */
  async attemptsAt(order: OrderId): Promise<RecordedAttempt[]> {
    const ids = this.tables.order(order)?.attempts.slice(-ATTEMPTS_TOLD).reverse() ?? [];
    return (await Promise.all(ids.map((id) => this.attempt(id)))).flatMap((found) => found ?? []);
  }

  async linkedAccount(id: LinkedAccountId): Promise<LinkedAccount | null> {
    return this.tables.linkedAccount(id);
  }

  async autoTopUp(): Promise<AutoTopUp | null> {
    return this.tables.autoTopUp();
  }

  /** Those that something sealed is kept of. */
  async linksWithTokens(): Promise<LinkedAccount[]> {
    return this.tables.linksWithTokens();
  }

  /** Those that weren't removed, in the order in which they were begun; those their gateways ended; what a new one could pay. */
  async linkedAccounts(nowMs: number): Promise<LinkedAccounts> {
    const linked = this.tables.linkedAccounts();
    const unpaid = this.tables.unpaidOrders(nowMs, UNPAID_LIMIT);
    const bills = inPayingOrder(this.tables.unpaidBills()).slice(0, UNPAID_LIMIT);
    return { linked, gone: this.tables.goneAccounts(nowMs - GONE_TOLD_MS), unpaid, bills };
  }

  /** The bills that are to be paid first, and how many there are. */
  async billsToPayFirst(): Promise<{ bills: Invoice[]; count: number }> {
    const bills = inPayingOrder(this.tables.unpaidBills());
    return { bills: bills.slice(0, UNPAID_LIMIT), count: bills.length };
  }

  /** The attempts to pay an order that their gateways have said nothing final about, oldest first. */
  async openAttempts(order: OrderId): Promise<Attempt[]> {
    return this.tables.openAttempts(order);
  }

  /** The same of attempts to pay one of some bills. */
  async openBillAttempts(bills: readonly InvoiceCode[]): Promise<Attempt[]> {
    return this.tables.openBillAttempts(bills);
  }

  /** Those of some bills that are open. */
  async billsToPay(codes: readonly InvoiceCode[]): Promise<BillsToPay> {
    const named = [...new Set(codes)].flatMap((code) => this.tables.invoice(code) ?? []);
    const bills = inPayingOrder(named.filter(isOpenBill));
    const open = bills.map(({ code }) => code);
    const state = this.tables.state();
    const held = sum(holdersOfBills(state, open).map((holder) => holder.held));
    const available = add(balanceOf(state.balances, "credit_available"), held);
    return { bills, available, attempts: this.tables.openBillAttempts(open) };
  }

  async overdueBills(nowMs: number): Promise<OverdueBills | null> {
    const { account } = this.tables.head();
    const overdue = inPayingOrder(this.tables.unpaidBills().filter(({ dueAtMs }) => dueAtMs <= nowMs));
    if (!account || overdue.length === 0) return null;
    return {
      codes: overdue.slice(0, OVERDUE_NAMED).map(({ code }) => code),
      open: totalOpen(overdue),
      sinceMs: Math.min(...overdue.map(({ dueAtMs }) => dueAtMs)),
      isRefused: areOverdue(overdue, account, nowMs),
      isSuspended: areSuspending(overdue, account, nowMs),
    };
  }

  async billPayment(id: PaymentId): Promise<BillPayment | null> {
    const [attempt, payment] = [this.tables.attempt(id), this.tables.payment(id)];
    const codes =
      attempt?.pays?.kind === "bills"
        ? attempt.pays.bills.map(({ invoice }) => invoice)
        : (payment?.lines.flatMap(({ invoice }) => invoice ?? []) ?? []);
    if (!payment || payment.kind === "refund" || codes.length === 0) return null;
    return { payment, attempt, bills: codes.flatMap((code) => this.tables.invoice(code) ?? []) };
  }

  /** Attempts that ended since an instant, newest first. */
  async endedAttempts(sinceMs: number, limit: number): Promise<Attempt[]> {
    return this.tables.endedAttempts(sinceMs, limit);
  }

  /** A refund to a gateway. */
  async refund(id: RefundId): Promise<RefundWithPayment | null> {
    const [refund, payment] = [this.tables.refund(id), this.tables.payment(id)];
    const attempt = refund && this.tables.attempt(refund.attempt);
    const captured = refund && this.tables.payment(refund.attempt);
    if (!refund || !payment || !attempt || !captured) return null;
    const siblings = this.tables.refundsOf(attempt.id).filter((other) => other.id !== id);
    return { refund, payment, attempt, captured, siblings };
  }

  /** Refunds that ended since an instant, newest first. */
  async endedRefunds(sinceMs: number, limit: number): Promise<SourceRefund[]> {
    return this.tables.endedRefunds(sinceMs, limit);
  }

  async invoice(code: InvoiceCode): Promise<Invoice | null> {
    return this.tables.invoice(code);
  }

  async creditNote(code: CreditNoteCode): Promise<CreditNote | null> {
    return this.tables.creditNote(code);
  }

  /** An invoice with the payment that it followed. */
  async invoiceWithPayment(code: InvoiceCode): Promise<InvoiceWithPayment | null> {
    const invoice = this.tables.invoice(code);
    if (!invoice) return null;
    return { invoice, payment: invoice.payment && this.tables.payment(invoice.payment) };
  }

  /** What was used of each resource up to an instant and isn't invoiced yet, a month each. */
  async usage(toMs: number): Promise<Usage | null> {
    const { account, counts } = this.tables.head();
    if (!account) return null;
    const used: Usage["used"][number][] = [];
    const foreseen: Usage["foreseen"][number][] = [];
    for (const resource of this.tables.usedResources()) {
      const readings = needsMeters(resource)
        ? await this.meters.readings(resource.id, meteredSpan(resource, toMs))
        : [];
      for (const month of unbilledUse(resource, toMs, account, readings))
        used.push({ resource, used: month });
      const month = foreseenMonth(resource, toMs, account, readings);
      if (month) foreseen.push({ resource, month });
    }
    const total = sum(used.map(({ used: { total } }) => total));
    return { account, used, total, foreseen, documents: counts.documents };
  }

  /** The use of a resource in the present month, with what its meters say; null where nothing of it is billed by its use. */
  async resourceUse(id: ResourceId, caller: Caller, nowMs: number): Promise<ResourceUse | null> {
    const resource = await this.resource(id, caller);
    const { account } = this.tables.head();
    if (!account || !resource || (resource.billing !== "hold" && resource.billing !== "postpaid"))
      return null;
    const readings = needsMeters(resource)
      ? await this.meters.readings(id, meteredSpan(resource, nowMs))
      : [];
    const month = monthOf(nowMs, account.timeZone);
    const isOfMonth = (used: UsedMonth) => used.month.startMs === month.startMs;
    return {
      ...{ account, resource, month },
      used: unbilledUse(resource, nowMs, account, readings).find(isOfMonth) ?? null,
      foreseen: foreseenMonth(resource, nowMs, account, readings),
      meters: measuredIn(resource.segments, { startMs: month.startMs, endMs: nowMs }, account, readings),
    };
  }

  /** What credit is held for, the oldest resource first. */
  async holds(): Promise<Holds | null> {
    const { account, balances } = this.tables.head();
    if (!account) return null;
    const resources = this.tables.heldResources();
    return {
      ...{ account, resources },
      total: balanceOf(balances, "credit_held"),
      missing: sum(resources.map(({ hold }) => hold.missing)),
      payments: this.tables.holdingAttempts().filter(({ held }) => held > 0),
    };
  }

  /** What the month has cost so far, and what of it was meant to be spent; null where there is no such account. */
  async budget(nowMs: number): Promise<BudgetStanding | null> {
    const usage = await this.usage(nowMs);
    if (!usage) return null;
    const { account, used } = usage;
    const month = monthOf(nowMs, account.timeZone);
    const invoiced = this.tables.invoicedIn(month);
    const [budget, resources] = [this.tables.budget(), this.tables.resources()];
    return standingOf({ account, budget, month, invoiced, used, resources }, nowMs);
  }
}
