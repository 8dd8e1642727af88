import { DurableObject } from "cloudflare:workers";
import { type Account, type Caller, maySee } from "../domain/account.ts";
import type { Attempt } from "../domain/attempts/attempt.ts";
import { holderOf, holdersOfBills } from "../domain/attempts/let-go.ts";
import type { Charge } from "../domain/attempts/offers.ts";
import type { AutoTopUp } from "../domain/auto-top-up/auto-top-up.ts";
import { inPayingOrder, isOpenBill } from "../domain/bills/bill.ts";
import type { Span } from "../domain/calendar.ts";
import type { Product } from "../domain/catalogue.ts";
import type { CreditNote } from "../domain/credit-note.ts";
import type {
  CreditNoteCode,
  InvoiceCode,
  OrderId,
  PaymentId,
  ProductId,
  ResourceId,
} from "../domain/ids.ts";
import { type Violation, violations } from "../domain/invariants.ts";
import type { Invoice } from "../domain/invoice.ts";
import { type Balances, balanceOf } from "../domain/ledger.ts";
import type { LinkedAccount, LinkedAccountId } from "../domain/linking/linked-account.ts";
import { DAY_MS } from "../domain/local-time.ts";
import { LocalDays } from "../domain/metering/local-days.ts";
import type { DayReading } from "../domain/metering/reading.ts";
import { type MeteredResource, meteredAs } from "../domain/metering/usage-event.ts";
import { add, type Money, sum, ZERO } from "../domain/money.ts";
import { type Order, statusAt, toPayForOrder } from "../domain/order.ts";
import type { Payment } from "../domain/payment.ts";
import type { PocWallet } from "../domain/poc/wallet.ts";
import type { RefundId, SourceRefund } from "../domain/refunds/source-refund.ts";
import type { Resource } from "../domain/resource.ts";
import { isMetered, type UsedMonth, usedMonths } from "../domain/usage.ts";
import { describeError, log } from "../observability/log.ts";
import { currentProduct } from "../store/catalogue.ts";
import { simulatedNowMs } from "../store/clock.ts";
import { migrate } from "../store/migrate.ts";
import type { ProjectedRow } from "../store/projection.ts";
import { usageObject } from "../usage/usage-object.ts";
import { Alarm, WATCHDOG_MS } from "./alarm.ts";
import { type Actor, type AuditEntry, AuditTrail } from "./audit-trail.ts";
import type { CommandRequest, Outcome } from "./client.ts";
import { CommandRunner } from "./command-runner.ts";
import { type CallOutcome, ConsoleCalls, type PendingCall } from "./console-calls.ts";
import { type CouponStanding, CouponUse } from "./coupon-use.ts";
import { Delivery } from "./delivery.ts";
import { type DueRun, DueWork } from "./due-work.ts";
import { IdempotencyKeys, type KeyedRequest, type KeyUse } from "./idempotency.ts";
import { ACCOUNT_MIGRATIONS } from "./migrations.ts";
import { Outbox } from "./outbox.ts";
import { type PortalSession, PortalSessions } from "./portal-sessions.ts";
import { ReadSide } from "./read-side.ts";
import { Recorder } from "./recorder.ts";
import { AccountTables } from "./tables.ts";
import { Timers } from "./timers.ts";

/** People are told of so many attempts to pay an order. */
const ATTEMPTS_TOLD = 10;
/** For so long it is told which linked accounts their gateways ended. */
const GONE_TOLD_MS = 30 * DAY_MS;
/** Unpaid orders that are offered to be paid together. */
const UNPAID_LIMIT = 20;

/** What the read side should hold of an account, how far it was told, and when time next matters. */
export interface Projection {
  readonly epoch: number;
  readonly seq: number;
  readonly dueAtMs: number | null;
  readonly rows: readonly ProjectedRow[];
}

/** An attempt to pay, with its row of the payment history. */
export interface RecordedAttempt {
  readonly attempt: Attempt;
  readonly payment: Payment;
}

/** Open bills in the order in which they are paid. */
export interface BillsToPay {
  readonly bills: readonly Invoice[];
  /** The credit that could pay them: what attempts to pay them hold is among that. */
  readonly available: Money;
  /** What was begun at gateways to pay them, and isn't decided yet. */
  readonly attempts: readonly Attempt[];
}

/** A payment of bills, and what was paid, or is to be. */
export interface BillPayment {
  readonly payment: Payment;
  /** What was to bring the money; null where nothing was needed. */
  readonly attempt: Attempt | null;
  readonly bills: readonly Invoice[];
}

