import type { InvoiceCode, LineId, OrderId, PaymentId, ResourceId } from "./ids.ts";
import type { Currency, Money } from "./money.ts";
import { type Order, toPayFor, toPayForOrder } from "./order.ts";

export const PAY_METHODS = ["credit", "top_up_and_pay", "gateway", "linked", "poc", "hold"] as const;
export type PayMethod = (typeof PAY_METHODS)[number];

/** A row of the payment history. A `refund` names the payment it gives back in `refundOf`. */
export interface Payment {
  readonly id: PaymentId;
  /** Counts the account's payments and refunds, in the order they came about. */
  readonly n: number;
  readonly kind: "payment" | "refund";
  readonly method: PayMethod;
  readonly gateway: string | null;
  readonly status: "pending" | "succeeded" | "failed";
  readonly amount: Money;
  readonly currency: Currency;
  readonly order: OrderId;
  readonly refundOf: PaymentId | null;
  readonly lines: readonly {
    readonly line: LineId;
    readonly resource: ResourceId;
    readonly amount: Money;
    readonly invoice: InvoiceCode | null;
  }[];
  readonly reason: string | null;
  readonly createdAtMs: number;
}

/** The payment of a whole order whose lines have their resources; it hasn't led to invoices yet. */
export function paymentFor(
  order: Order,
  { id, n, method, nowMs }: { id: PaymentId; n: number; method: PayMethod; nowMs: number },
): Payment {
  return {
    id,
    n,
    kind: "payment",
    method,
    gateway: null,
    status: "succeeded",
    amount: toPayForOrder(order),
    currency: order.currency,
    order: order.id,
    refundOf: null,
    lines: order.quote.lines.flatMap((line) =>
      line.resource
        ? [{ line: line.id, resource: line.resource, amount: toPayFor(line), invoice: null }]
        : [],
    ),
    reason: null,
    createdAtMs: nowMs,
  };
}
