import type { Account, Caller } from "../../src/domain/account.ts";
import type { Attempt, AttemptId } from "../../src/domain/attempts/attempt.ts";
import type { FiledCallback } from "../../src/domain/attempts/callback.ts";
import type { AutoTopUp } from "../../src/domain/auto-top-up/auto-top-up.ts";
import { type Collection, NO_COLLECTION } from "../../src/domain/bills/collection.ts";
import { type Budget, costAtMs, costOf, isWithin } from "../../src/domain/budget/budget.ts";
import type { Span } from "../../src/domain/calendar.ts";
import type { ConsoleCall } from "../../src/domain/console-call.ts";
import type { CreditNote } from "../../src/domain/credit-note.ts";
import { type AnswerTo, type Command, decide } from "../../src/domain/decide.ts";
import type { Context, Done } from "../../src/domain/decision.ts";
import type { DomainError } from "../../src/domain/errors.ts";
import type { Event, EventOf } from "../../src/domain/events.ts";
import type { CallbackId, InvoiceCode, OrderId, PaymentId, ResourceId } from "../../src/domain/ids.ts";
import type { Books } from "../../src/domain/invariants/books.ts";
import type { Invoice } from "../../src/domain/invoice.ts";
import {
  type Balances,
  type CreditEntry,
  creditEntryOf,
  type LedgerTransaction,
  type PocEntry,
  pocEntryOf,
  post,
} from "../../src/domain/ledger.ts";
import { milestonesAhead } from "../../src/domain/lifecycle/schedule.ts";
import type { LinkedAccount, LinkedAccountId } from "../../src/domain/linking/linked-account.ts";
import { money, sum } from "../../src/domain/money.ts";
import type { Notice } from "../../src/domain/notice.ts";
import type { Order } from "../../src/domain/order.ts";
import type { Payment } from "../../src/domain/payment.ts";
import type { PocWallet } from "../../src/domain/poc/wallet.ts";
import type { RefundId, SourceRefund } from "../../src/domain/refunds/source-refund.ts";
import type { Resource } from "../../src/domain/resource.ts";
import type { AccountState } from "../../src/domain/state.ts";
import { accountOf } from "./samples.ts";

export const OWNER: Caller = { role: "user" };
export const ADMIN: Caller = { role: "admin" };

/** An account kept in memory: it applies what a command made true, and keeps what is only ever appended. */
export class MemoryState implements AccountState {
  account: Account | null;
  balances: Balances;
  pocWallet: PocWallet | null = null;
  readonly orders = new Map<OrderId, Order>();
  readonly resources = new Map<ResourceId, Resource>();
  readonly payments = new Map<PaymentId, Payment>();
  readonly attempts = new Map<PaymentId, Attempt>();
  readonly callbacks = new Map<CallbackId, FiledCallback>();
  readonly refunds = new Map<PaymentId, SourceRefund>();
  autoTopUp: AutoTopUp | null = null;
  topUpsWanted = 0;
  budget: Budget | null = null;
  readonly links = new Map<LinkedAccountId, LinkedAccount>();
  readonly queries: (AttemptId | LinkedAccountId | RefundId)[] = [];
  readonly invoices: Invoice[] = [];
  collection: Collection = NO_COLLECTION;
  readonly creditNotes: CreditNote[] = [];
  readonly transactions: LedgerTransaction[] = [];
  readonly creditHistory: CreditEntry[] = [];
  readonly pocHistory: PocEntry[] = [];
  readonly couponsSettled: Omit<EventOf<"coupon_settled">, "type">[] = [];
  readonly alerts: EventOf<"alert_raised">["alert"][] = [];
  readonly calls: ConsoleCall[] = [];
  readonly notices: Notice[] = [];

  constructor(account: Account | null = accountOf(), availableMinor = 0) {
    this.account = account;
    this.balances = availableMinor > 0 ? { credit_available: money(availableMinor) } : {};
  }