/** The linked accounts there are, the latest that are no more, and the unpaid orders that one could pay. */
export interface LinkedAccounts {
  readonly linked: LinkedAccount[];
  readonly gone: LinkedAccount[];
  readonly unpaid: Order[];
}

/** A document, the minutes that its order line was priced for, and the payment that it followed. */
export interface InvoiceWithOrigin {
  readonly invoice: Invoice;
  readonly billedMinutes: number | null;
  readonly payment: Payment | null;
}

/** A refund with what it is about: `payment` is its own row, `captured` the row of what it gives back. */
export interface RefundWithPayment {
  readonly refund: SourceRefund;
  readonly payment: Payment;
  readonly attempt: Attempt;
  readonly captured: Payment;
  /** The other refunds of the same payment. */
  readonly siblings: readonly SourceRefund[];
}

/** Resources as usage events see them, and the zone that their days are counted in. */
export interface MeteredService {
  readonly timeZone: string;
  readonly resources: readonly MeteredResource[];
}

/** What will be billed by and by. */
export interface Usage {
  readonly account: Account;
  readonly used: readonly { readonly resource: Resource; readonly used: UsedMonth }[];
  readonly total: Money;
}

/**
 * One customer's account: the single writer of its money, orders, resources and documents. Every command is decided
 * and recorded in one synchronous stretch, so commands never see each other half done.
 */
