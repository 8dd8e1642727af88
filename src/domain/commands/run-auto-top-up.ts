import {
  type AutoTopUp,
  LOOKED_AT_AGAIN_MS,
  RENEWAL_LEAD_MS,
  wantedNow,
} from "../auto-top-up/auto-top-up.ts";
import { type Context, type Decided, done } from "../decision.ts";
import { balanceOf } from "../ledger.ts";
import { monthOf } from "../month.ts";
import type { AccountState } from "../state.ts";

/** Credit is low, or renewals come: somebody has to look whether credit is to be bought. */
export interface RunAutoTopUp {
  readonly type: "run_auto_top_up";
}

export type AutoTopUpRan = "asked" | "turned_off" | "looked" | "nothing";

/** A linked account that isn't one any more turns it off; a month whose cap is reached is waited out. */
export function runAutoTopUp(
  state: AccountState,
  _: RunAutoTopUp,
  { nowMs }: Context,
): Decided<AutoTopUpRan> {
  const { account, autoTopUp } = state;
  if (!account || !autoTopUp?.isOn || autoTopUp.attempt !== null) return done("nothing");
  if (autoTopUp.notBeforeMs !== null && autoTopUp.notBeforeMs > nowMs) return done("nothing");
  if (state.linkedAccount(autoTopUp.linkedAccount)?.status !== "active")
    return done("turned_off", changed({ ...autoTopUp, isOn: false, isAsked: false, changedAtMs: nowMs }));
  const looked = { ...autoTopUp, fundedToMs: nowMs + RENEWAL_LEAD_MS, changedAtMs: nowMs };
  if (wantedNow(state, nowMs) !== null)
    return done("asked", changed({ ...looked, notBeforeMs: nowMs + LOOKED_AT_AGAIN_MS, isAsked: true }), {
      type: "auto_top_up_wanted",
    });
  const isLow = balanceOf(state.balances, "credit_available") < autoTopUp.threshold;
  const notBeforeMs = isLow ? monthOf(nowMs, account.timeZone).endMs : null;
  return done("looked", changed({ ...looked, notBeforeMs, isAsked: false }));
}

const changed = (autoTopUp: AutoTopUp) => ({ type: "auto_top_up_changed", autoTopUp }) as const;
