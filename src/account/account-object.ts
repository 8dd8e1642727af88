import { DurableObject } from "cloudflare:workers";
import { type Account, type Caller, maySee } from "../domain/account.ts";
import type { DueRan } from "../domain/commands/run-order-due.ts";
import { type Command, decide } from "../domain/decide.ts";
import type { Done, NeedsCoupon } from "../domain/decision.ts";
import { type DomainError, isFinal } from "../domain/errors.ts";
import type { InvoiceCode, OrderId, ResourceId } from "../domain/ids.ts";
import { type Violation, violations } from "../domain/invariants.ts";
import type { Invoice } from "../domain/invoice.ts";
import type { Balances } from "../domain/ledger.ts";
import { type Order, statusAt } from "../domain/order.ts";
import type { Resource } from "../domain/resource.ts";
import { err, type Result } from "../domain/result.ts";
import { describeError, log } from "../observability/log.ts";
import { simulatedNowMs } from "../store/clock.ts";
import { d1Of } from "../store/database.ts";
import { migrate } from "../store/migrate.ts";
import { project } from "../store/projection.ts";
import { WATCHDOG_MS, wakeAtMs } from "./alarm.ts";
import type { CommandRequest, Outcome } from "./client.ts";
import { type CouponStanding, CouponUse } from "./coupon-use.ts";
import { type DrainDeps, drain } from "./drain.ts";
import { IdempotencyKeys, type KeyedRequest } from "./idempotency.ts";
import { InFlight } from "./in-flight.ts";
import { ACCOUNT_MIGRATIONS } from "./migrations.ts";
import { Outbox } from "./outbox.ts";
import { AccountStore } from "./store.ts";
import { type Timer, Timers } from "./timers.ts";

/** A command's answer waits this long for the read side to have it too. */
const READ_YOUR_WRITES_MS = 1_000;
/** One run does at most so many due things; the caller asks again for the rest. */
const DUE_LIMIT = 100;

type Decision = Result<Done<unknown>, DomainError>;

/** One thing that time did. */
export interface DueRun extends Timer {
  readonly ran: DueRan;
}

/**
 * One customer's account: the single writer of its money, orders, resources and documents. Every command is decided
 * and recorded in one synchronous stretch, so commands never see each other half done.
 */
