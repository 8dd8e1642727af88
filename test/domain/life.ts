import { billsDue } from "../../src/domain/bills/collection.ts";
import type { Span } from "../../src/domain/calendar.ts";
import type { Product } from "../../src/domain/catalogue.ts";
import type { RunBillsDue } from "../../src/domain/commands/run-bills-due.ts";
import type { RunOrderDue } from "../../src/domain/commands/run-order-due.ts";
import type { RunResourceDue } from "../../src/domain/commands/run-resource-due.ts";
import type { Coupon } from "../../src/domain/coupon.ts";
import { type AnswerTo, type Command, decide } from "../../src/domain/decide.ts";
import type { Context } from "../../src/domain/decision.ts";
import type { DomainError } from "../../src/domain/errors.ts";
import type { OrderId, ResourceId } from "../../src/domain/ids.ts";
import { resourceDue } from "../../src/domain/lifecycle/schedule.ts";
import type { DayReading } from "../../src/domain/metering/reading.ts";
import { type Action, type AutoRenew, orderDueAtMs, type Period } from "../../src/domain/order.ts";
import type { Resource } from "../../src/domain/resource.ts";
import { err, ok, type Result } from "../../src/domain/result.ts";
import {
  changeOrder,
  failedFor,
  grantCredit,
  orderFor,
  payOrder,
  placeOrder,
  RESOURCE,
  runOrderDue,
  runResourceDue,
  succeededFor,
} from "./commands.ts";
import { MemoryState, OWNER } from "./memory-state.ts";
import { accountOf, instant, itemOf, orderId, vserver } from "./samples.ts";

export interface Wanted {
  readonly resources?: readonly string[];
  readonly type?: string;
  readonly configuration?: Record<string, number>;
  readonly period?: Period | null;
  readonly autoRenew?: AutoRenew;
  readonly coupon?: Coupon;
  readonly outcome?: "succeeded" | "failed" | "silence";
}

/** The life of one account: orders are paid and answered, and time does what is due, one thing after another. */
export class Life {
  readonly state: MemoryState;
  product: Product = vserver;
  nowMs: number;
  /** What meters say by now of the days of some time, and of gauges before. */
  meters: (resource: ResourceId, span: Span, nowMs: number) => readonly DayReading[] = () => [];
  /** What time did, with the instant it was due at. */
  readonly ran: (readonly [atMs: number, what: string, key: string])[] = [];
  #orders = 0;

  constructor({ credit = 10_000_000, at = "2023-03-06T10:00", account = accountOf() } = {}) {
    this.state = new MemoryState(account);
    this.nowMs = instant(at);
    if (credit > 0) this.must(grantCredit(credit));
  }

  get available(): number {
    return this.state.balances.credit_available ?? 0;
  }

  resource(id: string = RESOURCE): Resource {
    const resource = this.state.resource(id as ResourceId);
    if (!resource) throw new Error(`${id} isn't there`);
    return resource;
  }

  /** Gives a command and applies it, unless it is refused. A coupon is always free. */
  give<C extends Command>(command: C, caller: Context["caller"] = OWNER): Result<AnswerTo<C>, DomainError> {
    const context = { nowMs: this.nowMs, caller };
    let decided = this.#decide(command, context);
    if (decided.ok && decided.value.kind === "needs_coupon" && command.type === "pay_order") {
      decided = this.#decide({ ...command, reservedCoupon: decided.value.coupon }, context);
    }
    if (!decided.ok) return err(decided.error);
    if (decided.value.kind !== "done") throw new Error(`${command.type} ${decided.value.kind}`);
    this.state.apply(decided.value.events);
    return ok(decided.value.answer);
  }

