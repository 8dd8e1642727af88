import { addMonths, anchorDayOf, DAY_MINUTES, MONTH_MINUTES, minutesBetween } from "../calendar.ts";
import { type DomainError, refused } from "../errors.ts";
import { floorToMinute } from "../local-time.ts";
import type { Period } from "../order.ts";
import type { TermTime } from "../resource.ts";
import { ok, type Result } from "../result.ts";

/** No term may end later than this many months from now. */
export const MAX_PERIOD_MONTHS = 60;
/** No time that is billed is shorter than this; resizes aside. (Domain: Price.) */
export const MIN_BILLED_MINUTES = DAY_MINUTES;

interface At {
  readonly nowMs: number;
  readonly timeZone: string;
}

/** Minutes of a term that starts when it is provisioned: so many at least. */
export function firstMinutes(
  period: Period,
  leastMinutes: number,
  path: string,
  { nowMs, timeZone }: At,
): Result<number, DomainError> {
  const tooShort = {
    code: "period_too_short",
    detail: `The shortest term is ${
      leastMinutes < MONTH_MINUTES ? `${leastMinutes} minutes` : `${leastMinutes / MONTH_MINUTES} month(s)`
    }.`,
  } as const;
  if ("months" in period) {
    const field = `${path}.months`;
    if (period.months > MAX_PERIOD_MONTHS) return refused({ ...TOO_LONG, path: field });
    const minutes = period.months * MONTH_MINUTES;
    return minutes < leastMinutes ? refused({ ...tooShort, path: field }) : ok(minutes);
  }
  const field = `${path}.endAt`;
  if (period.endAtMs <= nowMs) return refused({ code: "period_in_the_past", path: field });
  if (period.endAtMs > latestEndMs({ nowMs, timeZone })) return refused({ ...TOO_LONG, path: field });
  const minutes = minutesBetween(nowMs, period.endAtMs, timeZone);
  return minutes < leastMinutes ? refused({ ...tooShort, path: field }) : ok(minutes);
}

/** The term that follows one that ends at `endMs`, and its minutes. Its own end must be after now. (Domain: Lifecycle, Renew.) */
export function nextTerm(
  period: Period,
  { endMs, anchorDay }: Pick<TermTime, "endMs" | "anchorDay">,
  path: string,
  { nowMs, timeZone }: At,
): Result<TermTime & { readonly minutes: number }, DomainError> {
  const field = "months" in period ? `${path}.months` : `${path}.endAt`;
  const isTooMany = "months" in period && period.months > MAX_PERIOD_MONTHS;
  if (isTooMany) return refused({ ...TOO_LONG, path: field });
  const end =
    "months" in period ? addMonths(endMs, period.months, anchorDay, timeZone) : floorToMinute(period.endAtMs);
  if (end > latestEndMs({ nowMs, timeZone })) return refused({ ...TOO_LONG, path: field });
  if (end <= nowMs) return refused({ code: "period_in_the_past", path: field });
  const minutes = "months" in period ? period.months * MONTH_MINUTES : minutesBetween(endMs, end, timeZone);
  if (minutes < MIN_BILLED_MINUTES) {
    return refused({
      code: "period_too_short",
      path: field,
      detail: `The new end must be ${MIN_BILLED_MINUTES} minutes after the present one at least.`,
    });
  }
  const nextAnchorDay = "months" in period ? anchorDay : anchorDayOf(end, timeZone);
  return ok({ startMs: endMs, endMs: end, anchorDay: nextAnchorDay, minutes });
}

const TOO_LONG = {
  code: "period_too_long",
  detail: `A term is ${MAX_PERIOD_MONTHS} months at most.`,
} as const;

const latestEndMs = ({ nowMs, timeZone }: At): number =>
  addMonths(nowMs, MAX_PERIOD_MONTHS, anchorDayOf(nowMs, timeZone), timeZone);
