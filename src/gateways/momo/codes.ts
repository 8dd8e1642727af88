import type { Failure, FailureReason, GatewayStanding } from "../../domain/gateway.ts";

/** MoMo's `resultCode`s; what isn't listed says nothing certain of a payment. */
export const PAID = "0";
export const NOT_FOUND = "42";

/** Waiting for the payer or somebody's processing; 9000: authorised, and not captured yet. */
const PENDING = ["1000", "7000", "7002", "8000", "9000"];

/** What was asked about, or agreed to, is authorised; of a link, that its token can be fetched. */
export const AUTHORISED = "9000";

/** Final: no money was taken, and none will be. */
const FAILED: Readonly<Record<string, FailureReason>> = {
  "1001": "insufficient_funds",
  "1002": "declined",
  "1003": "cancelled",
  "1004": "limit_exceeded",
  "1005": "expired",
  "1006": "cancelled",
  "1007": "declined",
  "1017": "cancelled",
  "1026": "declined",
  "2001": "link_gone",
  "2007": "declined",
  "3001": "cancelled",
  "3002": "declined",
  "4001": "declined",
  "4002": "declined",
  "4100": "authentication_failed",
};

/** The request itself was refused, so it did nothing. Of an earlier request's payment these say nothing. */
const REFUSED: Readonly<Record<string, FailureReason>> = {
  "10": "gateway_unavailable",
  "11": "misconfigured",
  "12": "misconfigured",
  "13": "misconfigured",
  "20": "misconfigured",
  "21": "amount_not_allowed",
  "22": "amount_not_allowed",
};

const REFUND_REFUSED: Readonly<Record<string, FailureReason>> = {
  "42": "not_refundable",
  "1080": "gateway_unavailable",
  "1081": "not_refundable",
  "1088": "not_refundable",
};

/** How a payment stands; what MoMo may say beyond its list is still pending. */
export function standingOf(resultCode: string): GatewayStanding {
  if (resultCode === PAID) return { kind: "succeeded" };
  return failure(FAILED, resultCode) ?? { kind: "pending" };
}

export const isPending = (resultCode: string): boolean => PENDING.includes(resultCode);

/** Why a payment or its creation failed for good; null where that isn't certain. */
export const paymentFailure = (resultCode: string): Failure | null => failure(FAILED, resultCode);

export const creationFailure = (resultCode: string): Failure | null =>
  failure(REFUSED, resultCode) ?? failure(FAILED, resultCode);

/** What keeps a link from being ended is no end: it is told again. */
export const unlinkFailure = (resultCode: string): Failure | null =>
  resultCode === NOT_FOUND
    ? { kind: "failed", reason: "link_gone", theirCode: resultCode }
    : (failure(REFUSED, resultCode) ?? failure(FAILED, resultCode));

export const refundFailure = (resultCode: string): Failure | null =>
  failure(REFUND_REFUSED, resultCode) ?? failure(REFUSED, resultCode);

function failure(table: Readonly<Record<string, FailureReason>>, theirCode: string): Failure | null {
  const reason = table[theirCode];
  return reason === undefined ? null : { kind: "failed", reason, theirCode };
}