  /** Decides, having asked the meters as often as that is wanted. */
  #decide<C extends Command>(command: C, context: Context): ReturnType<typeof decide<C>> {
    const decided = decide(this.state, command, context);
    if (!decided.ok || decided.value.kind !== "needs_readings") return decided;
    const { resource, span } = decided.value;
    const readings = this.meters(resource, span, context.nowMs);
    if (command.type === "run_resource_due") return this.#decide({ ...command, readings }, context);
    if (command.type !== "pay_order" && command.type !== "delete_resource" && command.type !== "place_order")
      throw new Error(`${command.type} doesn't look at meters`);
    return this.#decide({ ...command, readings: { ...command.readings, [resource]: readings } }, context);
  }

  must<C extends Command>(command: C, caller?: Context["caller"]): AnswerTo<C> {
    const given = this.give(command, caller);
    if (!given.ok) throw new Error(`${command.type} was refused: ${given.error.code}`);
    return given.value;
  }

  refusal(command: Command, caller?: Context["caller"]): DomainError {
    const given = this.give(command, caller);
    if (given.ok) throw new Error(`${command.type} was not refused`);
    return given.error;
  }

  /** Places an order; its id, or why there is none. */
  place(action: Action, wanted: Wanted = {}): Result<OrderId, DomainError> {
    const order = orderId(`ord_${this.#orders + 1}`);
    const { type = "server", configuration = {}, autoRenew = null } = wanted;
    const period = wanted.period === undefined ? { months: 1 } : wanted.period;
    const placed = this.give(
      action === "create"
        ? placeOrder([itemOf(type, configuration, { period, autoRenew })], { order, product: this.product })
        : orderFor(action, { ...wanted, order, product: this.product }),
    );
    if (!placed.ok) return placed;
    this.#orders += 1;
    if (!wanted.coupon) return ok(order);
    const changed = this.give(changeOrder({ order, coupon: wanted.coupon, product: this.product }));
    return changed.ok ? ok(order) : changed;
  }

  pay = (order: OrderId) => this.give(payOrder({ order }));

  /** Places, pays and, where that is waited for, answers. */
  order(action: Action, wanted: Wanted = {}): Result<OrderId, DomainError> {
    const placed = this.place(action, wanted);
    if (!placed.ok) return placed;
    const paid = this.pay(placed.value);
    if (!paid.ok) return paid;
    if (wanted.outcome !== "silence") this.answer(placed.value, wanted.outcome ?? "succeeded");
    return placed;
  }

  /** The console's answer for every line that waits. */
  answer(order: OrderId, outcome: "succeeded" | "failed"): void {
    for (const line of this.state.order(order)?.quote.lines ?? []) {
      if (line.status !== "provisioning" || !line.resource) continue;
      const number = line.id.slice("ord_".length);
      this.must((outcome === "succeeded" ? succeededFor : failedFor)(number, line.resource));
    }
  }

  /** Does everything due up to an instant: each at its own, or, where cron was down, all of it late. */
  passTo(to: string | number, { isLate = false } = {}): this {
    const toMs = typeof to === "string" ? instant(to) : to;
    if (isLate) this.nowMs = toMs;
    for (let next = this.#nextDue(toMs); next; next = this.#nextDue(toMs)) {
      if (!isLate) this.nowMs = Math.max(this.nowMs, next.atMs);
      const what = this.#run(next.command);
      this.ran.push([next.atMs, what, next.key]);
      if (this.ran.length > MAX_RUNS) throw new Error("time never ends");
    }
    this.nowMs = Math.max(this.nowMs, toMs);
    return this;
  }

  #run(command: RunOrderDue | RunResourceDue | RunBillsDue): string {
    switch (command.type) {
      case "run_order_due":
        return this.must(command);
      case "run_resource_due":
        return this.must(command);
      case "run_bills_due":
        return this.must(command);
    }
  }

  #billsDue() {
    const { account, collection } = this.state;
    const next = account && billsDue(this.state.unpaidBills(), account, collection);
    return next ? [{ ...next, key: "bills", command: { type: "run_bills_due" } as const }] : [];
  }

  #nextDue(toMs: number) {
    const { orders, resources, account } = this.state;
    const due = [
      ...[...orders.values()].flatMap((order) => {
        const atMs = orderDueAtMs(order);
        return atMs === null
          ? []
          : [{ atMs, turn: "", key: order.id as string, command: runOrderDue(order.id) }];
      }),
      ...[...resources.values()].flatMap((resource) => {
        const next = account && resourceDue(resource, account);
        return next
          ? [{ ...next, key: resource.id as string, command: runResourceDue(resource.id, this.product) }]
          : [];
      }),
      ...this.#billsDue(),
    ].sort(
      (a, b) => a.atMs - b.atMs || (a.turn < b.turn ? -1 : a.turn > b.turn ? 1 : a.key < b.key ? -1 : 1),
    );
    const [next] = due;
    return next && next.atMs <= toMs ? next : null;
  }
}

const MAX_RUNS = 2_000;

/** A server in service: small at 90 000 or general at 181 000 a month. */
export function livingServer(wanted: Wanted = {}, of: ConstructorParameters<typeof Life>[0] = {}): Life {
  const life = new Life(of);
  const bought = life.order("create", { configuration: { general: 1 }, ...wanted });
  if (!bought.ok) throw new Error(bought.error.code);
  life.ran.length = 0;
  return life;
}
