import type { Attempt, AttemptId } from "../attempts/attempt.ts";
import { letsGoAtMs } from "../attempts/attempt.ts";
import type { FiledCallback } from "../attempts/callback.ts";
import {
  billsToSettle,
  depositAll,
  fail,
  orderToSettle,
  settle,
  settleBillsBy,
} from "../attempts/outcome.ts";
import { type Context, type Decided, type Done, done, type NeedsCoupon } from "../decision.ts";
import type { DomainError } from "../errors.ts";
import type { AlertKind, Event } from "../events.ts";
import type { FailureReason, GatewayName } from "../gateway.ts";
import type { CallbackId, CouponCode } from "../ids.ts";
import type { Currency, Money } from "../money.ts";
import { ok, type Result } from "../result.ts";
import type { AccountState } from "../state.ts";

/** How an attempt stands at its gateway; `unknown` where that couldn't be learnt. */
export type Standing =
  | { readonly kind: "pending" | "unknown" | "not_found" }
  | { readonly kind: "failed"; readonly reason: FailureReason }
  | { readonly kind: "succeeded"; readonly theirId: string };

/** What a gateway says about the payment, to be compared with the attempt's record. */
export interface Claim {
  readonly merchant: string;
  readonly amount: Money;
  readonly currency: Currency;
}

/**
 * A gateway is heard about an attempt: by its callback, whose signature was verified, or because it was asked. The same
 * may be heard any number of times, late and in any order.
 */
export interface HearGateway {
  readonly type: "hear_gateway";
  readonly gateway: GatewayName;
  readonly attempt: AttemptId;
  readonly source: "callback" | "query";
  readonly standing: Standing;
  /** Null where nothing was claimed: everything but a success may come without. */
  readonly claim: Claim | null;
  /** What money that fits nothing is filed as. */
  readonly filing: CallbackId;
  /** The coupon that is held for the order by now, if any; `refused` where there is none to be had. */
  readonly coupon: { readonly reserved: CouponCode | null } | "refused";
}

export interface GatewayHeard {
  /** `nobody`: there is no such account to keep anything. */
  readonly outcome: "taken" | "repeated" | "unmatched" | "mismatched" | "nobody";
}

/** Only a success moves money, once, and only where all that is claimed is what was recorded. (Domain: Checkout.) */
export function hearGateway(
  state: AccountState,
  command: HearGateway,
  { nowMs }: Context,
): Result<Done<GatewayHeard> | NeedsCoupon, DomainError> {
  const attempt = state.attempt(command.attempt);
  if (!state.account) return done({ outcome: "nobody" });
  if (!attempt) return filed(state, command, "unmatched", nowMs);
  if (attempt.gateway !== command.gateway || !fits(command.claim, attempt))
    return filed(state, command, "quarantined", nowMs);
  const { standing } = command;
  const contradicts = contradiction(attempt, command, nowMs);
  switch (standing.kind) {
    case "pending":
    case "unknown":
      return heard("taken", attempt, command, ...contradicts);
    case "not_found":
      return attempt.status === "open" && nowMs >= letsGoAtMs(attempt)
        ? done({ outcome: "taken" }, ...fail(state, attempt, "expired", nowMs))
        : heard("taken", attempt, command, ...contradicts);
    case "failed":
      return attempt.status === "open"
        ? done({ outcome: "taken" }, ...fail(state, attempt, standing.reason, nowMs))
        : heard("repeated", attempt, command, ...contradicts);
    case "succeeded":
      if (attempt.status !== "succeeded") return received(state, attempt, command, standing.theirId, nowMs);
      return standing.theirId === attempt.theirId
        ? heard("repeated", attempt, command)
        : filed(state, command, "quarantined", nowMs);
  }
}

/** Money has come: it settles its order or its bills, or becomes credit. */
function received(
  state: AccountState,
  attempt: Attempt,
  command: HearGateway,
  theirId: string,
  nowMs: number,
): Result<Done<GatewayHeard> | NeedsCoupon, DomainError> {
  const order = orderToSettle(state, attempt, nowMs);
  const coupon = order?.quote.coupon ?? null;
  const { coupon: use } = command;
  const isOff = use === "refused" && coupon !== null;
  if (order && coupon !== null && use !== "refused" && use.reserved !== coupon)
    return ok({ kind: "needs_coupon", coupon, order: order.id });
  const came = { theirId, atMs: nowMs };
  const bills = billsToSettle(state, attempt);
  const events = bills
    ? settleBillsBy(state, attempt, bills, came)
    : order && !isOff
      ? settle(state, attempt, order, came)
      : depositAll(state, attempt, came);
  return done({ outcome: "taken" }, ...contradiction(attempt, command, nowMs), ...events);
}

/** A gateway that was asked has answered; nothing else has changed. */
function heard(
  outcome: GatewayHeard["outcome"],
  attempt: Attempt,
  { source }: HearGateway,
  ...more: readonly Event[]
): Decided<GatewayHeard> {
  const answered: Event = { type: "attempt_changed", attempt: { ...attempt, isAsked: false } };
  return done({ outcome }, ...(source === "query" && attempt.isAsked ? [answered] : []), ...more);
}

const fits = (claim: Claim | null, { merchant, amount, currency }: Attempt): boolean =>
  claim === null || (claim.merchant === merchant && claim.amount === amount && claim.currency === currency);

/** What was final is said to be otherwise. Callbacks that come out of order say so without meaning it. */
function contradiction(attempt: Attempt, { standing, source }: HearGateway, atMs: number): Event[] {
  const { id, status } = attempt;
  const isOutOfOrder = source === "callback" && standing.kind === "pending";
  if (status === "open" || standing.kind === "unknown" || isOutOfOrder) return [];
  if (status === standing.kind) return [];
  if (status === "failed" && standing.kind !== "succeeded") return [];
  return [alert("gateway_contradiction", `contradiction:${id}:${standing.kind}`, id, atMs)];
}

/** Money that fits nothing is filed once, and nothing moves. Where there is no money there is nothing to file. */
function filed(
  state: AccountState,
  command: HearGateway,
  status: "unmatched" | "quarantined",
  atMs: number,
): Decided<GatewayHeard> {
  const { standing, claim, gateway, attempt: reference, filing: id } = command;
  const outcome = status === "unmatched" ? status : "mismatched";
  if (standing.kind !== "succeeded" || !claim || state.callback(id)) return done({ outcome });
  const { theirId } = standing;
  const callback: FiledCallback = { id, status, gateway, reference, ...claim, theirId, atMs };
  return done(
    { outcome },
    { type: "callback_filed", callback },
    alert("callback_filed", `callback:${id}`, id, atMs),
  );
}

const alert = (kind: AlertKind, key: string, subject: string, atMs: number): Event => ({
  type: "alert_raised",
  alert: { key, kind, subject, atMs },
});
