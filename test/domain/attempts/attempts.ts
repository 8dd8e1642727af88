import type { AttemptId, AttemptMethod } from "../../../src/domain/attempts/attempt.ts";
import type { GatewayTerms } from "../../../src/domain/attempts/offers.ts";
import type { HearGateway, Standing } from "../../../src/domain/commands/hear-gateway.ts";
import type { PayOrder } from "../../../src/domain/commands/pay-order.ts";
import type { StartTopUp } from "../../../src/domain/commands/start-top-up.ts";
import type { CallbackId } from "../../../src/domain/ids.ts";
import { money } from "../../../src/domain/money.ts";
import { orderId } from "../samples.ts";

const termsOf = (name: GatewayTerms["name"], merchant: string, min: number, max: number): GatewayTerms => ({
  name,
  merchant,
  limits: { currency: "VND", minMinor: money(min), maxMinor: money(max), maxRefundMinor: money(max) },
});

export const MOMO = termsOf("momo", "MOMOTEST", 1_000, 50_000_000);
export const VNPAY = termsOf("vnpay", "VNPTEST1", 5_000, 999_999_999);

const RETURN_URL = "https://billing.example/checkout";

/** Attempts of the tests are numbered. */
export const attemptId = (n: number): AttemptId => `attempt_${n}` as AttemptId;

export const payAt = (
  method: AttemptMethod,
  n = 1,
  { terms = MOMO, order = "ord_1" }: { terms?: GatewayTerms; order?: string } = {},
): PayOrder => ({
  type: "pay_order",
  order: orderId(order),
  method,
  payment: attemptId(n),
  reservedCoupon: null,
  at: { terms, returnUrl: RETURN_URL },
});

export const topUp = (amount: number, n = 1, terms: GatewayTerms | null = MOMO): StartTopUp => ({
  type: "start_top_up",
  payment: attemptId(n),
  amount: money(amount),
  terms,
  returnUrl: RETURN_URL,
  returnAllowed: true,
  linkedAccount: null,
});

/** What MoMo says about an attempt; `amount` is what it says of a success. */
export const heard = (
  standing: Standing,
  of: { n?: number; amount?: number; merchant?: string; source?: HearGateway["source"] } & Partial<
    Pick<HearGateway, "coupon" | "gateway">
  > = {},
): HearGateway => {
  const { n = 1, amount = 181_000, merchant = MOMO.merchant, source = "callback" } = of;
  return {
    type: "hear_gateway",
    gateway: of.gateway ?? "momo",
    attempt: attemptId(n),
    source,
    standing,
    claim: standing.kind === "succeeded" ? { merchant, amount: money(amount), currency: "VND" } : null,
    filing: `cb_${n}_${amount}_${standing.kind === "succeeded" ? standing.theirId : ""}` as CallbackId,
    coupon: of.coupon ?? { reserved: null },
  };
};

export const success = (theirId = "4000000001"): Standing => ({ kind: "succeeded", theirId });
export const refusal: Standing = { kind: "failed", reason: "cancelled" };