export class AccountObject extends DurableObject<Env> {
  readonly #timers: Timers;
  readonly #calls: ConsoleCalls;
  readonly #tables: AccountTables;
  readonly #readSide: ReadSide;
  readonly #keys: IdempotencyKeys;
  readonly #trail: AuditTrail;
  readonly #sessions: PortalSessions;
  readonly #coupons: CouponUse;
  readonly #alarm: Alarm;
  readonly #commands: CommandRunner;
  readonly #dueWork: DueWork;
  readonly #delivery: Delivery;
  /** Whether a sandbox's clock was set when last heard of: business timers then don't wake this object. */
  #isSimulated = false;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const { sql } = ctx.storage;
    migrate(ctx.storage, ACCOUNT_MIGRATIONS);
    const outbox = new Outbox(sql);
    this.#timers = new Timers(sql);
    this.#calls = new ConsoleCalls(sql);
    this.#tables = new AccountTables(sql);
    this.#readSide = new ReadSide({ tables: this.#tables, outbox, timers: this.#timers, calls: this.#calls });
    this.#keys = new IdempotencyKeys(sql);
    this.#trail = new AuditTrail(sql);
    this.#sessions = new PortalSessions(sql);
    this.#coupons = new CouponUse(env);
    this.#delivery = new Delivery(env, {
      tables: this.#tables,
      outbox,
      calls: this.#calls,
      coupons: this.#coupons,
      failed: () => this.#attempt("alarm", async () => this.#alarm.rearm()),
    });
    this.#alarm = new Alarm(ctx.storage, () => ({
      failures: this.#delivery.failures,
      outboxWaits: outbox.waits(),
      callDueAtMs: this.#calls.nextDueAtMs(),
      businessDueAtMs: this.#isSimulated ? null : this.#timers.earliestDueAtMs(),
    }));
    const recorder = new Recorder({
      tables: this.#tables,
      timers: this.#timers,
      calls: this.#calls,
      readSide: this.#readSide,
      outbox,
    });
    this.#commands = new CommandRunner({
      tables: this.#tables,
      recorder,
      keys: this.#keys,
      coupons: this.#coupons,
      trail: this.#trail,
      alarm: this.#alarm,
      readings: ({ resource, span }) => this.#readings(resource, span),
      afterwards: (work) => ctx.waitUntil(work),
    });
    this.#dueWork = new DueWork({
      tables: this.#tables,
      recorder,
      timers: this.#timers,
      alarm: this.#alarm,
      prices: (product) => this.#prices(product),
      readings: ({ resource, span }) => this.#readings(resource, span),
    });
    ctx.blockConcurrencyWhile(() => this.#alarm.load());
  }

  /** Gives the account a command. The answer is final and recorded, and waits a little for the read side. */
  async execute(request: CommandRequest): Promise<Outcome<unknown>> {
    this.#isSimulated = request.simulatedNowMs !== null;
    const outcome = await this.#commands.run(request);
    await this.#delivery.settled();
    return outcome;
  }

  /** The same, for callers who can't wait: the read side is told while they go on. */
  async hear(request: CommandRequest): Promise<Outcome<unknown>> {
    this.#isSimulated = request.simulatedNowMs !== null;
    const outcome = await this.#commands.run(request);
    this.ctx.waitUntil(this.#delivery.settled());
    return outcome;
  }

  /** Whether a key is new, or was used for this request, or for another. */
  async keyUse(keyed: KeyedRequest): Promise<KeyUse> {
    return this.#keys.find(keyed).kind;
  }

  /** Remembers a request that had its effect elsewhere, after it had it. */
  async rememberKey(keyed: KeyedRequest): Promise<void> {
    if (this.#keys.find(keyed).kind === "new") this.#keys.add(keyed, { kind: "done" }, Date.now());
  }

  /** Does what is due at or before `nowMs`, one thing after another, each as of its own instant. */
  async runDue(nowMs: number, isSimulated: boolean): Promise<{ ran: DueRun[]; more: boolean }> {
    this.#isSimulated = isSimulated;
    const done = await this.#dueWork.run(nowMs);
    this.#alarm.transaction(() => this.#readSide.reindexDue());
    await this.#delivery.settled();
    return done;
  }

  async account(): Promise<Account | null> {
    return this.#tables.head().account;
  }

  async balances(): Promise<{
    account: Account;
    balances: Balances;
    pocWallet: PocWallet | null;
  } | null> {
    const { account, balances, pocWallet } = this.#tables.head();
    return account && { account, balances, pocWallet };
  }

  async order(id: OrderId, caller: Caller, nowMs: number): Promise<Order | null> {
    const order = this.#tables.order(id);
    return order && maySee(caller, order.product) ? { ...order, status: statusAt(order, nowMs) } : null;
  }

  async resource(id: ResourceId, caller: Caller): Promise<Resource | null> {
    const resource = this.#tables.resource(id);
    return resource && maySee(caller, resource.product) ? resource : null;
  }

  async resources(caller: Caller): Promise<Resource[]> {
    return this.#tables.resources().filter(({ product }) => maySee(caller, product));
  }

  /** What usage events about these resources must know; null where there is no such account. */
  async metered(ids: readonly ResourceId[], caller: Caller): Promise<MeteredService | null> {
    const { account } = this.#tables.head();
    const found = ids.flatMap((id) => this.#tables.resource(id) ?? []);
    const resources = found.filter(({ product }) => maySee(caller, product)).map(meteredAs);
    return account && { timeZone: account.timeZone, resources };
  }

  /** What an order takes now, and the credit that could pay for it: what it holds itself is among that. */
  async charge(id: OrderId): Promise<Charge | null> {
    const order = this.#tables.order(id);
    if (!order) return null;
    const state = this.#tables.state();
    const available = balanceOf(state.balances, "credit_available");
    const held = holderOf(state, order)?.held ?? ZERO;
    return { toPay: toPayForOrder(order), available: add(available, held), currency: order.currency };
  }

  async attempt(id: PaymentId): Promise<RecordedAttempt | null> {
    const [attempt, payment] = [this.#tables.attempt(id), this.#tables.payment(id)];
    return attempt && payment && { attempt, payment };
  }

  /** The latest attempts to pay an order, newest first. */
  async attemptsAt(order: OrderId): Promise<RecordedAttempt[]> {
    const ids = this.#tables.order(order)?.attempts.slice(-ATTEMPTS_TOLD).reverse() ?? [];
    return (await Promise.all(ids.map((id) => this.attempt(id)))).flatMap((found) => found ?? []);
  }

  async linkedAccount(id: LinkedAccountId): Promise<LinkedAccount | null> {
    return this.#tables.linkedAccount(id);
  }

  async autoTopUp(): Promise<AutoTopUp | null> {
    return this.#tables.autoTopUp();
  }

  /** Those that something sealed is kept of. */
  async linksWithTokens(): Promise<LinkedAccount[]> {
    return this.#tables.linksWithTokens();
  }

  /** Those that weren't removed, in the order in which they were begun; those their gateways ended; what a new one could pay. */
  async linkedAccounts(nowMs: number): Promise<LinkedAccounts> {
    const linked = this.#tables.linkedAccounts();
    const unpaid = this.#tables.unpaidOrders(nowMs, UNPAID_LIMIT);
    return { linked, gone: this.#tables.goneAccounts(nowMs - GONE_TOLD_MS), unpaid };
  }

  /** The attempts to pay an order that their gateways have said nothing final about, oldest first. */
  async openAttempts(order: OrderId): Promise<Attempt[]> {
    return this.#tables.openAttempts(order);
  }

  /** The same of attempts to pay one of some bills. */
  async openBillAttempts(bills: readonly InvoiceCode[]): Promise<Attempt[]> {
    return this.#tables.openBillAttempts(bills);
  }

  /** Those of some bills that are open. */
  async billsToPay(codes: readonly InvoiceCode[]): Promise<BillsToPay> {
    const named = [...new Set(codes)].flatMap((code) => this.#tables.invoice(code) ?? []);
    const bills = inPayingOrder(named.filter(isOpenBill));
    const open = bills.map(({ code }) => code);
    const state = this.#tables.state();
    const held = sum(holdersOfBills(state, open).map((holder) => holder.held));
    const available = add(balanceOf(state.balances, "credit_available"), held);
    return { bills, available, attempts: this.#tables.openBillAttempts(open) };
  }

  async billPayment(id: PaymentId): Promise<BillPayment | null> {
    const [attempt, payment] = [this.#tables.attempt(id), this.#tables.payment(id)];
    const codes =
      attempt?.pays?.kind === "bills"
        ? attempt.pays.bills.map(({ invoice }) => invoice)
        : (payment?.lines.flatMap(({ invoice }) => invoice ?? []) ?? []);
    if (!payment || payment.kind === "refund" || codes.length === 0) return null;
    return { payment, attempt, bills: codes.flatMap((code) => this.#tables.invoice(code) ?? []) };
  }

  /** Attempts that ended since an instant, newest first. */
  async endedAttempts(sinceMs: number, limit: number): Promise<Attempt[]> {
    return this.#tables.endedAttempts(sinceMs, limit);
  }

  /** A refund to a gateway. */
  async refund(id: RefundId): Promise<RefundWithPayment | null> {
    const [refund, payment] = [this.#tables.refund(id), this.#tables.payment(id)];
    const attempt = refund && this.#tables.attempt(refund.attempt);
    const captured = refund && this.#tables.payment(refund.attempt);
    if (!refund || !payment || !attempt || !captured) return null;
    const siblings = this.#tables.refundsOf(attempt.id).filter((other) => other.id !== id);
    return { refund, payment, attempt, captured, siblings };
  }

  /** Refunds that ended since an instant, newest first. */
  async endedRefunds(sinceMs: number, limit: number): Promise<SourceRefund[]> {
    return this.#tables.endedRefunds(sinceMs, limit);
  }

  async invoice(code: InvoiceCode): Promise<Invoice | null> {
    return this.#tables.invoice(code);
  }

  async creditNote(code: CreditNoteCode): Promise<CreditNote | null> {
    return this.#tables.creditNote(code);
  }

  /** An invoice with what it came of. */
  async invoiceWithOrigin(code: InvoiceCode): Promise<InvoiceWithOrigin | null> {
    const invoice = this.#tables.invoice(code);
    if (!invoice) return null;
    const line = this.#tables
      .order(invoice.order)
      ?.quote.lines.find(({ resource }) => resource === invoice.resource);
    const payment = invoice.payment && this.#tables.payment(invoice.payment);
    return { invoice, billedMinutes: line?.billedMinutes ?? null, payment };
  }

  /** What was used of each resource up to an instant and isn't invoiced yet, a month each. */
  async usage(toMs: number): Promise<Usage | null> {
    const { account } = this.#tables.head();
    if (!account) return null;
    const used: Usage["used"][number][] = [];
    for (const resource of this.#tables.usedResources()) {
      const { id, segments } = resource;
      const span = { startMs: segments[0]?.startMs ?? toMs, endMs: toMs };
      const readings = isMetered(segments) ? await this.#readings(id, span) : [];
      for (const month of usedMonths(segments, toMs, account, readings))
        if (month.charges.length > 0) used.push({ resource, used: month });
    }
    return { account, used, total: sum(used.map(({ used: { total } }) => total)) };
  }

  /** Hands out the next call about a resource, to be delivered now and answered with `settleCall`. */
  async takeCall(resource: ResourceId): Promise<PendingCall | null> {
    return this.#calls.take(resource, Date.now());
  }

  /**
   * Records how a call went; one that failed for the last time raises an alert. Returns whether another call about the
   * resource waits.
   */
  async settleCall(resource: ResourceId, sequence: number, outcome: CallOutcome): Promise<boolean> {
    this.#alarm.transaction(() => {
      const dead = this.#calls.settle(resource, sequence, outcome, Date.now());
      if (dead) this.#readSide.tellDeadCall(dead);
    });
    await this.#delivery.settled();
    return this.#calls.waits(resource);
  }

  /** Has a dead call tried again, or given up; false where the resource's next call isn't dead. */
  async resolveDeadCall(
    resource: ResourceId,
    resolution: "retry" | "skip",
    actor: Actor,
    keyed: KeyedRequest | null,
  ): Promise<boolean> {
    const isResolved = this.#alarm.transaction(() => {
      const wasDead =
        resolution === "retry" ? this.#calls.revive(resource, Date.now()) : this.#calls.skip(resource);
      if (wasDead) {
        this.#readSide.tellResolvedCall(resource);
        this.#trail.add(actor, `${resolution}_console_call`, resource, Date.now());
        if (keyed) this.#keys.add(keyed, { kind: "done" }, Date.now());
      }
      return wasDead;
    });
    await this.#delivery.settled();
    return isResolved;
  }

  /** What a coupon's reservation is to its order. Asked by the coupon about reservations that have grown old. */
  async couponStanding(order: OrderId): Promise<CouponStanding> {
    return this.#coupons.standing(order, this.#tables.order(order), this.#tables.isHeldFor(order));
  }

  /** Every invariant this account breaks: none, unless something is badly wrong. */
  async audit(): Promise<Violation[]> {
    return violations(this.#tables.books());
  }

  /** What the read side should hold of this account. */
  async projection(): Promise<Projection> {
    await this.#delivery.settled();
    const { epoch, seq } = this.#tables.head();
    return { epoch, seq, dueAtMs: this.#timers.earliestDueAtMs(), rows: this.#readSide.rows() };
  }

  /** Tells the read side everything anew, unless a later rebuild has begun already. */
  async rebuild(epoch: number, documents: number): Promise<void> {
    if (epoch > this.#tables.head().epoch)
      this.#alarm.transaction(() => this.#readSide.retell(epoch, documents));
    await this.#delivery.settled();
  }

  /** Leaves the trail of something that is done elsewhere in the account's name; false where there is no such account. */
  async trail(actor: Actor, action: string, subject: string): Promise<boolean> {
    if (this.#tables.head().account === null) return false;
    this.#trail.add(actor, action, subject, Date.now());
    return true;
  }

  /** Begins a stay in the portal; false where its link was followed before. */
  async beginSession(session: PortalSession): Promise<boolean> {
    return this.#sessions.begin(session, Date.now());
  }

  /** A stay in the portal that goes on, with the account it is in. */
  async session(id: string): Promise<{ account: Account; session: PortalSession } | null> {
    const { account } = this.#tables.head();
    const session = this.#sessions.find(id, Date.now());
    return account && session && { account, session };
  }

  async endSession(id: string): Promise<void> {
    this.#sessions.end(id);
  }

  /** What operations and product consoles did here, newest first. */
  async auditTrail(before: number | null, limit: number): Promise<AuditEntry[]> {
    return this.#trail.list(before, limit);
  }

  /** What is on its way out: whether anything waits that could leave now, and how many mails were ever given out. */
  async traffic(): Promise<{ isQuiet: boolean; mails: number }> {
    const isQuiet = this.#delivery.isQuiet() && !this.#tables.awaitsAnswer();
    return { isQuiet, mails: this.#tables.head().mails };
  }

  override async alarm(): Promise<void> {
    const realNowMs = Date.now();
    // Armed again before any work: whatever happens below, the object wakes once more.
    this.#alarm.rang();
    await this.#attempt("delivery", () => this.#delivery.run());
    await this.#attempt("watchdog", async () => {
      this.#isSimulated = (await simulatedNowMs(this.env)) !== null;
      const dueAtMs = this.#timers.earliestDueAtMs();
      const isLate = dueAtMs !== null && dueAtMs + WATCHDOG_MS <= realNowMs;
      if (isLate && !this.#isSimulated) await this.runDue(realNowMs, false);
    });
    await this.#attempt("clean-up", async () => this.#keys.cleanUp(realNowMs));
    this.#alarm.rearm();
  }

  /** What a resource's meters say of the days of some time, and of its gauges before them. */
  async #readings(resource: ResourceId, { startMs, endMs }: Span): Promise<DayReading[]> {
    const { account } = this.#tables.head();
    if (!account) throw new Error(`${resource} has no account`);
    const days = new LocalDays(account.timeZone);
    const [from, to] = [days.at(startMs).day, days.at(endMs).day];
    const told: unknown = await usageObject(this.env, account.id).readings(resource, from, to);
    return told as DayReading[];
  }

  async #prices(id: ProductId): Promise<Product> {
    const product = await currentProduct(this.env, id);
    if (!product) throw new Error(`the catalogue has no ${id}`);
    return product;
  }

  async #attempt(work: string, run: () => Promise<unknown>): Promise<void> {
    try {
      await run();
    } catch (error) {
      log("error", "alarm_work_failed", { work, error: describeError(error) });
    }
  }
}
