import type { Account } from "../domain/account.ts";
import type { Product } from "../domain/catalogue.ts";
import type { OrderId, ProductId, ResourceId } from "../domain/ids.ts";
import type { Violation } from "../domain/invariants/books.ts";
import { violations } from "../domain/invariants.ts";
import { describeError, log } from "../observability/log.ts";
import { currentProduct } from "../store/catalogue.ts";
import { simulatedNowMs } from "../store/clock.ts";
import type { Position } from "../store/paging.ts";
import { AccountReads } from "./account-reads.ts";
import { Alarm, WATCHDOG_MS } from "./alarm.ts";
import type { Projection } from "./answers.ts";
import { type Actor, type AuditEntry, AuditTrail } from "./audit-trail.ts";
import type { CommandRequest, Outcome } from "./client.ts";
import { CommandRunner } from "./command-runner.ts";
import { type CallOutcome, ConsoleCalls, type PendingCall } from "./console-calls.ts";
import { type CouponStanding, CouponUse } from "./coupon-use.ts";
import { Delivery } from "./delivery.ts";
import { type DueRun, DueWork } from "./due-work.ts";
import { IdempotencyKeys, type KeyedRequest, type KeyUse } from "./idempotency.ts";
import { Outbox } from "./outbox.ts";
import { type PortalSession, PortalSessions } from "./portal-sessions.ts";
import { ReadSide } from "./read-side.ts";
import { Recorder } from "./recorder.ts";
import { type Timer, Timers } from "./timers.ts";

/**
 * One customer's account: the single writer of its money, orders, resources and documents. Every command is decided
 * and recorded in one synchronous stretch, so commands never see each other half done.
 */
export class AccountObject extends AccountReads {
  readonly #timers: Timers;
  readonly #calls: ConsoleCalls;
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
    const outbox = new Outbox(sql);
    this.#timers = new Timers(sql);
    this.#calls = new ConsoleCalls(sql);
    this.#readSide = new ReadSide({ tables: this.tables, outbox, timers: this.#timers, calls: this.#calls });
    this.#keys = new IdempotencyKeys(sql);
    this.#trail = new AuditTrail(sql);
    this.#sessions = new PortalSessions(sql);
    this.#coupons = new CouponUse(env);
    this.#delivery = new Delivery(env, {
      tables: this.tables,
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
      tables: this.tables,
      timers: this.#timers,
      calls: this.#calls,
      readSide: this.#readSide,
      outbox,
    });
    this.#commands = new CommandRunner({
      tables: this.tables,
      recorder,
      keys: this.#keys,
      coupons: this.#coupons,
      trail: this.#trail,
      alarm: this.#alarm,
      readings: ({ resource, span }) => this.meters.readings(resource, span),
      afterwards: (work) => ctx.waitUntil(work),
    });
    this.#dueWork = new DueWork({
      tables: this.tables,
      recorder,
      timers: this.#timers,
      alarm: this.#alarm,
      prices: (product) => this.#prices(product),
      readings: ({ resource, span }) => this.meters.readings(resource, span),
      used: async ({ toMs }) => (await this.usage(toMs))?.used.map(({ used }) => used) ?? [],
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
    return this.#coupons.standing(order, this.tables.order(order), this.tables.isHeldFor(order));
  }

  /** Every invariant this account breaks: none, unless something is badly wrong. */
  async audit(): Promise<Violation[]> {
    return violations(this.tables.books());
  }

  /** What the read side should hold of this account. */
  async projection(): Promise<Projection> {
    await this.#delivery.settled();
    const { epoch, seq } = this.tables.head();
    return { epoch, seq, dueAtMs: this.#timers.earliestDueAtMs(), rows: this.#readSide.rows() };
  }

  /** Tells the read side everything anew, unless a later rebuild has begun already. */
  async rebuild(epoch: number, documents: number): Promise<void> {
    if (epoch > this.tables.head().epoch)
      this.#alarm.transaction(() => this.#readSide.retell(epoch, documents));
    await this.#delivery.settled();
  }

  /** Leaves the trail of something that is done elsewhere in the account's name; false where there is no such account. */
  async trail(actor: Actor, action: string, subject: string): Promise<boolean> {
    if (this.tables.head().account === null) return false;
    this.#trail.add(actor, action, subject, Date.now());
    return true;
  }

  /** Begins a stay in the portal; false where its link was followed before. */
  async beginSession(session: PortalSession): Promise<boolean> {
    return this.#sessions.begin(session, Date.now());
  }

  /** A stay in the portal that goes on, with the account it is in. */
  async session(id: string): Promise<{ account: Account; session: PortalSession } | null> {
    const { account } = this.tables.head();
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

  /** What time will have done here, earliest first, from behind a place in that list on. */
  async waitingWork(after: Position | undefined, limit: number): Promise<Timer[]> {
    return this.#timers.waiting(after, limit);
  }

  /** What is on its way out: whether anything waits that could leave now, and how many mails were ever given out. */
  async traffic(): Promise<{ isQuiet: boolean; mails: number }> {
    const isQuiet = this.#delivery.isQuiet() && !this.tables.awaitsAnswer();
    return { isQuiet, mails: this.tables.head().mails };
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
