import { addDays, atMinuteOfDay, type Span } from "../calendar.ts";
import type { CreditNote } from "../credit-note.ts";
import type { Event } from "../events.ts";
import type { Invoice } from "../invoice.ts";
import { add, type Money, negate, ZERO } from "../money.ts";
import type { Month } from "../month.ts";
import type { Recipient } from "../recipient.ts";
import type { AccountState } from "../state.ts";

/** Percents of a budget at which its people are told, once a month each. (Domain: Budget.) */
export const BUDGET_ALERTS = [80, 100] as const;

export const BUDGET_ID = "budget";

/** What an account means to spend in a local calendar month. It has one at most, under this id. */
export interface Budget {
  readonly id: typeof BUDGET_ID;
  readonly isOn: boolean;
  readonly monthlyLimit: Money;
  /** Who is told beside the account's own people, once they said yes to it. */
  readonly alert: Recipient | null;
  /** The month that the rest is about. */
  readonly month: Span;
  /** What the month's documents say, what was taken back taken off. */
  readonly invoiced: Money;
  /** What was used in it and isn't invoiced yet, as of the last look. */
  readonly used: Money;
  /** The greatest of `BUDGET_ALERTS` that was told in it; 0 for none. */
  readonly told: number;
  /** When use is looked at next; null while there is none. */
  readonly nextLookAtMs: number | null;
}

export const spentOf = ({ invoiced, used }: Pick<Budget, "invoiced" | "used">): Money => add(invoiced, used);

/** The greatest percent that is told which the month's cost has reached; 0 for none. */
export const reachedBy = (budget: Pick<Budget, "invoiced" | "used" | "monthlyLimit">): number =>
  BUDGET_ALERTS.findLast(
    (percent) => BigInt(spentOf(budget)) * 100n >= BigInt(budget.monthlyLimit) * BigInt(percent),
  ) ?? 0;

/** What a document adds to what its month costs. */
export const costOf = (document: Invoice | CreditNote): Money =>
  "invoice" in document ? negate(document.total) : document.total;

/** The instant whose month that is: use counts when it was used, all else when it was bought or taken back. */
export const costAtMs = (document: Invoice | CreditNote): number =>
  "payment" in document && document.payment === null ? document.period.startMs : document.issuedAtMs;

export const isWithin = (atMs: number, { startMs, endMs }: Span): boolean => atMs >= startMs && atMs < endMs;

/** The budget about a month: what it counted of another one is no more, what that month's documents say is. */
export const about = (state: AccountState, budget: Budget, { startMs, endMs }: Month): Budget =>
  budget.month.startMs === startMs && budget.month.endMs === endMs
    ? budget
    : {
        ...budget,
        ...{ month: { startMs, endMs }, invoiced: state.invoicedIn({ startMs, endMs }) },
        ...{ used: ZERO, told: 0 },
      };

/** Use is looked at as each local day begins. */
export const nextMidnight = (atMs: number, timeZone: string): number =>
  addDays(atMinuteOfDay(atMs, 0, timeZone), 1, timeZone);

/** A budget as it is now, and the notice that its cost has reached what wasn't told yet: the greater one alone. */
export function told(budget: Budget, atMs: number): Event[] {
  const { monthlyLimit, month, alert } = budget;
  const percent = reachedBy(budget);
  if (percent <= budget.told) return [{ type: "budget_changed", budget }];
  return [
    { type: "budget_changed", budget: { ...budget, told: percent } },
    {
      type: "notice_given",
      notice: {
        // The same limit is told of once, however often it was another one in between.
        key: `budget_reached:${month.startMs}:${monthlyLimit}:${percent}`,
        template: "budget_reached",
        also: alert?.confirmedAtMs == null ? null : alert.email,
        ...{ atMs, percent, monthlyLimit, spent: spentOf(budget) },
        monthStartMs: month.startMs,
      },
    },
  ];
}
