import { type Attempt, type AttemptId, isBeingCharged } from "../attempts/attempt.ts";
import { begin, withAttempt } from "../attempts/begin.ts";
import { holderOf, type LetGo, letGo } from "../attempts/let-go.ts";
import { methodOffer, whyNot } from "../attempts/offers.ts";
import { isAttemptMethod, type PayWish, unavailablePart } from "../attempts/wish.ts";
import type { Product } from "../catalogue.ts";
import { type Context, type Done, done, type NeedsCoupon, type NeedsReadings } from "../decision.ts";
import { type DomainError, refused, type StateCode } from "../errors.ts";
import type { Event } from "../events.ts";
import { outdatedBy } from "../fulfilment/outdated.ts";
import { settleOrder } from "../fulfilment/settle.ts";
import { payByHold } from "../hold/pay.ts";
import type { Readings } from "../hold/readings.ts";
import type { CouponCode, OrderId, PaymentId, ShareId } from "../ids.ts";
import { balanceOf } from "../ledger.ts";
import { add, type Money, subtract, sum, ZERO } from "../money.ts";
import { type Order, toPayForOrder } from "../order.ts";
import type { Payment } from "../payment.ts";
import { err, ok, type Result } from "../result.ts";
import type { AccountState } from "../state.ts";
import { findOrder, findUnpaidOrder } from "./find-order.ts";
import { payOnPoc, whyNotSoldAs } from "./pay-on-poc.ts";

/** Pays a whole order, or begins to. `reservedCoupon` is the coupon that is held for this order by now, if any. */
export interface PayOrder extends PayWish {
  readonly type: "pay_order";
  readonly order: OrderId;
  readonly payment: PaymentId;
  readonly reservedCoupon: CouponCode | null;
  /** What the customer was shown and agreed to: an order that costs something else by now isn't paid. */
  readonly agreedTotal?: Money;
  /** What meters said of the resources that it changes, as far as that was asked for. */
  readonly readings?: Readings;
  /** The prices that the order was quoted at, where trial money is to pay it. */
  readonly product?: Product;
  /** The link that somebody else pays by; at a gateway alone. */
  readonly share?: ShareId;
}

export interface OrderPaid {
  readonly payment: Payment;
  /** What its lines will give back when they are delivered. */
  readonly refund: Money;
  /** What is to be paid at a gateway. */
  readonly attempt: Attempt | null;
}

/**
 * Takes from available credit, or from the POC wallet, what the order costs, or begins an attempt to get it through a gateway. An order costs
 * what its quote says; a quote that depends on the moment it was made is refused once it is old, or once a resource
 * that it is about has changed. What an earlier attempt holds for it is let go; while a linked account is being
 * charged for it, nothing else is begun. (Domain: Checkout.)
 */
export function payOrder(
  state: AccountState,
  command: PayOrder,
  context: Context,
): Result<Done<OrderPaid> | NeedsCoupon | NeedsReadings, DomainError> {
  const visible = findOrder(state, command.order, context);
  if (!visible.ok) return visible;
  const isForeign = command.share !== undefined && command.method !== "gateway";
  const { method } = command;
  const isOwnWay = method === "poc" || method === "hold";
  if (isForeign) return refused({ code: "method_not_available", path: "method" });
  const notSold = whyNotSoldAs(isOwnWay ? method : "prepaid", visible.value, state);
  if (notSold) return refused({ code: "method_not_available", path: "method", detail: notSold });
  const unavailable = isOwnWay ? null : unavailablePart(state, command);
  if (unavailable) return refused({ code: "method_not_available", path: unavailable });
  const found = findUnpaidOrder(state, command.order, context);
  if (!found.ok) return found;
  const unpaid = found.value;
  if (method === "poc") return payOnPoc(state, unpaid, command, context.nowMs);
  const { quote } = unpaid;
  const ended = command.share === undefined ? null : whyEnded(unpaid, command.share, context.nowMs);
  if (ended) return err({ code: ended });
  if (command.agreedTotal !== undefined && command.agreedTotal !== quote.total)
    return err({ code: "order_changed" });
  if (quote.expiresAtMs !== null && context.nowMs >= quote.expiresAtMs) return err({ code: "quote_expired" });
  const outdated = outdatedBy(state, unpaid, context.nowMs);
  if (outdated) return err({ code: outdated });
  if (method === "hold") return hold(state, unpaid, command, context.nowMs);
  const holder = holderOf(state, unpaid);
  if (holder && isBeingCharged(holder, context.nowMs)) return err({ code: "payment_in_progress" });
  const paid = pay(state, letGo(state, unpaid, context.nowMs), command, context.nowMs);
  if (!paid.ok) return paid;
  if (quote.coupon !== null && quote.coupon !== command.reservedCoupon) {
    return ok({ kind: "needs_coupon", coupon: quote.coupon, order: unpaid.id });
  }
  const { payment, attempt, events } = paid.value;
  return done({ payment, refund: sum(quote.lines.map((line) => line.refund)), attempt }, ...events);
}

function hold(
  state: AccountState,
  order: Order,
  { payment: id, readings = {} }: PayOrder,
  nowMs: number,
): Result<Done<OrderPaid> | NeedsReadings, DomainError> {
  const held = payByHold(state, order, { id, readings }, nowMs);
  if (!held.ok) return held;
  if ("kind" in held.value) return ok(held.value);
  const { payment, events } = held.value;
  return done({ payment, refund: ZERO, attempt: null }, ...events);
}

/** Why nobody pays an order by a link any more; null while somebody may. (Domain: Checkout, payment on behalf.) */
export function whyEnded(
  { share }: Order,
  id: ShareId,
  nowMs: number,
): Extract<StateCode, "share_ended" | "share_expired"> | null {
  if (share?.id !== id) return "share_ended";
  return nowMs >= share.untilMs ? "share_expired" : null;
}

interface Paid {
  readonly order: Order;
  readonly payment: Payment;
  readonly attempt: Attempt | null;
  readonly events: readonly Event[];
}

function pay(
  state: AccountState,
  { order, freed, events }: LetGo,
  { payment: id, method, at, linkedAccount: named = null, share }: PayOrder,
  nowMs: number,
): Result<Paid, DomainError> {
  const [available, toPay] = [
    add(balanceOf(state.balances, "credit_available"), freed),
    toPayForOrder(order),
  ];
  if (!at || !isAttemptMethod(method)) {
    if (available < toPay)
      return err({ code: "insufficient_credit", available, missing: subtract(toPay, available) });
    const paying = { id, method, from: "credit_available", pending: null } as const;
    const settled = settleOrder(state, order, paying, nowMs);
    return ok({ ...settled, attempt: null, events: [...events, ...settled.events] });
  }
  const { currency } = order;
  const linkedAccount = method === "linked" ? named : null;
  const offer = methodOffer(method, { toPay, available, currency }, at.terms);
  if (offer.kind !== "offered")
    return refused({ code: "method_not_available", path: "method", detail: whyNot(offer) });
  const { amount, credit } = offer;
  // A gateway knows a payment by its id.
  const paidBy = share === undefined ? null : (order.share?.email ?? null);
  const agreed = {
    id: id as AttemptId,
    method,
    ...at,
    linkedAccount,
    paidBy,
    amount,
    credit,
    toPay,
    currency,
  };
  const begun = begin({ ...agreed, pays: { kind: "order", order: order.id } }, state.counts, nowMs);
  const attempted = withAttempt(order, begun.attempt);
  const recorded: Event = { type: "order_changed", order: attempted };
  return ok({ ...begun, order: attempted, events: [...events, ...begun.events, recorded] });
}
