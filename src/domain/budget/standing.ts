import type { Account } from "../account.ts";
import { renewalEstimate } from "../auto-top-up/auto-top-up.ts";
import type { Span } from "../calendar.ts";
import { milestonesAhead } from "../lifecycle/schedule.ts";
import { floorToMinute } from "../local-time.ts";
import { add, type Money, portion, sum, ZERO } from "../money.ts";
import type { Month } from "../month.ts";
import { floor, ratio } from "../ratio.ts";
import type { Resource } from "../resource.ts";
import type { UsedMonth } from "../usage.ts";
import { type Budget, spentOf } from "./budget.ts";

/** What was used of a resource in one month and isn't invoiced yet. */
export interface UsedResource {
  readonly resource: Resource;
  readonly used: UsedMonth;
}

/** What the present month has cost so far, and may cost in the end. */
export interface BudgetStanding {
  /** Null while none is set. */
  readonly budget: Budget | null;
  readonly month: Span;
  readonly invoiced: Money;
  readonly used: Money;
  readonly spent: Money;
  /** Whole percent of the limit, rounded down. */
  readonly percent: number | null;
  /** The greatest percent that was told this month; 0 for none. */
  readonly told: number;
  readonly projected: Money;
}

/** What is looked at for a standing. */
export interface BudgetFacts {
  readonly account: Account;
  readonly budget: Budget | null;
  readonly month: Month;
  /** What the month's documents say. */
  readonly invoiced: Money;
  readonly used: readonly UsedResource[];
  readonly resources: readonly Resource[];
}

/**
 * The month so far, and what it comes to if use goes on at each resource's pace of this month and what renews itself is
 * renewed at the prices of its last term. (Domain: Budget, Projection.)
 */
export function standingOf(facts: BudgetFacts, nowMs: number): BudgetStanding {
  const { budget, month, invoiced } = facts;
  const current = facts.used.filter(({ used }) => used.month.startMs === month.startMs);
  const used = sum(current.map((of) => of.used.total));
  const spent = spentOf({ invoiced, used });
  const growth = current.map((of) => growthUntil(of, month.endMs, nowMs));
  const renewals = facts.resources
    .filter((resource) => isRenewedBefore(resource, month.endMs, facts.account))
    .map(renewalEstimate);
  const isOfMonth = budget?.month.startMs === month.startMs;
  return {
    budget: budget?.isOn ? budget : null,
    percent: budget?.isOn ? percentOf(spent, budget.monthlyLimit) : null,
    told: budget?.isOn && isOfMonth ? budget.told : 0,
    month: { startMs: month.startMs, endMs: month.endMs },
    ...{ invoiced, used, spent, projected: add(spent, sum([...growth, ...renewals])) },
  };
}

const percentOf = (spent: Money, limit: Money): number => Number(floor(ratio(BigInt(spent) * 100n, limit)));

function growthUntil({ resource, used }: UsedResource, endMs: number, nowMs: number): Money {
  const last = resource.segments.at(-1);
  const elapsedMs = floorToMinute(nowMs) - used.period.startMs;
  if (last?.endMs !== null || last.isPaused || elapsedMs <= 0) return ZERO;
  return portion(used.total, ratio(Math.max(endMs - floorToMinute(nowMs), 0), elapsedMs));
}

const isRenewedBefore = (resource: Resource, endMs: number, account: Account): boolean =>
  milestonesAhead(resource, account).some(({ kind, atMs }) => kind === "renewal" && atMs < endMs);
