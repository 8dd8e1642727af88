import fc from "fast-check";
import { expect, test } from "vitest";
import type { AttemptId, AttemptMethod } from "../../../src/domain/attempts/attempt.ts";
import { attemptDueAtMs } from "../../../src/domain/attempts/attempt.ts";
import type { Standing } from "../../../src/domain/commands/hear-gateway.ts";
import type { RefundStanding } from "../../../src/domain/commands/hear-refund.ts";
import { type Command, decide } from "../../../src/domain/decide.ts";
import type { ShareId } from "../../../src/domain/ids.ts";
import { violations } from "../../../src/domain/invariants.ts";
import { balanceOf } from "../../../src/domain/ledger.ts";
import { DAY_MS, MINUTE_MS } from "../../../src/domain/local-time.ts";
import { money } from "../../../src/domain/money.ts";
import {
  cancelOrder,
  changeOrder,
  failedFor,
  grantCredit,
  ORDER,
  orderFor,
  payOrder,
  placeServer,
  setPocWallet,
  shareOrder,
  stopPoc,
  succeeded,
  succeededFor,
  unshareOrder,
} from "../commands.ts";
import { hearLink, linked, linkId, payLinked, startLink } from "../linking/links.ts";
import { ADMIN, MemoryState } from "../memory-state.ts";
import { hearRefund, refunded, startRefund } from "../refunds.ts";
import { amountOff, instant, orderId, vserver } from "../samples.ts";
import { attemptId, heard, payAt, refusal, success, topUp } from "./attempts.ts";

const shareId = (n: number): ShareId => `share_${n}` as ShareId;

type Op =
  | { readonly do: "begin"; readonly method: AttemptMethod }
  /** Somebody else pays, by the link that they were sent last, or by one before that. */
  | { readonly do: "share" | "unshare" | "begin_on_behalf" | "begin_by_old_link" }
  /** Operations send a part of an attempt's money back, and its gateway says how that went. */
  | {
      readonly do: "refund";
      readonly which: number;
      readonly amount: number;
      readonly standing: RefundStanding;
    }
  | { readonly do: "top_up"; readonly amount: number }
  | { readonly do: "credit" | "cancel" }
  /** The account that is charged is another one from now on. */
  | { readonly do: "relink" }
  | { readonly do: "grant"; readonly amount: number }
  | { readonly do: "change"; readonly quantity: number; readonly hasCoupon: boolean }
  /** The payer decides at the gateway, once, whenever they like. */
  | { readonly do: "decide"; readonly which: number; readonly approves: boolean }
  | { readonly do: "callback" | "query"; readonly which: number }
  /** Signed, and not what was agreed to. */
  | { readonly do: "wrong"; readonly which: number; readonly by: number }
  | { readonly do: "refuse_creation"; readonly which: number }
  | { readonly do: "coupon"; readonly isLeft: boolean }
  | { readonly do: "answer"; readonly isDelivered: boolean }
  | { readonly do: "stop_trial"; readonly isSpent: boolean }
  | { readonly do: "wait"; readonly minutes: number };

const which = fc.nat(4);
const ops: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("begin" as const),
      method: fc.constantFrom<AttemptMethod>("gateway", "top_up_and_pay", "linked"),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom(
        ...(["begin_on_behalf", "begin_on_behalf", "begin_on_behalf"] as const),
        ...(["begin_by_old_link", "share", "unshare"] as const),
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("refund" as const),
      which,
      amount: fc.integer({ min: 1, max: 60_000 }),
      standing: fc.constantFrom<RefundStanding>(
        refunded,
        { kind: "failed", reason: "declined" },
        { kind: "pending", theirId: null },
        { kind: "unknown" },
      ),
    }),
  },
  fc.record({ do: fc.constant("top_up" as const), amount: fc.integer({ min: 1_000, max: 90_000 }) }),
  fc.record({ do: fc.constantFrom("credit" as const, "cancel" as const) }),
  fc.record({ do: fc.constant("grant" as const), amount: fc.constantFrom(-60_000, 60_000, 200_000) }),
  fc.record({
    do: fc.constant("change" as const),
    quantity: fc.integer({ min: 1, max: 2 }),
    hasCoupon: fc.boolean(),
  }),
  { weight: 4, arbitrary: fc.record({ do: fc.constant("decide" as const), which, approves: fc.boolean() }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constantFrom("callback" as const, "query" as const), which }),
  },
  fc.record({ do: fc.constant("wrong" as const), which, by: fc.constantFrom(-1_000, 1, 1_000_000) }),
  fc.record({ do: fc.constant("refuse_creation" as const), which }),
  fc.record({ do: fc.constant("relink" as const) }),
  fc.record({ do: fc.constant("coupon" as const), isLeft: fc.boolean() }),
  fc.oneof(
    fc.record({ do: fc.constant("answer" as const), isDelivered: fc.boolean() }),
    fc.record({ do: fc.constant("stop_trial" as const), isSpent: fc.boolean() }),
  ),
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("wait" as const), minutes: fc.constantFrom(1, 7, 16, 31, 1_441) }),
  },
);

