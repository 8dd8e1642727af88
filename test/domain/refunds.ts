import type { HearRefund, RefundStanding } from "../../src/domain/commands/hear-refund.ts";
import type { StartRefund } from "../../src/domain/commands/start-refund.ts";
import { money } from "../../src/domain/money.ts";
import type { RefundId } from "../../src/domain/refunds/source-refund.ts";
import { attemptId, MOMO, VNPAY } from "./attempts/attempts.ts";

/** Refunds of the tests are numbered. */
export const refundId = (n: number): RefundId => `refund_${n}` as RefundId;

/** Sends back so much of a numbered attempt. */
export const startRefund = (
  amount: number,
  { n = 1, of = 1, terms = [MOMO, VNPAY] }: { n?: number; of?: number; terms?: StartRefund["terms"] } = {},
): StartRefund => ({
  type: "start_refund",
  payment: attemptId(of),
  refund: refundId(n),
  amount: money(amount),
  reason: "asked for",
  requestedBy: "admin:ops",
  terms,
});

export const hearRefund = (standing: RefundStanding, n = 1): HearRefund => ({
  type: "hear_refund",
  refund: refundId(n),
  standing,
});

export const refunded: RefundStanding = { kind: "refunded", theirId: "5000000001" };
