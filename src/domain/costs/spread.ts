import type { Span } from "../calendar.ts";
import { floorToMinute } from "../local-time.ts";
import { type Money, money } from "../money.ts";
import { type Amounts, type Cost, minusAmounts, NOTHING, plusAmounts } from "./cost.ts";
import type { CostClocks } from "./time.ts";

/**
 * How costs are told in time. `used`: spread over the time that they are for, up to now. `invoiced`: on the instant at
 * which they were invoiced, or taken back. (Domain: Costs.)
 */
export const BASES = ["used", "invoiced"] as const;
export type Basis = (typeof BASES)[number];

/**
 * What a cost came to from its beginning up to an instant: what was paid less what taking it back then would return. Spans that
 * follow each other sum exactly, however time is cut. Nothing that was paid in advance counts before it is on a document, nor a
 * credit note: so what is over never changes. (Domain: Costs; Price, Unused minutes.)
 */
export function usedUpTo(cost: Cost, atMs: number, clocks: CostClocks): Amounts {
  if (atMs <= firstMsOf(cost)) return NOTHING;
  const isCut = cost.creditedAtMs !== null && atMs > floorToMinute(cost.creditedAtMs);
  const kept = isCut ? minusAmounts(cost.billed, cost.credited) : cost.billed;
  if (atMs >= (isCut ? cost.untilMs : cost.endMs)) return kept;
  const [start, end] = [clocks.minute(cost.startMs, cost.clock), clocks.minute(cost.endMs, cost.clock)];
  const left = Math.max(end - Math.max(clocks.minute(atMs, cost.clock), start), 0);
  const part = (whole: Money, most: Money): Money => {
    if (end <= start) return most;
    const used = whole - rounded(whole, left, end - start);
    // A line that makes good what was billed too much is below zero.
    return money(most < 0 ? Math.max(most, used) : Math.min(most, used));
  };
  const { billed } = cost;
  return {
    total: part(billed.total, kept.total),
    discount: part(billed.discount, kept.discount),
    tax: part(billed.tax, kept.tax),
  };
}

/** What is paid in advance begins to count when it is invoiced: it may be for time before that. */
const firstMsOf = ({ clock, startMs, issuedAtMs }: Cost): number =>
  clock === "calendar" && issuedAtMs !== null ? Math.max(startMs, floorToMinute(issuedAtMs)) : startMs;

/** From when on a cost doesn't change any more. */
const lastMsOf = (cost: Cost): number =>
  Math.max(
    firstMsOf(cost),
    cost.creditedAtMs === null ? cost.endMs : Math.max(cost.untilMs, cost.creditedAtMs),
  );

/**
 * amount × left / length, half up, without leaving whole numbers that are exact: terms have at most 60 months, so what
 * is multiplied stays under (60 × 43 200)² × 2.
 */
function rounded(amount: Money, left: number, length: number): number {
  const whole = Math.floor(amount / length);
  const rest = amount - whole * length;
  return whole * left + Math.floor((2 * rest * left + length) / (2 * length));
}

/** What a cost comes to in each of some spans that follow each other without gaps. */
export function amountsIn(
  cost: Cost,
  spans: readonly Span[],
  { basis, nowMs, clocks }: { readonly basis: Basis; readonly nowMs: number; readonly clocks: CostClocks },
): readonly { readonly index: number; readonly amounts: Amounts }[] {
  const found: { index: number; amounts: Amounts }[] = [];
  if (basis === "invoiced") {
    const at = (atMs: number | null) =>
      atMs === null ? -1 : spans.findIndex(({ startMs, endMs }) => startMs <= atMs && atMs < endMs);
    const [issued, credited] = [at(cost.issuedAtMs), at(cost.creditedAtMs)];
    if (issued >= 0) found.push({ index: issued, amounts: cost.billed });
    if (credited >= 0) found.push({ index: credited, amounts: minusAmounts(NOTHING, cost.credited) });
    return found;
  }
  const lastMs = lastMsOf(cost);
  const first = spans.findIndex(({ endMs }) => endMs > cost.startMs);
  if (first < 0) return found;
  let before = usedUpTo(cost, Math.min(spans[first]?.startMs ?? 0, nowMs), clocks);
  for (let index = first; index < spans.length; index += 1) {
    const span = spans[index];
    if (!span || span.startMs >= nowMs || span.startMs > lastMs) break;
    const after = usedUpTo(cost, Math.min(span.endMs, nowMs), clocks);
    found.push({ index, amounts: minusAmounts(after, before) });
    before = after;
  }
  return found;
}

/** What a cost comes to in one span. */
export const amountsWithin = (
  cost: Cost,
  span: Span,
  how: { readonly basis: Basis; readonly nowMs: number; readonly clocks: CostClocks },
): Amounts =>
  amountsIn(cost, [span], how).reduce((total, { amounts }) => plusAmounts(total, amounts), NOTHING);
