import type { Span } from "./calendar.ts";
import { floorToMinute, MINUTE_MS } from "./local-time.ts";
import type { Currency, Money } from "./money.ts";
import { type Month, monthOf } from "./month.ts";
import { type Charge, type ConfiguredSku, grossOf, priceConfiguration, taxOf } from "./pricing.ts";
import { ratio } from "./ratio.ts";

/**
 * A stretch of time in which a resource ran as one configuration, at prices that stay as they were when it began.
 * Whole minutes; `endMs` is null while it goes on. (Domain: Postpaid, Use.)
 */
export interface Segment {
  readonly startMs: number;
  readonly endMs: number | null;
  readonly catalogueVersion: number;
  readonly configuration: readonly ConfiguredSku[];
}

/** What one stretch of use costs at one tax rate: a line of a bill. */
export interface UseCharge extends Charge {
  readonly period: Span;
}

/** What was used of a resource within one month, as it is (or will be) invoiced. */
export interface UsedMonth {
  readonly month: Month;
  readonly period: Span;
  readonly charges: readonly UseCharge[];
  readonly total: Money;
  readonly tax: Money;
}

/**
 * Ends what goes on at an instant's minute and, unless nothing is to follow, has `next` begin in the same: no minute
 * counts twice or not at all. What had no minute is dropped.
 */
export function switchTo(
  segments: readonly Segment[],
  next: Omit<Segment, "startMs" | "endMs"> | null,
  atMs: number,
): Segment[] {
  const last = segments.at(-1);
  // Clocks may be set back: nothing ends before it began.
  const cutMs = Math.max(floorToMinute(atMs), last?.endMs ?? last?.startMs ?? 0);
  const ended = segments.map((segment) => (segment.endMs === null ? { ...segment, endMs: cutMs } : segment));
  const began = next === null ? [] : [{ ...next, startMs: cutMs, endMs: null }];
  return [...ended.filter(({ startMs, endMs }) => endMs === null || endMs > startMs), ...began];
}

/** What of some use lies in a span. */
const within = (segments: readonly Segment[], { startMs, endMs }: Span): Segment[] =>
  segments.flatMap((segment) => {
    const from = Math.max(segment.startMs, startMs);
    const to = Math.min(segment.endMs ?? endMs, endMs);
    return to > from ? [{ ...segment, startMs: from, endMs: to }] : [];
  });

/** What of some use is later than an instant. */
export const usedAfter = (segments: readonly Segment[], atMs: number): Segment[] =>
  segments
    .filter(({ endMs }) => endMs === null || endMs > atMs)
    .map((segment) => ({ ...segment, startMs: Math.max(segment.startMs, atMs) }));

/**
 * What use up to an instant costs, a month each, oldest first. A month that is over costs what its bill says: a stretch
 * of time is real minutes, rounded once a tax rate. (Domain: Postpaid, Use; Price.)
 */
export function usedMonths(
  segments: readonly Segment[],
  toMs: number,
  { timeZone, currency }: { readonly timeZone: string; readonly currency: Currency },
): UsedMonth[] {
  const months: UsedMonth[] = [];
  let left = within(segments, { startMs: 0, endMs: floorToMinute(toMs) });
  for (let first = left[0]; first; first = left[0]) {
    const month = monthOf(first.startMs, timeZone);
    const used = within(left, month);
    const charges = used.flatMap((segment) => chargesOf(segment, currency));
    const period = { startMs: first.startMs, endMs: used.at(-1)?.endMs ?? first.startMs };
    months.push({ month, period, charges, total: grossOf(charges), tax: taxOf(charges) });
    left = usedAfter(left, month.endMs);
  }
  return months;
}

function chargesOf({ startMs, endMs, configuration }: Segment, currency: Currency): UseCharge[] {
  if (endMs === null) throw new Error("use that goes on has no price yet");
  const minutes = ratio((endMs - startMs) / MINUTE_MS);
  const period = { startMs, endMs };
  return priceConfiguration(configuration, minutes, currency).map((charge) => ({ ...charge, period }));
}
