import { asked } from "../attempts/attempt.ts";
import { type Context, type Decided, done } from "../decision.ts";
import type { Event } from "../events.ts";
import type { RefundId } from "../refunds/source-refund.ts";
import type { AccountState } from "../state.ts";

/** Time has passed for a refund: its gateway is asked. */
export interface RunRefundDue {
  readonly type: "run_refund_due";
  readonly refund: RefundId;
}

export type RefundDueRan = "asked" | "nothing";

/** One that its gateway said nothing final about, for as long as it is asked, is operations' to look at. */
export function runRefundDue(
  state: AccountState,
  { refund: id }: RunRefundDue,
  { nowMs }: Context,
): Decided<RefundDueRan> {
  const refund = state.refund(id);
  if (!refund || refund.nextQueryAtMs === null || refund.nextQueryAtMs > nowMs) return done("nothing");
  const watched = asked(refund, nowMs);
  const isGivenUp = watched.status === "open" && watched.nextQueryAtMs === null;
  const unresolved: Event = {
    type: "alert_raised",
    alert: { key: `unresolved:${id}`, kind: "refund_unresolved", subject: id, atMs: nowMs },
  };
  return done(
    "asked",
    { type: "refund_changed", refund: watched },
    { type: "refund_query_wanted", refund: id },
    ...(isGivenUp ? [unresolved] : []),
  );
}
