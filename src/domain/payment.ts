import type { GatewayName } from "./gateway.ts";
import type { InvoiceCode, LineId, OrderId, PaymentId, ResourceId } from "./ids.ts";
import type { Book } from "./ledger.ts";
import type { Currency, Money } from "./money.ts";
import { type Order, toPayFor, toPayForOrder } from "./order.ts";
import type { Counts } from "./state.ts";

export const PAY_METHODS = ["credit", "top_up_and_pay", "gateway", "linked", "poc", "hold"] as const;
export type PayMethod = (typeof PAY_METHODS)[number];

/** How something was paid: also `outside`, by bank transfer, or however else operations saw it come. */
export const PAID_METHODS = [...PAY_METHODS, "outside"] as const;

/**
 * A row of the payment history: the invoices that it leads to name it, and have higher numbers than the
 * `documents` that there were by then. A `refund` names the payment it gives back in `refundOf`. What goes
 * through a gateway is `pending` until that has said how it ended; a `deposit` is money from there that became credit.
 */
export interface Payment {
  readonly id: PaymentId;
  /** Counts the account's payments and refunds, in the order they came about. */
  readonly n: number;
  readonly kind: "payment" | "refund" | "deposit";
  readonly method: (typeof PAID_METHODS)[number];
  readonly gateway: GatewayName | null;
  readonly status: "pending" | "succeeded" | "failed";
  readonly amount: Money;
  readonly currency: Currency;
  /** What it pays, or was to pay; null for bills, which its lines name, and for credit that was bought. */
  readonly order: OrderId | null;
  readonly refundOf: PaymentId | null;
  readonly lines: readonly {
    readonly line: LineId;
    readonly resource: ResourceId;
    readonly amount: Money;
    /** The bill that it pays, or what a refund takes back. */
    readonly invoice?: InvoiceCode;
  }[];
  readonly documents: number;
  readonly reason: string | null;
  /** What an outside payment is called there. */
  readonly reference?: string;
  readonly createdAtMs: number;
  /** Who pays on the customer's behalf, where somebody does. */
  readonly paidBy?: string;
}

/** How an order is being paid, and out of which book. */
export interface Paying {
  readonly id: PaymentId;
  readonly method: PayMethod;
  readonly from: Book;
  /** The row that has waited for it. */
  readonly pending: Payment | null;
}

/** The payment of a whole order whose lines have their resources; it hasn't led to invoices yet. */
export function paymentFor(
  order: Order,
  { id, method, pending }: Paying,
  counts: Counts,
  nowMs: number,
): Payment {
  return {
    id,
    n: pending?.n ?? counts.payments + 1,
    kind: "payment",
    method,
    gateway: pending?.gateway ?? null,
    status: "succeeded",
    amount: pending?.amount ?? toPayForOrder(order),
    currency: order.currency,
    order: order.id,
    refundOf: null,
    lines: order.quote.lines.flatMap((line) =>
      line.resource ? [{ line: line.id, resource: line.resource, amount: toPayFor(line) }] : [],
    ),
    documents: counts.documents,
    reason: null,
    createdAtMs: pending?.createdAtMs ?? nowMs,
    ...(pending?.paidBy === undefined ? {} : { paidBy: pending.paidBy }),
  };
}
