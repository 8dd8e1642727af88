import { autoTopUpEnded } from "../auto-top-up/ended.ts";
import type { BillShare } from "../bills/bill.ts";
import { settleBills } from "../bills/settle.ts";
import { MAX_BILLS_TOLD } from "../bills/told.ts";
import type { Event } from "../events.ts";
import { outdatedBy } from "../fulfilment/outdated.ts";
import { settleOrder } from "../fulfilment/settle.ts";
import type { FailureReason } from "../gateway.ts";
import type { InvoiceCode } from "../ids.ts";
import { openOf } from "../invoice.ts";
import { balanceOf } from "../ledger.ts";
import { gone } from "../linking/gone.ts";
import { add, type Money, subtract, sum } from "../money.ts";
import { type Order, statusAt, toPayForOrder } from "../order.ts";
import type { Payment } from "../payment.ts";
import { deposit } from "../postings.ts";
import type { AccountState } from "../state.ts";
import { type Attempt, ended, orderPaidBy } from "./attempt.ts";
import { giveUpOf, holderOf, holdersOfBills, letGo } from "./let-go.ts";
import { FAILURE_TEXTS, ORDER_NEEDED_NO_MONEY } from "./reasons.ts";

/** No money came, and none will: what was held goes back. A linked account that is gone is removed. */
export function fail(state: AccountState, attempt: Attempt, reason: FailureReason, atMs: number): Event[] {
  const payment = paymentOf(state, attempt);
  const charged = attempt.linkedAccount && state.linkedAccount(attempt.linkedAccount);
  return [
    ...giveUpOf(state, attempt, atMs),
    { type: "attempt_changed", attempt: ended(attempt, { status: "failed", failure: reason }, atMs) },
    {
      type: "payment_recorded",
      payment: { ...payment, status: "failed", reason: FAILURE_TEXTS[reason] },
    },
    // What somebody else didn't pay is nothing that the customer did.
    ...(payment.paidBy === undefined ? [failedNotice(attempt, reason, atMs)] : []),
    ...autoTopUpEnded(state, attempt, "failed", atMs),
    ...(charged && reason === "link_gone" ? gone(charged, atMs) : []),
  ];
}

const failedNotice = (attempt: Attempt, reason: FailureReason, atMs: number): Event => ({
  type: "notice_given",
  notice: {
    key: `payment_failed:${attempt.id}`,
    template: "payment_failed",
    ...{ atMs, order: orderPaidBy(attempt), ...billsOf(attempt) },
    ...{ gateway: attempt.gateway, amount: attempt.amount, reason },
  },
});

/** Whoever paid on the customer's behalf gets a receipt, whatever the money has become. */
function receipt(state: AccountState, attempt: Attempt, amount: Money, atMs: number): Event[] {
  const { id, gateway } = attempt;
  const [{ paidBy: to }, order] = [paymentOf(state, attempt), orderPaidBy(attempt)];
  if (to === undefined || order === null) return [];
  const notice = { key: `paid_on_behalf:${id}`, template: "paid_on_behalf", atMs } as const;
  return [{ type: "notice_given", notice: { ...notice, to, order, gateway, amount } }];
}

/**
 * The order that money settles when it comes now: still unpaid and unexpired, at the price that was agreed to, with
 * resources that are as they were, and with enough credit for the rest. The attempt has fixed the minutes of the quote
 * it began with. (Domain: Checkout; Price, When minutes are fixed.)
 */
export function orderToSettle(state: AccountState, attempt: Attempt, nowMs: number): Order | null {
  const id = orderPaidBy(attempt);
  const order = id && state.order(id);
  if (!order || statusAt(order, nowMs) !== "awaiting_payment") return null;
  const { quote } = order;
  const isQuotedAnew = quote.quotedAtMs > attempt.createdAtMs;
  const isTooOld = isQuotedAnew && quote.expiresAtMs !== null && nowMs >= quote.expiresAtMs;
  if (toPayForOrder(order) !== attempt.toPay || isTooOld || outdatedBy(state, order, nowMs)) return null;
  return missingFrom(state, order, attempt) > 0 ? null : order;
}

/** What credit, held and available, and the attempt's own money leave unpaid. */
function missingFrom(state: AccountState, order: Order, { method, amount, toPay }: Attempt): Money {
  if (method !== "top_up_and_pay") return subtract(toPay, amount);
  const credit = balanceOf(state.balances, "credit_available") + (holderOf(state, order)?.held ?? 0);
  return subtract(toPay, (credit + amount) as Money);
}

