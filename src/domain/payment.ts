import type { LineId, OrderId, PaymentId, ResourceId } from "./ids.ts";
import type { Currency, Money } from "./money.ts";

export const PAY_METHODS = ["credit", "top_up_and_pay", "gateway", "linked", "poc", "hold"] as const;
export type PayMethod = (typeof PAY_METHODS)[number];

/**
 * A row of the payment history, written once: the invoices that it leads to name it, and have higher numbers than the
 * `documents` that there were by then. A `refund` names the payment it gives back in `refundOf`.
 */
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
  }[];
  readonly documents: number;
  readonly reason: string | null;
  readonly createdAtMs: number;
}