  get counts() {
    return {
      documents: this.invoices.length + this.creditNotes.length,
      payments: this.payments.size,
      resources: this.resources.size,
    };
  }

  order = (id: OrderId) => this.orders.get(id) ?? null;
  resource = (id: ResourceId) => this.resources.get(id) ?? null;
  payment = (id: PaymentId) => this.payments.get(id) ?? null;
  attempt = (id: PaymentId) => this.attempts.get(id) ?? null;
  refund = (id: PaymentId) => this.refunds.get(id) ?? null;
  renewalsBy = (atMs: number) =>
    [...this.resources.values()].filter((resource) => {
      const [next] = this.account ? milestonesAhead(resource, this.account) : [];
      return next?.kind === "renewal" && next.atMs <= atMs;
    });
  invoicedIn = (span: Span) =>
    sum([...this.invoices, ...this.creditNotes].filter((one) => isWithin(costAtMs(one), span)).map(costOf));
  linkedAccount = (id: LinkedAccountId) => this.links.get(id) ?? null;
  linkedAccounts = () =>
    [...this.links.values()].filter(({ status }) => status !== "removed").sort((a, b) => a.n - b.n);
  callback = (id: CallbackId) => this.callbacks.get(id) ?? null;
  invoice = (code: InvoiceCode) => this.invoices.find((invoice) => invoice.code === code) ?? null;
  suspendedForCredit = () =>
    [...this.resources.values()].filter(({ hold }) => hold?.resumesAs != null).sort((a, b) => a.n - b.n);
  pocResources = () => [...this.resources.values()].filter(({ billing }) => billing === "poc");
  unpaidBills = () => this.invoices.filter(({ status }) => status !== "paid");
  billAttempts = () =>
    [...this.attempts.values()].filter(({ hasLetGo, pays }) => !hasLetGo && pays?.kind === "bills");
  usedResources = () =>
    [...this.resources.values()].filter(({ segments, closed }) => segments.length > 0 || closed !== null);
  hasLiveResources = () =>
    [...this.resources.values()].some(
      ({ state, segments, closed }) => state !== "deleted" || segments.length > 0 || closed !== null,
    );

  /** What an audit looks at. */
  books(): Books {
    const { balances, pocWallet, counts, invoices, creditNotes, transactions: ledger } = this;
    const [orders, resources, payments] = [this.orders, this.resources, this.payments].map((map) => [
      ...map.values(),
    ]) as [Order[], Resource[], Payment[]];
    const [attempts, refunds] = [[...this.attempts.values()], [...this.refunds.values()]];
    return {
      balances,
      pocWallet,
      counts,
      ledger,
      orders,
      resources,
      payments,
      attempts,
      refunds,
      invoices,
      creditNotes,
      budget: this.budget,
    };
  }

  apply(events: readonly Event[]) {
    for (const event of events) this.applyOne(event);
  }

