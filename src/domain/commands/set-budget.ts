import type { Account } from "../account.ts";
import { about, BUDGET_ID, type Budget, nextMidnight, reachedBy, told } from "../budget/budget.ts";
import { type Context, type Decided, done } from "../decision.ts";
import type { Event } from "../events.ts";
import type { RecipientId } from "../ids.ts";
import { type Money, ZERO } from "../money.ts";
import { monthOf } from "../month.ts";
import { CONFIRMATION_LIFE_MS, isSameAddress, type Recipient } from "../recipient.ts";
import { err } from "../result.ts";
import type { AccountState } from "../state.ts";

export interface BudgetSettings {
  readonly monthlyLimit: Money;
  readonly alertEmail: string | null;
  /** How its owner would be asked whether they want the alerts; `confirmationUrl` is where they say yes. */
  readonly asking: { readonly recipient: RecipientId; readonly confirmationUrl: string } | null;
}

/** Sets what the account means to spend in a month, or (`settings` null) no more. */
export interface SetBudget {
  readonly type: "set_budget";
  readonly settings: BudgetSettings | null;
}

/** What was told this month isn't told again, unless the limit is another that wasn't reached. (Domain: Budget.) */
export function setBudget(
  state: AccountState,
  { settings }: SetBudget,
  { nowMs }: Context,
): Decided<Budget | null> {
  const { account, budget: before } = state;
  if (!account) return err({ code: "account_not_found" });
  if (!settings) {
    if (!before?.isOn) return done(null);
    return done(null, { type: "budget_changed", budget: { ...before, isOn: false, nextLookAtMs: null } });
  }
  const { monthlyLimit, alertEmail, asking } = settings;
  const { alert, isAsked } = alertOf(account, before, alertEmail, asking?.recipient, nowMs);
  const month = monthOf(nowMs, account.timeZone);
  const isUsed = state.usedResources().length > 0;
  const tomorrowMs = nextMidnight(nowMs, account.timeZone);
  const { startMs, endMs } = month;
  // Documents weren't counted while it was off.
  const counted: Budget = before?.isOn
    ? about(state, before, month)
    : {
        ...{ id: BUDGET_ID, isOn: true, monthlyLimit, alert },
        ...{ month: { startMs, endMs }, invoiced: state.invoicedIn({ startMs, endMs }), used: ZERO },
        ...{ told: before?.month.startMs === startMs ? before.told : 0, nextLookAtMs: null },
      };
  const wanted: Budget = {
    ...counted,
    ...{ monthlyLimit, alert },
    nextLookAtMs: isUsed ? Math.min(counted.nextLookAtMs ?? tomorrowMs, tomorrowMs) : null,
  };
  const isAnother = before !== null && before.monthlyLimit !== monthlyLimit;
  const budget = isAnother ? { ...wanted, told: Math.min(wanted.told, reachedBy(wanted)) } : wanted;
  const [changed, ...notices] = told(budget, nowMs);
  if (changed?.type !== "budget_changed") throw new Error("a budget that didn't change");
  const question = isAsked && asking && alert ? [askedAbout(alert, asking.confirmationUrl)] : [];
  return done(changed.budget, changed, ...notices, ...question);
}

/** Whether somebody has to be asked first; the owner and whoever gets the account's mails anyway haven't. */
export const mustBeAsked = (account: Account, before: Budget | null, email: string, nowMs: number): boolean =>
  !isOwn(account, email) && !isKept(before?.alert ?? null, email, nowMs);

const isOwn = ({ email: owner, recipients }: Account, email: string): boolean =>
  isSameAddress(owner, email) ||
  recipients.some((known) => known.confirmedAtMs !== null && isSameAddress(known.email, email));

/** Somebody who said yes, or may still. */
const isKept = (alert: Recipient | null, email: string, nowMs: number): boolean =>
  alert !== null &&
  isSameAddress(alert.email, email) &&
  (alert.confirmedAtMs !== null || nowMs < alert.askedAtMs + CONFIRMATION_LIFE_MS);

function alertOf(
  account: Account,
  before: Budget | null,
  email: string | null,
  id: RecipientId | undefined,
  nowMs: number,
): { readonly alert: Recipient | null; readonly isAsked: boolean } {
  if (email === null) return { alert: null, isAsked: false };
  if (before && isKept(before.alert, email, nowMs)) return { alert: before.alert, isAsked: false };
  if (id === undefined) throw new Error("an alert's address without a name for it");
  const isAsked = mustBeAsked(account, before, email, nowMs);
  return { alert: { id, email, askedAtMs: nowMs, confirmedAtMs: isAsked ? null : nowMs }, isAsked };
}

const askedAbout = ({ id, email, askedAtMs }: Recipient, confirmationUrl: string): Event => ({
  type: "notice_given",
  notice: {
    key: `recipient_asked:${id}`,
    template: "recipient_asked",
    atMs: askedAtMs,
    to: email,
    confirmationUrl,
    untilMs: askedAtMs + CONFIRMATION_LIFE_MS,
  },
});