/** An account, one order, and a gateway that knows the truth. */
class Model {
  readonly state = new MemoryState();
  readonly attempts: AttemptId[] = [];
  /** What payers decided at the gateway. */
  readonly truth = new Map<AttemptId, "paid" | "refused">();
  nowMs = instant("2027-03-10T10:00");
  isCouponLeft = true;
  #shares = 0;
  #link = 0;

  constructor(action: "create" | "convert_poc" = "create") {
    this.give(grantCredit(60_000));
    if (action === "create") this.give(placeServer());
    else this.#try();
    this.do({ do: "share" });
    this.do({ do: "relink" });
  }

  /** A trial, and an order to convert it. */
  #try(): void {
    this.give(setPocWallet(200_000, this.nowMs + 20 * DAY_MS));
    this.give({ ...placeServer(), order: TRIAL });
    this.give(payOrder({ order: TRIAL, method: "poc", product: vserver }));
    this.give(succeeded(TRIAL_LINE));
    this.give(orderFor("convert_poc", { order: ORDER, resources: [TRIED] }));
  }

  /** As the account's shell does it: a coupon that is asked for is reserved, or there is none left. */
  give(command: Command): void {
    const context = { nowMs: this.nowMs, caller: ADMIN };
    let decided = decide(this.state, command, context);
    if (decided.ok && decided.value.kind === "needs_coupon") {
      const { coupon } = decided.value;
      if (command.type === "pay_order" && !this.isCouponLeft) return;
      if (command.type === "pay_order")
        decided = decide(this.state, { ...command, reservedCoupon: coupon }, context);
      if (command.type === "hear_gateway")
        decided = decide(
          this.state,
          { ...command, coupon: this.isCouponLeft ? { reserved: coupon } : "refused" },
          context,
        );
    }
    if (decided.ok && decided.value.kind === "done") this.state.apply(decided.value.events);
  }

  do(op: Op): void {
    const n = this.attempts.length + 1;
    switch (op.do) {
      case "begin":
        this.give(op.method === "linked" ? payLinked(this.#link, n) : payAt(op.method, n));
        this.#begun(n);
        return;
      case "top_up":
        this.give(topUp(op.amount, n));
        this.#begun(n);
        return;
      case "share":
        this.#shares += 1;
        this.give(shareOrder({ share: shareId(this.#shares) }));
        return;
      case "unshare":
        this.give(unshareOrder());
        return;
      case "begin_on_behalf":
      case "begin_by_old_link":
        this.give({
          ...payAt("gateway", n),
          share: shareId(this.#shares - (op.do === "begin_on_behalf" ? 0 : 1)),
        });
        this.#begun(n);
        return;
      case "credit":
        this.give(payOrder());
        return;
      case "relink":
        this.give({ type: "unlink", link: linkId(this.#link) });
        this.#link += 1;
        this.give(startLink(this.#link));
        this.give(hearLink(linked(this.#link), this.#link));
        return;
      case "cancel":
        this.give(cancelOrder());
        return;
      case "grant":
        this.give(grantCredit(op.amount));
        return;
      case "change": {
        const coupon = op.hasCoupon ? amountOff(20_000) : null;
        this.give(changeOrder({ everyItem: { quantity: op.quantity }, coupon }));
        return;
      }
      case "coupon":
        this.isCouponLeft = op.isLeft;
        return;
      case "answer":
        for (const { id, resource } of this.state.order(ORDER)?.quote.lines ?? [])
          if (resource) this.give((op.isDelivered ? succeededFor : failedFor)(id.slice(4), resource));
        return;
      case "stop_trial":
        // What is left of the wallet is taken back, so that nothing can be undone on it.
        if (op.isSpent) this.give(setPocWallet(1_000, this.nowMs + 20 * DAY_MS));
        this.give(stopPoc(TRIED));
        return;
      case "wait":
        this.wait(op.minutes * MINUTE_MS);
        return;
      default:
        this.#about(op);
        return;
    }
  }

  #begun(n: number): void {
    if (this.state.attempt(attemptId(n))) this.attempts.push(attemptId(n));
  }

  #about(op: Extract<Op, { which: number }>): void {
    const id = this.attempts[op.which % Math.max(this.attempts.length, 1)];
    if (!id) return;
    switch (op.do) {
      case "decide":
        if (!this.truth.has(id)) this.truth.set(id, op.approves ? "paid" : "refused");
        return;
      case "refuse_creation":
        this.give({
          type: "record_creation",
          attempt: id,
          outcome: { kind: "failed", reason: "declined" },
        });
        return;
      case "wrong":
        this.#hear(id, success("9"), "callback", op.by);
        return;
      case "refund": {
        const n = this.state.refunds.size + 1;
        const captured = this.attempts.filter((other) => this.state.attempt(other)?.status === "succeeded");
        this.give({ ...startRefund(op.amount, { n }), payment: captured[op.which % captured.length] ?? id });
        this.give(hearRefund(op.standing, n));
        return;
      }
      default:
        this.#hear(id, this.#standing(id), op.do);
        return;
    }
  }

  #standing(id: AttemptId): Standing {
    const truth = this.truth.get(id);
    if (truth === undefined) return { kind: "pending" };
    return truth === "paid" ? success(`their_${id}`) : refusal;
  }

  #hear(id: AttemptId, standing: Standing, source: "callback" | "query", wrongBy = 0): void {
    const amount = (this.state.attempt(id)?.amount ?? 0) + wrongBy;
    this.give({ ...heard(standing, { amount, source, n: Number(id.split("_")[1]) }) });
  }

  wait(byMs: number): void {
    const untilMs = this.nowMs + byMs;
    for (;;) {
      const due = this.attempts
        .map((id) => ({ id, atMs: this.#dueAtMs(id) }))
        .filter(({ atMs }) => atMs <= untilMs)
        .sort((a, b) => a.atMs - b.atMs)[0];
      if (!due) break;
      this.nowMs = Math.max(this.nowMs, due.atMs);
      this.give({ type: "run_attempt_due", attempt: due.id });
    }
    this.nowMs = untilMs;
  }

  #dueAtMs(id: AttemptId): number {
    const attempt = this.state.attempt(id);
    return (attempt && attemptDueAtMs(attempt)) ?? Number.POSITIVE_INFINITY;
  }

  /** In the end every gateway has been asked, and every payer has decided or never will. */
  end(): void {
    for (const id of this.attempts) this.#hear(id, this.#standing(id), "query");
    this.wait(10 * DAY_MS);
  }

  /** What gateways took, without what they gave back. */
  paidMinor(): number {
    const paid = this.attempts
      .filter((id) => this.truth.get(id) === "paid")
      .reduce((total, id) => total + (this.state.attempt(id)?.amount ?? 0), 0);
    const gaveBack = [...this.state.refunds.values()].filter(({ status }) => status === "succeeded");
    return gaveBack.reduce((left, { amount }) => left - amount, paid);
  }
}

const TIMEOUT_MS = 30_000;

const TRIAL = orderId("ord_9");
const TRIAL_LINE = "9.1";
const TRIED = "res_9.1";

const settlements = ({ state }: Model) =>
  [...state.payments.values()].filter(
    ({ kind, status, order, method }) =>
      kind === "payment" && status === "succeeded" && order === ORDER && method !== "poc",
  );

test.each(["create", "convert_poc"] as const)(
  "whatever customers, gateways and time do, and in whatever order: one payment at most settles an order to %s, and no money is lost",
  (action) => {
    const reached = {
      settled: 0,
      deposited: 0,
      late: 0,
      quarantined: 0,
      onBehalf: 0,
      charged: 0,
      sentBack: 0,
    };
    fc.assert(
      fc.property(fc.array(ops, { minLength: 1, maxLength: 40, size: "max" }), (all) => {
        const model = new Model(action);
        for (const op of all) {
          model.do(op);
          expect(violations(model.state.books())).toEqual([]);
          expect(settlements(model).length).toBeLessThanOrEqual(1);
        }
        model.end();
        const { state } = model;
        expect(violations(state.books())).toEqual([]);
        expect(balanceOf(state.balances, "credit_held")).toBe(0);
        expect(0 - balanceOf(state.balances, "clearing:momo")).toBe(model.paidMinor());
        for (const [id, truth] of model.truth) {
          expect(state.attempt(id)?.status).toBe(truth === "paid" ? "succeeded" : "failed");
        }
        const payments = [...state.payments.values()].filter(({ status }) => status === "succeeded");
        reached.charged += payments.filter(({ method }) => method === "linked").length;
        reached.onBehalf += payments.filter(({ kind, paidBy }) => kind === "payment" && paidBy).length;
        reached.sentBack += [...state.refunds.values()].filter(({ status }) => status === "succeeded").length;
        reached.settled += payments.filter(({ kind, gateway }) => kind === "payment" && gateway).length;
        reached.deposited += payments.filter(({ kind, order }) => kind === "deposit" && !order).length;
        reached.late += payments.filter(({ kind, order }) => kind === "deposit" && order).length;
        reached.quarantined += state.callbacks.size;
      }),
      { seed: 20_270_310, numRuns: 800 },
    );
    // A model that never gets anywhere proves nothing.
    for (const times of Object.values(reached)) expect(times).toBeGreaterThan(20);
  },
  TIMEOUT_MS,
);

test("quarantined money is lost neither: with what operations deposit, all that was signed for is there", () => {
  const model = new Model();
  model.do({ do: "begin", method: "top_up_and_pay" });
  model.do({ do: "wrong", which: 0, by: 1_000 });
  const [callback] = model.state.callbacks.values();
  if (!callback) throw new Error("nothing was filed");
  model.give({ type: "deposit_callback", callback });
  model.give({ type: "deposit_callback", callback });
  model.end();
  expect(balanceOf(model.state.balances, "credit_available")).toBe(60_000 + callback.amount);
  expect(callback.amount).toBe(money(122_000));
  expect(violations(model.state.books())).toEqual([]);
});
