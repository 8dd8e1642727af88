import type { Span } from "../calendar.ts";
import { DAY_MS } from "../local-time.ts";
import { add, type Money, money, sum, ZERO } from "../money.ts";
import { monthOf } from "../month.ts";
import { ratio, roundHalfUp } from "../ratio.ts";
import type { Cost } from "./cost.ts";
import { amountsWithin } from "./spread.ts";
import type { CostClocks } from "./time.ts";

/** What a month will have cost at its end, if it goes on as in the last days; null where nothing is known of them. */
export interface Forecast {
  readonly method: typeof FORECAST_METHOD;
  readonly month: Span;
  readonly soFar: Money;
  readonly total: Money;
}

/** The forecast's name: what the days left will cost is what the last seven cost, by the day. (Domain: Costs.) */
export const FORECAST_METHOD = "run_rate_7_days";
const RECENT_DAYS = 7;

const CLOCKS = ["calendar", "real"] as const;

/** Which costs a forecast must know. */
export function forecastSpan(nowMs: number, timeZone: string): Span {
  const { startMs } = monthOf(nowMs, timeZone);
  return { startMs: Math.min(startMs, nowMs - RECENT_DAYS * DAY_MS), endMs: nowMs };
}

/**
 * The present month's cost so far, and for each minute left what a minute of the last seven days cost, each clock's costs by
 * its own minutes: a month's 31st day changes nothing. Where costs are younger than seven days, since the first of them.
 */
export function forecastFor(
  costs: readonly Cost[],
  { nowMs, timeZone, clocks }: { nowMs: number; timeZone: string; clocks: CostClocks },
): Forecast | null {
  const how = { basis: "used", nowMs, clocks } as const;
  const { startMs, endMs } = monthOf(nowMs, timeZone);
  const total = (of: readonly Cost[], span: Span) =>
    sum(of.map((cost) => amountsWithin(cost, span, how).total));
  const weekAgoMs = nowMs - RECENT_DAYS * DAY_MS;
  const recent = costs.filter((cost) => cost.startMs < nowMs && cost.untilMs > weekAgoMs);
  if (recent.length === 0) return null;
  const sinceMs = Math.max(weekAgoMs, Math.min(...recent.map((cost) => cost.startMs)));
  const toCome = CLOCKS.map((clock): Money => {
    const minutes = (from: number, to: number) => clocks.minute(to, clock) - clocks.minute(from, clock);
    const known = minutes(sinceMs, nowMs);
    if (known <= 0) return ZERO;
    const cost = total(
      recent.filter((one) => one.clock === clock),
      { startMs: sinceMs, endMs: nowMs },
    );
    return money(roundHalfUp(ratio(BigInt(cost) * BigInt(minutes(nowMs, endMs)), known)));
  });
  const soFar = total(costs, { startMs, endMs: nowMs });
  return { method: FORECAST_METHOD, month: { startMs, endMs }, soFar, total: add(soFar, sum(toCome)) };
}
