import type { AttemptId } from "../attempts/attempt.ts";
import { balanceOf } from "../ledger.ts";
import type { LinkedAccountId } from "../linking/linked-account.ts";
import { DAY_MS, HOUR_MS } from "../local-time.ts";
import { add, larger, type Money, portion, subtract, sum, ZERO } from "../money.ts";
import { monthOf } from "../month.ts";
import { dividedBy, exact, ratio } from "../ratio.ts";
import type { Resource } from "../resource.ts";
import type { AccountState } from "../state.ts";

/** What renewals will take is looked at so long before they are attempted. (Domain: Automatic top-up.) */
export const RENEWAL_LEAD_MS = HOUR_MS;
/** After so many failures in a row it is tried again after as long; then after the last of these. */
export const BACK_OFF_MS: readonly number[] = [HOUR_MS, 4 * HOUR_MS, DAY_MS];
/** A charge that was to be made and of which nothing was heard is looked at again after this long. */
export const LOOKED_AT_AGAIN_MS = HOUR_MS;
const MINUTES_A_MONTH = 43_200;

/** What a customer wants charged without being asked. */
export interface AutoTopUpSettings {
  /** Available credit below this is filled up. */
  readonly threshold: Money;
  readonly amount: Money;
  /** Charged in a local calendar month at most. */
  readonly monthlyCap: Money;
  readonly linkedAccount: LinkedAccountId;
  /** Where a customer whose gateway asks for a confirmation comes back to. */
  readonly returnUrl: string;
}

/** Credit that is bought by itself from a linked account. An account has one at most, under this id. */
export interface AutoTopUp extends AutoTopUpSettings {
  readonly id: typeof AUTO_TOP_UP_ID;
  readonly isOn: boolean;
  /** The local month that `charged` is about, by its first instant. */
  readonly monthStartMs: number;
  /** Charged in that month, or being charged. */
  readonly charged: Money;
  /** The charge that is under way: there is one at a time. */
  readonly attempt: AttemptId | null;
  /** Charges in a row that failed. */
  readonly failures: number;
  /** Nothing is charged before this. */
  readonly notBeforeMs: number | null;
  /** Renewals up to this instant were looked at. */
  readonly fundedToMs: number;
  readonly changedAtMs: number;
  /** A charge was asked for, and hasn't begun yet. */
  readonly isAsked: boolean;
}

export const AUTO_TOP_UP_ID = "auto_top_up";

/** What was charged in the local month of an instant. */
export const chargedIn = ({ monthStartMs, charged }: AutoTopUp, atMs: number, timeZone: string): Money =>
  monthOf(atMs, timeZone).startMs === monthStartMs ? charged : ZERO;

/**
 * What is to be charged now: `amount`, or what the renewals of the next hour lack where that is more, and never above
 * the month's cap. Null where nothing is, or may be. (Domain: Automatic top-up.)
 */
export function wantedNow(state: AccountState, nowMs: number): Money | null {
  const { account, autoTopUp } = state;
  if (!account || !autoTopUp?.isOn || autoTopUp.attempt !== null) return null;
  const { threshold, amount, monthlyCap } = autoTopUp;
  const available = balanceOf(state.balances, "credit_available");
  const renewals = sum(state.renewalsBy(nowMs + RENEWAL_LEAD_MS).map(renewalEstimate));
  const missing = larger(subtract(renewals, available), ZERO);
  if (available >= threshold && missing === 0) return null;
  const left = subtract(monthlyCap, chargedIn(autoTopUp, nowMs, account.timeZone));
  const wish = larger(amount, missing);
  if (wish <= left) return wish;
  return amount <= left ? amount : null;
}

/** At the prices of its last term: what has become dearer meanwhile its renewal says itself. */
export function renewalEstimate({ terms, autoRenew }: Resource): Money {
  const last = terms.at(-1);
  if (!last) return ZERO;
  return portion(last.gross, dividedBy(ratio(autoRenew.months * MINUTES_A_MONTH), exact(last.billed)));
}

/** When somebody has to look whether credit is to be bought: at once where it is low, and before renewals. */
export function autoTopUpDueAtMs(
  { isOn, attempt, threshold, notBeforeMs, changedAtMs }: AutoTopUp,
  available: Money,
  { nextRenewalAtMs, atMs }: { nextRenewalAtMs: number | null; atMs: number | null },
): number | null {
  if (!isOn || attempt !== null) return null;
  const low = available < threshold ? Math.max(changedAtMs, atMs ?? 0) : null;
  const renewal = nextRenewalAtMs === null ? null : nextRenewalAtMs - RENEWAL_LEAD_MS;
  const due = [low, renewal].filter((instant) => instant !== null);
  return due.length === 0 ? null : Math.max(Math.min(...due), notBeforeMs ?? 0);
}

/** A charge has begun: it counts from now on, unless it fails. */
export const begun = (
  autoTopUp: AutoTopUp,
  { id, amount }: { readonly id: AttemptId; readonly amount: Money },
  atMs: number,
  timeZone: string,
): AutoTopUp => ({
  ...autoTopUp,
  ...{ attempt: id, isAsked: false, notBeforeMs: null, changedAtMs: atMs },
  charged: add(chargedIn(autoTopUp, atMs, timeZone), amount),
  monthStartMs: monthOf(atMs, timeZone).startMs,
});
