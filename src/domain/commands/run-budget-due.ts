import { about, BUDGET_ALERTS, type Budget, nextMidnight, reachedBy, told } from "../budget/budget.ts";
import { atMinuteOfDay } from "../calendar.ts";
import { type Context, type Done, done, type NeedsUse } from "../decision.ts";
import { sum } from "../money.ts";
import { monthOf } from "../month.ts";
import { ok, type Result } from "../result.ts";
import type { AccountState } from "../state.ts";
import type { UsedMonth } from "../usage.ts";

/** A day is over: what was used of its month is looked at. `used`: all that isn't invoiced; null while that isn't known. */
export interface RunBudgetDue {
  readonly type: "run_budget_due";
  readonly used: readonly UsedMonth[] | null;
}

export type BudgetDueRan = "looked" | "told" | "nothing";

/**
 * One look a command, as of the last day's end of its month that has passed: days that were missed in between count with
 * it. A month that documents have left behind isn't looked back at. (Domain: Budget.)
 */
export function runBudgetDue(
  state: AccountState,
  { used }: RunBudgetDue,
  { nowMs }: Context,
): Result<Done<BudgetDueRan> | NeedsUse, never> {
  const { account, budget } = state;
  if (!account || !budget?.isOn || budget.nextLookAtMs === null || budget.nextLookAtMs > nowMs)
    return done("nothing");
  const { timeZone } = account;
  const month = monthOf(budget.nextLookAtMs - 1, timeZone);
  const todayMs = atMinuteOfDay(nowMs, 0, timeZone);
  const atMs = Math.max(budget.nextLookAtMs, Math.min(todayMs, month.endMs));
  if (used === null) return ok({ kind: "needs_use", toMs: atMs });
  const goesOn = state.usedResources().length > 0;
  const nextLookAtMs = goesOn ? nextMidnight(atMs, timeZone) : null;
  if (budget.month.startMs > month.startMs)
    return done("nothing", { type: "budget_changed", budget: { ...budget, nextLookAtMs } });
  const ofMonth = used.filter((one) => one.month.startMs === month.startMs);
  const looked: Budget = {
    ...about(state, budget, month),
    ...{ used: sum(ofMonth.map(({ total }) => total)), nextLookAtMs },
  };
  // Where all is told there is nothing to look for in the rest of the month.
  const isOver = goesOn && reachedBy(looked) === Math.max(...BUDGET_ALERTS);
  const events = told(
    isOver ? { ...looked, nextLookAtMs: nextMidnight(month.endMs, timeZone) } : looked,
    atMs,
  );
  return done(events.length > 1 ? "told" : "looked", ...events);
}
