import { type AttemptId, nextQueryAtMs, watchedAfterEnd } from "../attempts/attempt.ts";
import type { FailureReason, GatewayName } from "../gateway.ts";
import type { GatewayReference } from "../gateway-reference.ts";
import type { PaymentId } from "../ids.ts";
import { MINUTE_MS } from "../local-time.ts";
import type { Currency, Money } from "../money.ts";

/** What a gateway hasn't heard of by then never reached it. */
export const UNHEARD_AFTER_MS = 15 * MINUTE_MS;

/** A refund's own id, by which its gateway knows it, too; and the id of its row of the payment history. */
export type RefundId = PaymentId & GatewayReference;

/**
 * Money that goes back through the gateway it came from. What it gives back is out of available credit from its
 * beginning; an unknown outcome keeps it there. (Domain: Refunds to the source.)
 */
export interface SourceRefund {
  readonly id: RefundId;
  /** Whose money it gives back. */
  readonly attempt: AttemptId;
  readonly gateway: GatewayName;
  readonly amount: Money;
  readonly currency: Currency;
  readonly reason: string;
  /** Who of operations asked for it. */
  readonly requestedBy: string;
  readonly status: "open" | "succeeded" | "failed";
  /** Why it failed. */
  readonly failure: FailureReason | null;
  readonly createdAtMs: number;
  readonly endedAtMs: number | null;
  /** The gateway's own number of it; null where it gave none, or its answer was lost. */
  readonly theirId: string | null;
  /** When its gateway is asked next. */
  readonly nextQueryAtMs: number | null;
  /** How often it will be asked again after its end. */
  readonly reconciliations: number;
  /** A query is on its way, and wasn't answered yet. */
  readonly isAsked: boolean;
}

/** A refund as it is recorded, before its gateway hears of it. */
export const openRefund = (
  agreed: Pick<SourceRefund, "id" | "attempt" | "gateway" | "amount" | "currency" | "reason" | "requestedBy">,
  nowMs: number,
): SourceRefund => ({
  ...agreed,
  ...{ status: "open", failure: null, createdAtMs: nowMs, endedAtMs: null, theirId: null },
  ...{ nextQueryAtMs: nextQueryAtMs(nowMs, nowMs), reconciliations: 0, isAsked: false },
});

/** The refund at its end, which its gateway is still asked about. */
export const endedRefund = (
  refund: SourceRefund,
  end: Pick<SourceRefund, "status" | "failure" | "theirId">,
  atMs: number,
): SourceRefund => ({ ...refund, ...end, ...watchedAfterEnd(atMs) });
