import type { Attempt, AttemptId } from "../attempts/attempt.ts";
import { begin } from "../attempts/begin.ts";
import type { GatewayTerms } from "../attempts/offers.ts";
import { type AutoTopUp, begun, wantedNow } from "../auto-top-up/auto-top-up.ts";
import { type Context, type Decided, done } from "../decision.ts";
import { offerOf } from "../gateway.ts";
import { isChargeable } from "../linking/chargeable.ts";
import { ZERO } from "../money.ts";
import type { AccountState } from "../state.ts";

/** Credit is bought from a linked account, where it is still wanted. `terms`: null where its gateway isn't there any more. */
export interface BeginAutoTopUp {
  readonly type: "begin_auto_top_up";
  readonly payment: AttemptId;
  readonly terms: GatewayTerms | null;
}

/** Answers the attempt that is to be charged; null where none is. */
export function beginAutoTopUp(
  state: AccountState,
  { payment: id, terms }: BeginAutoTopUp,
  { nowMs }: Context,
): Decided<Attempt | null> {
  const { account, autoTopUp } = state;
  if (!account || !autoTopUp) return done(null);
  const { linkedAccount, returnUrl } = autoTopUp;
  const { currency, timeZone } = account;
  const amount = wantedNow(state, nowMs);
  const isPossible = amount !== null && terms !== null && isChargeable(state, linkedAccount, terms);
  if (!isPossible || offerOf(terms.limits, amount, currency).kind !== "offered") {
    const answered: AutoTopUp = { ...autoTopUp, isAsked: false };
    return autoTopUp.isAsked ? done(null, { type: "auto_top_up_changed", autoTopUp: answered }) : done(null);
  }
  const agreed = { id, terms, returnUrl, linkedAccount, amount, currency, method: "linked" } as const;
  const credit = { pays: null, paidBy: null, credit: ZERO, toPay: ZERO } as const;
  const { attempt, events } = begin({ ...agreed, ...credit }, state.counts, nowMs);
  // Until its gateway has answered, its answer is waited for.
  const charged: Attempt = { ...attempt, isAsked: true };
  return done(
    charged,
    ...events,
    { type: "attempt_changed", attempt: charged },
    { type: "auto_top_up_changed", autoTopUp: begun(autoTopUp, attempt, nowMs, timeZone) },
  );
}
