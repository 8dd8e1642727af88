import { addMonths, anchorDayOf } from "../calendar.ts";
import { type Context, type Decided, done } from "../decision.ts";
import { refused } from "../errors.ts";
import type { Event } from "../events.ts";
import { balanceOf, transfersOf } from "../ledger.ts";
import { floorToMinute } from "../local-time.ts";
import { type Currency, larger, type Money, subtract, ZERO } from "../money.ts";
import { type PocWallet, usedOf } from "../poc/wallet.ts";
import { MAX_PERIOD_MONTHS } from "../quotes/period.ts";
import { err } from "../result.ts";
import type { AccountState } from "../state.ts";

/**
 * Operations grant trial money: `amount` in all, so that repeating a grant doesn't refill what was used, up to an end
 * that can be moved. (Domain: POC.)
 */
export interface SetPocWallet {
  readonly type: "set_poc_wallet";
  readonly amount: Money;
  readonly expiresAtMs: number;
  readonly reference: string;
}

export interface PocWalletSet {
  readonly granted: Money;
  readonly balance: Money;
  readonly currency: Currency;
  readonly expiresAtMs: number;
}

export function setPocWallet(
  state: AccountState,
  { amount, expiresAtMs: askedMs, reference }: SetPocWallet,
  { nowMs }: Context,
): Decided<PocWalletSet> {
  const { account, balances, pocWallet: before } = state;
  if (!account) return err({ code: "account_not_found" });
  const { timeZone, currency } = account;
  const expiresAtMs = floorToMinute(askedMs);
  const [balance, expired] = [balanceOf(balances, "poc"), balanceOf(balances, "poc_expired")];
  if (before?.granted === amount && before.expiresAtMs === expiresAtMs)
    return done({ granted: amount, balance, currency, expiresAtMs });
  if (expiresAtMs <= nowMs) return refused({ code: "period_in_the_past", path: "expiresAt" });
  if (expiresAtMs > addMonths(nowMs, MAX_PERIOD_MONTHS, anchorDayOf(nowMs, timeZone), timeZone))
    return refused({ code: "period_too_long", path: "expiresAt" });
  const used = usedOf(before, balances);
  if (amount < used) return err({ code: "poc_amount_below_used" });
  if (expiresAtMs < lastEndMs(state)) return err({ code: "poc_wallet_in_use" });
  const isMoved = before?.expiresAtMs !== expiresAtMs;
  const wallet: PocWallet = {
    ...{ granted: amount, expiresAtMs, hasEnded: false },
    ranAtMs: isMoved ? nowMs : before.ranAtMs,
  };
  const granted = subtract(amount, before?.granted ?? ZERO);
  const transfers = transfersOf(
    { from: "poc_expired", to: "poc", amount: expired },
    { from: "adjustments", to: "poc", amount: larger(granted, ZERO) },
    { from: "poc", to: "adjustments", amount: larger(subtract(ZERO, granted), ZERO) },
  );
  const entry = { atMs: nowMs, reference, description: "Trial money granted" };
  const posted: Event = { type: "money_posted", transaction: { kind: "grant", ...entry, transfers } };
  return done(
    { granted: amount, balance: subtract(amount, used), currency, expiresAtMs },
    { type: "poc_wallet_changed", wallet },
    ...(transfers.length > 0 ? [posted] : []),
  );
}

/** What lives on trial money, or is about to, ends with the wallet at the latest. */
const lastEndMs = (state: AccountState): number =>
  Math.max(
    ...state.pocResources().flatMap(({ endAtMs, pending }) => {
      const line = pending && state.order(pending.order)?.quote.lines.find(({ id }) => id === pending.line);
      return [endAtMs ?? 0, line?.endAtMs ?? 0];
    }),
    0,
  );
