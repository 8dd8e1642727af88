import type { Span } from "./calendar.ts";
import { type Closed, type LateUse, lateUse } from "./late-use.ts";
import type { DayReading } from "./metering/reading.ts";
import { type Currency, type Money, sum } from "./money.ts";
import { type Month, monthOf } from "./month.ts";
import { grossOf, taxOf } from "./pricing.ts";
import { isMetered, type Segment, type UseCharge, type UsedMonth, usedMonths } from "./usage.ts";

/** What of a resource its bills depend on. */
export interface Use {
  readonly segments: readonly Segment[];
  readonly closed: Closed | null;
}

interface Billing {
  readonly timeZone: string;
  readonly currency: Currency;
}

/** The month that is closed next, if any: that of its first use, or the one after the last closed, where something may be reported late. */
export function monthToClose({ segments: [first], closed }: Use, timeZone: string): Month | null {
  const starts = [first?.startMs, closed?.toMs].flatMap((startMs) => startMs ?? []);
  return starts.length > 0 ? monthOf(Math.min(...starts), timeZone) : null;
}

/** Whether something of some use is measured by what its product reports. */
export const needsMeters = ({ segments, closed }: Use): boolean => closed !== null || isMetered(segments);

/** The time that meters must be known of, to say what was used up to an instant. */
export function meteredSpan({ segments, closed }: Use, toMs: number): Span {
  const [first] = [...(closed?.months ?? []).flatMap((month) => month.segments), ...segments];
  return { startMs: first?.startMs ?? toMs, endMs: toMs };
}

/** What the next bill says, part by part: the month's own use, and what was reported of earlier ones since theirs. */
export interface NextBill {
  readonly month: Month;
  readonly own: UsedMonth | null;
  readonly late: readonly LateUse[];
}

export function nextBill(
  use: Use,
  toMs: number,
  account: Billing,
  readings: readonly DayReading[],
): NextBill | null {
  const month = monthToClose(use, account.timeZone);
  if (!month) return null;
  const [first = null] = usedMonths(use.segments, toMs, account, readings);
  const own = first?.month.startMs === month.startMs ? first : null;
  return { month, own, late: lateUse(use.closed, account, readings) };
}

/** All of it on one bill, whose lines say what time they are about. */
export function onOneBill(month: Month, own: UsedMonth | null, late: readonly LateUse[]): UsedMonth {
  const lines = late.flatMap(({ difference }) => difference);
  const charges = [...(own?.charges ?? []), ...lines];
  const period = own?.period ?? hullOf(lines) ?? month;
  return { month, period, charges, total: grossOf(charges), tax: taxOf(charges) };
}

/**
 * What was used up to an instant and isn't invoiced yet, by the month whose bill will say it. What was reported late is on the
 * first of them. (Domain: Postpaid, Use; Metered, Late events.)
 */
export function unbilledUse(
  use: Use,
  toMs: number,
  account: Billing,
  readings: readonly DayReading[],
): UsedMonth[] {
  const next = nextBill(use, toMs, account, readings);
  if (!next) return [];
  const months = usedMonths(use.segments, toMs, account, readings);
  const first = onOneBill(next.month, next.own, next.late);
  return [first, ...months.slice(next.own ? 1 : 0)].filter(({ charges }) => charges.length > 0);
}

export const totalUnbilled = (months: readonly UsedMonth[]): Money => sum(months.map(({ total }) => total));

function hullOf(charges: readonly UseCharge[]): Span | null {
  const periods = charges.map(({ period }) => period);
  return periods.length === 0
    ? null
    : {
        startMs: Math.min(...periods.map(({ startMs }) => startMs)),
        endMs: Math.max(...periods.map(({ endMs }) => endMs)),
      };
}