/** The money settles its order: alone, or by way of the credit that it tops up. */
export function settle(
  state: AccountState,
  attempt: Attempt,
  unpaid: Order,
  { theirId, atMs }: { theirId: string; atMs: number },
): Event[] {
  const { gateway, method, amount, id } = attempt;
  const free = letGo(state, unpaid, atMs);
  const from = method === "top_up_and_pay" ? "credit_available" : (`clearing:${gateway}` as const);
  const paying = { id, method, from, pending: paymentOf(state, attempt) } as const;
  const entry = { atMs, reference: id, description: "Top-up" };
  return [
    ...free.events,
    ...(method === "top_up_and_pay" ? deposit(amount, gateway, entry) : []),
    { type: "attempt_changed", attempt: ended(attempt, { status: "succeeded", theirId }, atMs) },
    ...settleOrder(state, free.order, paying, atMs).events,
    ...receipt(state, attempt, amount, atMs),
  ];
}

/** The bills that money pays when it comes now: as much is open of each as was agreed, and credit covers the rest. */
export function billsToSettle(state: AccountState, attempt: Attempt): BillShare[] | null {
  const { pays, method, amount, toPay } = attempt;
  if (pays?.kind !== "bills") return null;
  const shares = pays.bills.map((share) => ({ bill: state.invoice(share.invoice), amount: share.amount }));
  if (!shares.every((share): share is BillShare => share.bill !== null && openOf(share.bill) >= share.amount))
    return null;
  const held = holdersOfBills(
    state,
    pays.bills.map(({ invoice }) => invoice),
  ).map((holder) => holder.held);
  const credit = add(balanceOf(state.balances, "credit_available"), sum(held));
  return subtract(toPay, amount) > (method === "top_up_and_pay" ? credit : 0) ? null : shares;
}

/** The money pays bills: alone, or by way of the credit that it tops up. */
export function settleBillsBy(
  state: AccountState,
  attempt: Attempt,
  shares: readonly BillShare[],
  { theirId, atMs }: { theirId: string; atMs: number },
): Event[] {
  const { gateway, method, amount, id } = attempt;
  const isTopUp = method === "top_up_and_pay";
  const from = isTopUp ? "credit_available" : (`clearing:${gateway}` as const);
  const pending = paymentOf(state, attempt);
  const paying = { id, method, from, pending, isAutomatic: false, reference: null } as const;
  const { events } = settleBills(state, shares, paying, atMs);
  return [
    ...(isTopUp ? deposit(amount, gateway, { atMs, reference: id, description: "Top-up" }) : []),
    ...events,
    { type: "attempt_changed", attempt: ended(attempt, { status: "succeeded", theirId }, atMs) },
  ];
}

/** The money becomes credit: it was to, or nothing else can become of it. It is never lost. */
export function depositAll(
  state: AccountState,
  attempt: Attempt,
  { theirId, atMs, amount = attempt.amount, reason = ORDER_NEEDED_NO_MONEY }: Deposited,
): Event[] {
  const { id, gateway } = attempt;
  const isBought = attempt.pays === null;
  return [
    ...giveUpOf(state, attempt, atMs),
    ...deposit(amount, gateway, { atMs, reference: id, description: isBought ? "Top-up" : reason }),
    { type: "attempt_changed", attempt: ended(attempt, { status: "succeeded", theirId }, atMs) },
    {
      type: "payment_recorded",
      payment: {
        ...paymentOf(state, attempt),
        ...{ kind: "deposit", status: "succeeded", amount, reason: isBought ? null : reason },
      },
    },
    {
      type: "notice_given",
      notice: {
        key: `deposit_received:${id}`,
        template: "deposit_received",
        ...{ atMs, order: orderPaidBy(attempt), ...billsOf(attempt), gateway, amount },
      },
    },
    ...receipt(state, attempt, amount, atMs),
    ...autoTopUpEnded(state, attempt, "succeeded", atMs),
  ];
}

interface Deposited {
  readonly theirId: string;
  readonly atMs: number;
  readonly amount?: Money;
  readonly reason?: string;
}

function paymentOf(state: AccountState, { id }: Attempt): Payment {
  const payment = state.payment(id);
  if (!payment) throw new Error(`attempt ${id} has no payment`);
  return payment;
}

/** The bills that an attempt was for, as a mail names them. */
const billsOf = ({ pays }: Attempt): { readonly bills?: readonly InvoiceCode[] } =>
  pays?.kind === "bills" ? { bills: pays.bills.slice(0, MAX_BILLS_TOLD).map(({ invoice }) => invoice) } : {};
