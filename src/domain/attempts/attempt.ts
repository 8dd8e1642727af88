import type { NamedShare } from "../bills/bill.ts";
import type { FailureReason, GatewayName } from "../gateway.ts";
import type { GatewayReference } from "../gateway-reference.ts";
import type { OrderId, PaymentId } from "../ids.ts";
import type { LinkedAccountId } from "../linking/linked-account.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../local-time.ts";
import { type Currency, type Money, ZERO } from "../money.ts";

/** An attempt lives this long; its gateway is told so. (Domain: Checkout.) */
export const ATTEMPT_LIFE_MS = 15 * MINUTE_MS;
/** What it holds is let go this long after its end, where its gateway still hasn't said anything final. */
export const LET_GO_AFTER_MS = 15 * MINUTE_MS;

/** A charge of a linked account is answered within this, or its answer is lost. */
export const CHARGE_ANSWER_MS = MINUTE_MS;

/** When an open attempt's gateway is asked, from its beginning: often while somebody waits, and then for a week. */
export const QUERIES_AFTER_MS: readonly number[] = [
  ...[MINUTE_MS, 3 * MINUTE_MS, 8 * MINUTE_MS, 16 * MINUTE_MS, 31 * MINUTE_MS],
  ...[HOUR_MS, 3 * HOUR_MS, 12 * HOUR_MS],
  ...[DAY_MS, 2 * DAY_MS, 3 * DAY_MS, 4 * DAY_MS, 5 * DAY_MS, 6 * DAY_MS, 7 * DAY_MS],
];

/** What came to an end is compared with what its gateway says on so many mornings, at 03:00 in Vietnam. */
export const RECONCILIATIONS = 2;
const RECONCILED_AT_UTC_MS = 20 * HOUR_MS;

/** A payment's own id, by which its gateway knows it, too. */
export type AttemptId = PaymentId & GatewayReference;

export const ATTEMPT_METHODS = ["gateway", "top_up_and_pay", "linked"] as const;
export type AttemptMethod = (typeof ATTEMPT_METHODS)[number];

/** What money is to pay. */
export type Payable =
  | { readonly kind: "order"; readonly order: OrderId }
  | { readonly kind: "bills"; readonly bills: readonly NamedShare[] };

/**
 * One try to get money through a gateway: for what it `pays`, or (null) for credit. An order may see many; at most
 * one settles it. Money that one brings otherwise is a deposit. (Domain: Checkout.)
 */
export interface Attempt {
  readonly id: AttemptId;
  readonly gateway: GatewayName;
  /** Our name at the gateway. */
  readonly merchant: string;
  readonly method: AttemptMethod;
  readonly pays: Payable | null;
  /** The linked account that is charged; null where the payer goes to the gateway. */
  readonly linkedAccount: LinkedAccountId | null;
  /** What the gateway is to take. */
  readonly amount: Money;
  readonly currency: Currency;
  /** What there was to pay when this was agreed to. */
  readonly toPay: Money;
  /** Credit that is set aside for it. */
  readonly held: Money;
  /** Whether it holds nothing any more: neither credit, nor the order's coupon, nor the order's life. */
  readonly hasLetGo: boolean;
  readonly status: "open" | "succeeded" | "failed";
  /** Why it failed. */
  readonly failure: FailureReason | null;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly endedAtMs: number | null;
  /** What the gateway called it when it was told of it; null where it gave no name, or its answer was lost. */
  readonly createdAs: string | null;
  /** Where the payer goes; null until the gateway has said it. */
  readonly redirectUrl: string | null;
  /** Where the gateway sends the payer afterwards. */
  readonly returnUrl: string;
  /** The gateway's own number of the transaction that brought the money. */
  readonly theirId: string | null;
  /** When its gateway is asked next. */
  readonly nextQueryAtMs: number | null;
  /** How often it will be asked again after its end. */
  readonly reconciliations: number;
  /** A query is on its way, and wasn't answered yet. */
  readonly isAsked: boolean;
  /** What of its money was sent back to the gateway, or is on its way there. */
  readonly sentBack: Money;
}

/** What a gateway is asked about, until it has ended and for a while after that. */
export type Watched = Pick<
  Attempt,
  "status" | "createdAtMs" | "endedAtMs" | "nextQueryAtMs" | "reconciliations" | "isAsked"
>;

/** The order that an attempt is to pay, if that is what it pays. */
export const orderPaidBy = ({ pays }: Pick<Attempt, "pays">): OrderId | null =>
  pays?.kind === "order" ? pays.order : null;

export const letsGoAtMs = ({ expiresAtMs }: Pick<Attempt, "expiresAtMs">): number =>
  expiresAtMs + LET_GO_AFTER_MS;

/** Whether a linked account may just be being charged: whoever pays meanwhile might pay twice. */
export const isBeingCharged = (attempt: Attempt, nowMs: number): boolean =>
  attempt.linkedAccount !== null &&
  attempt.status === "open" &&
  attempt.redirectUrl === null &&
  nowMs < attempt.createdAtMs + CHARGE_ANSWER_MS;

/** When time next does something about an attempt. */
export function attemptDueAtMs(attempt: Attempt): number | null {
  const { nextQueryAtMs, hasLetGo } = attempt;
  if (hasLetGo) return nextQueryAtMs;
  return Math.min(letsGoAtMs(attempt), nextQueryAtMs ?? Number.MAX_SAFE_INTEGER);
}

/** What is watched once its gateway is asked: while it is open, the next question is further off each time. */
export function asked<W extends Watched>(watched: W, nowMs: number): W {
  if (watched.status === "open")
    return { ...watched, nextQueryAtMs: nextQueryAtMs(watched.createdAtMs, nowMs), isAsked: true };
  const reconciliations = watched.reconciliations - 1;
  const nextAtMs = reconciliations > 0 ? nextReconciliationAtMs(nowMs) : null;
  return { ...watched, reconciliations, nextQueryAtMs: nextAtMs, isAsked: true };
}

/** Questions that time has overtaken are one. */
export function nextQueryAtMs(createdAtMs: number, nowMs: number): number | null {
  const after = QUERIES_AFTER_MS.find((afterMs) => createdAtMs + afterMs > nowMs);
  return after === undefined ? null : createdAtMs + after;
}

/** The attempt at its end, which its gateway is still asked about. */
export const ended = (
  attempt: Attempt,
  end: Pick<Attempt, "status"> & Partial<Pick<Attempt, "failure" | "theirId">>,
  atMs: number,
): Attempt => ({
  ...attempt,
  failure: null,
  ...end,
  ...{ held: ZERO, hasLetGo: true },
  ...watchedAfterEnd(atMs),
});

/** How what has ended is watched from then on. */
export const watchedAfterEnd = (atMs: number) => ({
  ...{ endedAtMs: atMs, isAsked: false },
  ...{ reconciliations: RECONCILIATIONS, nextQueryAtMs: nextReconciliationAtMs(atMs) },
});

function nextReconciliationAtMs(atMs: number): number {
  const today = Math.floor(atMs / DAY_MS) * DAY_MS + RECONCILED_AT_UTC_MS;
  return today > atMs ? today : today + DAY_MS;
}