export class AccountObject extends DurableObject<Env> {
  readonly #outbox: Outbox;
  readonly #timers: Timers;
  readonly #store: AccountStore;
  readonly #keys: IdempotencyKeys;
  readonly #inFlight = new InFlight<Outcome<unknown>>();
  readonly #coupons: CouponUse;
  #armedForMs: number | null = null;
  #failures = 0;
  #draining: Promise<boolean> | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const { sql } = ctx.storage;
    migrate(ctx.storage, ACCOUNT_MIGRATIONS);
    this.#outbox = new Outbox(sql);
    this.#timers = new Timers(sql);
    this.#store = new AccountStore(sql, this.#outbox, this.#timers);
    this.#keys = new IdempotencyKeys(sql);
    this.#coupons = new CouponUse(env);
    ctx.blockConcurrencyWhile(async () => {
      this.#armedForMs = await ctx.storage.getAlarm();
    });
  }

  /** Gives the account a command. The answer is final and recorded, and waits a little for the read side. */
  async execute(request: CommandRequest): Promise<Outcome<unknown>> {
    const outcome = await this.#once(request);
    await this.#settled();
    return outcome;
  }

  /** Whether this key was used for another request. Asked where a request is too broken to become a command. */
  async isKeyReused(keyed: KeyedRequest): Promise<boolean> {
    return this.#keys.find(keyed).kind === "other";
  }

  /** Does what is due at or before `nowMs`, earliest first, each as of its own instant. */
  async runDue(nowMs: number, isSimulated: boolean): Promise<{ ran: DueRun[]; more: boolean }> {
    const due = this.#timers.due(nowMs, DUE_LIMIT);
    const ran = due.flatMap((timer) => this.#runTimer(timer, nowMs, isSimulated) ?? []);
    this.ctx.storage.transactionSync(() => this.#store.reindexDue());
    await this.#settled();
    return { ran, more: due.length === DUE_LIMIT };
  }

  async account(): Promise<Account | null> {
    return this.#store.head().account;
  }

  async balances(): Promise<{ account: Account; balances: Balances } | null> {
    const { account, balances } = this.#store.head();
    return account && { account, balances };
  }

  async order(id: OrderId, caller: Caller, nowMs: number): Promise<Order | null> {
    const order = this.#store.order(id);
    return order && maySee(caller, order.product) ? { ...order, status: statusAt(order, nowMs) } : null;
  }

  async resource(id: ResourceId, caller: Caller): Promise<Resource | null> {
    const resource = this.#store.resource(id);
    return resource && maySee(caller, resource.product) ? resource : null;
  }

  async resources(caller: Caller): Promise<Resource[]> {
    return this.#store.resources().filter(({ product }) => maySee(caller, product));
  }

  async invoice(code: InvoiceCode): Promise<Invoice | null> {
    return this.#store.invoice(code);
  }

  /** What a coupon's reservation is to its order. Asked by the coupon about reservations that have grown old. */
  async couponStanding(order: OrderId): Promise<CouponStanding> {
    return this.#coupons.standing(order, this.#store.order(order));
  }

  /** Every invariant this account breaks: none, unless something is badly wrong. */
  async audit(): Promise<Violation[]> {
    return violations(this.#store.books());
  }

  override async alarm(): Promise<void> {
    const realNowMs = Date.now();
    // Armed again before any work: whatever happens below, the object wakes once more.
    this.#arm(realNowMs + WATCHDOG_MS);
    await this.#attempt("drain", () => this.#drainOnce());
    let isSimulated = true;
    await this.#attempt("watchdog", async () => {
      isSimulated = (await simulatedNowMs(this.env)) !== null;
      const dueAtMs = this.#timers.earliestDueAtMs();
      if (!isSimulated && dueAtMs !== null && dueAtMs + WATCHDOG_MS <= realNowMs)
        await this.runDue(realNowMs, false);
    });
    await this.#attempt("clean-up", async () => this.#keys.cleanUp(realNowMs));
    this.#arm(this.#wakeAtMs(isSimulated));
  }

  async #once(request: CommandRequest): Promise<Outcome<unknown>> {
    const { keyed } = request;
    if (keyed === null) return this.#perform(request);
    const replay = this.#replayOf(keyed);
    if (replay) return replay;
    const joined = await this.#inFlight.join(keyed, () => this.#perform(request));
    switch (joined.kind) {
      case "first":
        return joined.outcome;
      case "same":
        return asReplay(joined.outcome);
      case "other":
        return { kind: "key_reused" };
      case "timeout":
        return { kind: "still_running" };
    }
  }

  #replayOf(keyed: KeyedRequest): Outcome<unknown> | null {
    const found = this.#keys.find<Outcome<unknown>>(keyed);
    if (found.kind === "new") return null;
    return found.kind === "same" ? asReplay(found.outcome) : { kind: "key_reused" };
  }

  /** Synchronous for every command that needs nothing from elsewhere: then nothing comes between read and write. */
  #perform(request: CommandRequest): Outcome<unknown> | Promise<Outcome<unknown>> {
    const decided = this.#decide(request.command, request);
    if (!decided.ok) return this.#commit(request, decided);
    const { value } = decided;
    return value.kind === "done"
      ? this.#commit(request, { ok: true, value })
      : this.#payWithCoupon(request, value);
  }

  /** Reserving a use of the coupon takes a while; afterwards everything is decided anew, on the order as it was quoted. */
  async #payWithCoupon(request: CommandRequest, { coupon, order }: NeedsCoupon): Promise<Outcome<unknown>> {
    const { account } = this.#store.head();
    const { command } = request;
    if (command.type !== "pay_order" || !account) throw new Error("only a payment uses a coupon");
    const quoted = JSON.stringify(this.#store.order(order));
    const reservation = { coupon, order, account: account.id, token: command.payment };
    try {
      const refusal = await this.#coupons.reserve(reservation);
      if (refusal) return this.#commit(request, err(refusal));
      if (JSON.stringify(this.#store.order(order)) !== quoted)
        return this.#commit(request, err({ code: "order_changed" }));
      const decided = this.#decide({ ...command, reservedCoupon: coupon }, request);
      if (!decided.ok) return this.#commit(request, decided);
      if (decided.value.kind !== "done") throw new Error(`${coupon} was reserved for another order`);
      return this.#commit(request, { ok: true, value: decided.value });
    } finally {
      this.ctx.waitUntil(this.#coupons.finish(reservation, this.#store.order(order)?.payment != null));
    }
  }

  #decide(command: Command, { caller, simulatedNowMs: simulated }: CommandRequest) {
    return decide(this.#store.state(), command, { caller, nowMs: simulated ?? Date.now() });
  }

  /** Records a decision: what it made true, the answer to replay, messages, timers and alarm stand together or not at all. */
  #commit({ keyed, simulatedNowMs: simulated }: CommandRequest, decision: Decision): Outcome<unknown> {
    const outcome: Outcome<unknown> = decision.ok
      ? { kind: "answered", answer: decision.value.answer, replayed: false }
      : { kind: "refused", error: decision.error, replayed: false };
    this.#transaction(simulated !== null, () => {
      if (decision.ok && decision.value.events.length > 0) this.#store.record(decision.value.events);
      if (keyed && isReplayable(decision)) this.#keys.add(keyed, outcome, Date.now());
    });
    return outcome;
  }

  /** One transaction with the alarm it makes necessary; memory learns of the alarm only once it stands. */
  #transaction(isSimulated: boolean, write: () => void): void {
    let wakeAtMs: number | null = null;
    this.ctx.storage.transactionSync(() => {
      write();
      wakeAtMs = this.#wakeAtMs(isSimulated);
      if (this.#isEarlier(wakeAtMs)) this.ctx.storage.setAlarm(wakeAtMs);
    });
    if (this.#isEarlier(wakeAtMs)) this.#armedForMs = wakeAtMs;
  }

  #isEarlier(atMs: number | null): atMs is number {
    return atMs !== null && (this.#armedForMs === null || atMs < this.#armedForMs);
  }

  #wakeAtMs(isSimulated: boolean): number | null {
    return wakeAtMs({
      realNowMs: Date.now(),
      outboxWaits: this.#outbox.waits(),
      failures: this.#failures,
      businessDueAtMs: isSimulated ? null : this.#timers.earliestDueAtMs(),
    });
  }

  #arm(atMs: number | null): void {
    if (atMs === null) this.ctx.storage.deleteAlarm();
    else this.ctx.storage.setAlarm(atMs);
    this.#armedForMs = atMs;
  }

  /** One due thing that fails must not keep the others from happening; it stays due. */
  #runTimer(timer: Timer, nowMs: number, isSimulated: boolean): DueRun | null {
    try {
      const command = { type: "run_order_due", order: timer.key as OrderId } as const;
      const state = this.#store.state();
      const decided = decide(state, command, { caller: { role: "admin" }, nowMs });
      if (!decided.ok || decided.value.kind !== "done")
        throw new Error(`${timer.kind} ${timer.key} can't be run`);
      const { events, answer } = decided.value;
      this.#transaction(isSimulated, () => {
        if (events.length > 0) this.#store.record(events);
        else this.#timers.set(timer.kind, timer.key, null);
      });
      return { ...timer, ran: answer };
    } catch (error) {
      log("error", "due_work_failed", { kind: timer.kind, key: timer.key, error: describeError(error) });
      return null;
    }
  }

  /** Waits until the outbox has been delivered, or long enough; the alarm goes on with what is left. */
  async #settled(): Promise<void> {
    if (!this.#outbox.waits()) return;
    await Promise.race([this.#drainThrough(this.#store.head().seq), scheduler.wait(READ_YOUR_WRITES_MS)]);
  }

  async #drainThrough(seq: number): Promise<void> {
    while (this.#outbox.waits(seq)) {
      if (!(await this.#drainOnce())) return;
    }
  }

  #drainOnce(): Promise<boolean> {
    this.#draining ??= drain(this.#drainDeps()).finally(() => {
      this.#draining = null;
    });
    return this.#draining;
  }

  #drainDeps(): DrainDeps {
    const { account, epoch } = this.#store.head();
    const id = account?.id ?? "";
    return {
      read: (topic, limit) => this.#outbox.read(topic, limit),
      remove: (topic, seq) => {
        this.#failures = 0;
        this.#outbox.remove(topic, seq);
      },
      deliver: {
        projection: (commands) => project(d1Of(this.env, id), { account: id, epoch }, commands),
        coupons: async (settlements) => {
          for (const settlement of settlements.flat()) await this.#coupons.settle(settlement);
        },
      },
      failed: (topic, seq, error) => {
        this.#failures += 1;
        log("error", "outbox_delivery_failed", { account: id, topic, seq, error: describeError(error) });
      },
    };
  }

  async #attempt(work: string, run: () => Promise<unknown>): Promise<void> {
    try {
      await run();
    } catch (error) {
      log("error", "alarm_work_failed", { work, error: describeError(error) });
    }
  }
}

const asReplay = (outcome: Outcome<unknown>): Outcome<unknown> =>
  "replayed" in outcome ? { ...outcome, replayed: true } : outcome;

/** Successes and final refusals are given again; an account that doesn't exist remembers nothing. */
const isReplayable = (decision: Decision): boolean =>
  decision.ok || (isFinal(decision.error) && decision.error.code !== "account_not_found");
