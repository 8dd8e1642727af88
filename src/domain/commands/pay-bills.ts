import { type Attempt, type AttemptId, isBeingCharged } from "../attempts/attempt.ts";
import { begin } from "../attempts/begin.ts";
import { holdersOfBills, letGoOfBills } from "../attempts/let-go.ts";
import { methodOffer, whyNot } from "../attempts/offers.ts";
import { isAttemptMethod, type PayWish, unavailablePart } from "../attempts/wish.ts";
import { type BillShare, isOpenBill, sharesOf, totalOpen } from "../bills/bill.ts";
import { settleBills } from "../bills/settle.ts";
import { type Context, type Decided, done } from "../decision.ts";
import { type DomainError, refused } from "../errors.ts";
import type { InvoiceCode, PaymentId } from "../ids.ts";
import type { Invoice } from "../invoice.ts";
import { balanceOf } from "../ledger.ts";
import { add, type Money, subtract, sum } from "../money.ts";
import type { Payment } from "../payment.ts";
import { err, ok, type Result } from "../result.ts";
import type { AccountState } from "../state.ts";

/** Pays bills, or begins to; `amount` where it is to be less than all that is open, null otherwise. */
export interface PayBills extends PayWish {
  readonly type: "pay_bills";
  readonly bills: readonly InvoiceCode[];
  readonly amount: Money | null;
  readonly payment: PaymentId;
}

export interface BillsPaid {
  readonly payment: Payment;
  /** What is to be paid at a gateway. */
  readonly attempt: Attempt | null;
}

/**
 * Takes from available credit what bills have open, or begins an attempt to get it through a gateway. What an earlier
 * attempt holds for one of them is let go. (Domain: Postpaid, Bills; Checkout.)
 */
export function payBills(state: AccountState, command: PayBills, { nowMs }: Context): Decided<BillsPaid> {
  const { method, at } = command;
  const { account } = state;
  if (!account) return err({ code: "account_not_found" });
  const unavailable = unavailablePart(state, command);
  if (unavailable) return refused({ code: "method_not_available", path: unavailable });
  const shares = sharesToPay(state, command);
  if (!shares.ok) return shares;
  const codes = shares.value.map(({ bill }) => bill.code);
  if (holdersOfBills(state, codes).some((holder) => isBeingCharged(holder, nowMs)))
    return err({ code: "payment_in_progress" });
  const toPay = sum(shares.value.map((share) => share.amount));
  const free = letGoOfBills(state, codes, nowMs);
  const available = add(balanceOf(state.balances, "credit_available"), free.freed);
  if (!at || !isAttemptMethod(method)) {
    if (available < toPay)
      return err({ code: "insufficient_credit", available, missing: subtract(toPay, available) });
    const paying = { id: command.payment, method, from: "credit_available", pending: null } as const;
    const now = { ...paying, isAutomatic: false, reference: null };
    const { payment, events } = settleBills(state, shares.value, now, nowMs);
    return done({ payment, attempt: null }, ...events);
  }
  const { currency } = account;
  const offer = methodOffer(method, { toPay, available, currency }, at.terms);
  if (offer.kind !== "offered")
    return refused({ code: "method_not_available", path: "method", detail: whyNot(offer) });
  const { amount, credit } = offer;
  const bills = shares.value.map((share) => ({ invoice: share.bill.code, amount: share.amount }));
  const { payment, attempt, events } = begin(
    // A gateway knows a payment by its id.
    {
      id: command.payment as AttemptId,
      ...{ method, ...at, pays: { kind: "bills", bills }, amount, credit, toPay, currency },
      linkedAccount: method === "linked" ? (command.linkedAccount ?? null) : null,
      paidBy: null,
    },
    state.counts,
    nowMs,
  );
  return done({ payment, attempt }, ...free.events, ...events);
}

function sharesToPay(
  state: AccountState,
  { bills: codes, amount }: PayBills,
): Result<BillShare[], DomainError> {
  const bills: Invoice[] = [];
  for (const code of new Set(codes)) {
    const bill = state.invoice(code);
    if (!bill) return err({ code: "invoice_not_found" });
    if (!isOpenBill(bill)) return err({ code: "invoice_already_paid" });
    bills.push(bill);
  }
  const open = totalOpen(bills);
  if (amount !== null && amount > open) return err({ code: "amount_exceeds_open" });
  return ok(sharesOf(bills, amount ?? open));
}