  private applyOne(event: Event) {
    switch (event.type) {
      case "account_configured":
        this.account = event.account;
        break;
      case "money_posted":
        this.postTransaction(event.transaction);
        break;
      case "poc_wallet_changed":
        this.pocWallet = event.wallet;
        break;
      case "order_changed":
        this.orders.set(event.order.id, event.order);
        break;
      case "resource_changed":
        this.resources.set(event.resource.id, event.resource);
        break;
      case "payment_recorded":
        this.payments.set(event.payment.id, event.payment);
        break;
      case "attempt_changed":
        this.attempts.set(event.attempt.id, event.attempt);
        break;
      case "query_wanted":
        this.queries.push(event.attempt);
        break;
      case "refund_changed":
        this.refunds.set(event.refund.id, event.refund);
        break;
      case "refund_query_wanted":
        this.queries.push(event.refund);
        break;
      case "linked_account_changed":
        this.links.set(event.linkedAccount.id, event.linkedAccount);
        break;
      case "link_query_wanted":
        this.queries.push(event.link);
        break;
      case "auto_top_up_changed":
        this.autoTopUp = event.autoTopUp;
        break;
      case "budget_changed":
        this.budget = event.budget;
        break;
      case "auto_top_up_wanted":
        this.topUpsWanted += 1;
        break;
      case "callback_filed":
        this.callbacks.set(event.callback.id, event.callback);
        break;
      case "invoice_issued":
        this.invoices.push(event.invoice);
        break;
      case "invoice_annotated":
        this.annotate(event.invoice);
        break;
      case "bill_paid":
        this.pay(event.invoice);
        break;
      case "collection_ran":
        this.collection = event.collection;
        break;
      case "credit_note_issued":
        this.creditNotes.push(event.creditNote);
        break;
      case "coupon_settled":
        this.couponsSettled.push({ coupon: event.coupon, order: event.order, spent: event.spent });
        break;
      case "alert_raised":
        this.alerts.push(event.alert);
        break;
      case "console_called":
        this.calls.push(event.call);
        break;
      case "notice_given":
        this.notices.push(event.notice);
        break;
      default:
        event satisfies never;
    }
  }

  /** Only what became of an invoice may be noted on it. */
  private annotate(annotated: Invoice) {
    const index = this.invoices.findIndex(({ n }) => n === annotated.n);
    const { creditedBy, supersededBy } = annotated;
    const issued = this.invoices[index];
    if (!issued) throw new Error(`${annotated.code} was never issued`);
    const noted = { ...issued, creditedBy, supersededBy };
    if (JSON.stringify(noted) !== JSON.stringify(annotated)) throw new Error(`${annotated.code} was changed`);
    this.invoices[index] = annotated;
  }

  /** Nothing else of a bill changes when it is paid. */
  private pay(after: Invoice) {
    const index = this.invoices.findIndex(({ n }) => n === after.n);
    const before = this.invoices[index];
    if (!before) throw new Error(`${after.code} was never issued`);
    const { paid, status } = before;
    if (JSON.stringify({ ...after, paid, status }) !== JSON.stringify(before) || after.paid <= paid)
      throw new Error(`${after.code} was changed`);
    this.invoices[index] = after;
  }

  private postTransaction(transaction: LedgerTransaction) {
    const before = this.balances;
    this.balances = post(before, transaction);
    this.transactions.push(transaction);
    const entry = creditEntryOf(transaction, before, this.balances);
    if (entry) this.creditHistory.push(entry);
    const pocEntry = pocEntryOf(transaction, before, this.balances);
    if (pocEntry) this.pocHistory.push(pocEntry);
  }
}

type When = number | Context;

const contextOf = (when: When): Context => (typeof when === "number" ? { nowMs: when, caller: OWNER } : when);

/** Gives a command that must succeed, and applies it. */
export function carryOut<C extends Command>(state: MemoryState, command: C, when: When): Done<AnswerTo<C>> {
  const decided = decide(state, command, contextOf(when));
  if (!decided.ok) throw new Error(`${command.type} was refused: ${decided.error.code}`);
  if (decided.value.kind !== "done") throw new Error(`${command.type} ${decided.value.kind}`);
  state.apply(decided.value.events);
  return decided.value;
}

/** Gives a command that must be refused, and answers why. */
export function refusalOf(state: MemoryState, command: Command, when: When): DomainError {
  const decided = decide(state, command, contextOf(when));
  if (decided.ok) throw new Error(`${command.type} was not refused`);
  return decided.error;
}

export const typesOf = (events: readonly Event[]): Event["type"][] => events.map(({ type }) => type);

/** What a command posts, without the words for people. */
export const postingsOf = (events: readonly Event[]) =>
  events.flatMap((event) => {
    if (event.type !== "money_posted") return [];
    const { kind, atMs, reference, transfers } = event.transaction;
    return [
      { kind, atMs, reference, transfers: transfers.map(({ from, to, amount }) => [from, to, amount]) },
    ];
  });
