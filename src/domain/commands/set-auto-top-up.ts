import { type GatewayTerms, whyNot } from "../attempts/offers.ts";
import { AUTO_TOP_UP_ID, type AutoTopUp, type AutoTopUpSettings } from "../auto-top-up/auto-top-up.ts";
import { type Context, type Decided, done } from "../decision.ts";
import { refused } from "../errors.ts";
import { offerOf } from "../gateway.ts";
import { isChargeable } from "../linking/chargeable.ts";
import { ZERO } from "../money.ts";
import { monthOf } from "../month.ts";
import { err } from "../result.ts";
import type { AccountState } from "../state.ts";

/** Has credit bought by itself, or (`settings` null) no more. `terms`: of its linked account's gateway, null without one. */
export interface SetAutoTopUp {
  readonly type: "set_auto_top_up";
  readonly settings: AutoTopUpSettings | null;
  readonly terms: GatewayTerms | null;
}

/** What was charged this month goes on counting, and what is under way goes on. (Domain: Automatic top-up.) */
export function setAutoTopUp(
  state: AccountState,
  { settings, terms }: SetAutoTopUp,
  { nowMs }: Context,
): Decided<AutoTopUp | null> {
  const { account, autoTopUp: before } = state;
  if (!account) return err({ code: "account_not_found" });
  if (!settings) {
    if (!before?.isOn) return done(before);
    const off: AutoTopUp = { ...before, isOn: false, isAsked: false, changedAtMs: nowMs };
    return done(off, { type: "auto_top_up_changed", autoTopUp: off });
  }
  const { amount, monthlyCap, linkedAccount } = settings;
  if (!terms || !isChargeable(state, linkedAccount, terms))
    return refused({ code: "method_not_available", path: "linkedAccount" });
  const offer = offerOf(terms.limits, amount, account.currency);
  if (offer.kind !== "offered")
    return refused({ code: "method_not_available", path: "amount", detail: whyNot(offer) });
  if (monthlyCap < amount) return refused({ code: "monthly_cap_below_amount", path: "monthlyCap" });
  const autoTopUp: AutoTopUp = {
    ...{ monthStartMs: monthOf(nowMs, account.timeZone).startMs, charged: ZERO, attempt: null },
    ...{ fundedToMs: nowMs },
    ...before,
    ...settings,
    ...{ id: AUTO_TOP_UP_ID, isOn: true, failures: 0, notBeforeMs: null, isAsked: false },
    changedAtMs: nowMs,
  };
  return done(autoTopUp, { type: "auto_top_up_changed", autoTopUp });
}
