import { isOpenBill } from "../bills/bill.ts";
import { settleBills } from "../bills/settle.ts";
import { type Context, type Decided, done } from "../decision.ts";
import type { InvoiceCode, PaymentId } from "../ids.ts";
import { type Invoice, openOf } from "../invoice.ts";
import type { Money } from "../money.ts";
import type { Payment } from "../payment.ts";
import { err } from "../result.ts";
import type { AccountState } from "../state.ts";

/**
 * Operations have seen a bill's money come another way, such as by bank transfer. `payment` is named after the bill and
 * the reference: what was recorded once isn't recorded again. (Domain: Postpaid, Bills.)
 */
export interface RecordOutsidePayment {
  readonly type: "record_outside_payment";
  readonly payment: PaymentId;
  readonly bill: InvoiceCode;
  readonly amount: Money;
  readonly reference: string;
}

export interface OutsidePaymentRecorded {
  readonly payment: Payment;
  readonly bill: Invoice;
}

export function recordOutsidePayment(
  state: AccountState,
  { payment: id, bill: code, amount, reference }: RecordOutsidePayment,
  { nowMs }: Context,
): Decided<OutsidePaymentRecorded> {
  if (!state.account) return err({ code: "account_not_found" });
  const bill = state.invoice(code);
  if (!bill) return err({ code: "invoice_not_found" });
  const recorded = state.payment(id);
  if (recorded)
    return recorded.amount === amount
      ? done({ payment: recorded, bill })
      : err({ code: "outside_payment_differs" });
  if (!isOpenBill(bill)) return err({ code: "invoice_already_paid" });
  if (amount > openOf(bill)) return err({ code: "amount_exceeds_open" });
  const paying = { id, method: "outside", from: "outside", pending: null, isAutomatic: false } as const;
  const settled = settleBills(state, [{ bill, amount }], { ...paying, reference }, nowMs);
  return done({ payment: settled.payment, bill: settled.bills[0] ?? bill }, ...settled.events);
}
