import { z } from "zod";
import { addMonths, type Span } from "../domain/calendar.ts";
import { DAY_MS, localTime } from "../domain/local-time.ts";
import { monthOf } from "../domain/month.ts";
import { startOfDay } from "./query.ts";

/** Times that are asked for by name, on the account's clock. */
export const QUICK_TIMES = [
  "this_month",
  "last_month",
  "last_7_days",
  "last_30_days",
  "last_3_months",
  "last_12_months",
] as const;
export type QuickTime = (typeof QUICK_TIMES)[number];

/** What a page takes that looks at some time: days, or a month ("2027-01"), or one of the above. */
export const timeFields = {
  from: z.iso.date(),
  to: z.iso.date(),
  month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/),
  time: z.enum(QUICK_TIMES),
};

export type TimeAsked = { readonly [name in keyof typeof timeFields]?: z.output<(typeof timeFields)[name]> };

/** The time that a page looks at. Days say more than a month does, and a month more than a name. */
export function timeBoxOf(asked: TimeAsked, otherwise: QuickTime, nowMs: number, timeZone: string): Span {
  const { from, to, month, time = otherwise } = asked;
  const named = month === undefined ? quickTime(time, nowMs, timeZone) : monthNamed(month, timeZone);
  const startMs = from === undefined ? named.startMs : startOfDay(from, 0, timeZone);
  const endMs = to === undefined ? Math.max(named.endMs, startMs + DAY_MS) : startOfDay(to, 1, timeZone);
  return endMs > startMs ? { startMs, endMs } : named;
}

const monthNamed = (month: string, timeZone: string): Span =>
  monthOf(startOfDay(`${month}-01`, 0, timeZone), timeZone);

function quickTime(time: QuickTime, nowMs: number, timeZone: string): Span {
  const { startMs, endMs } = monthOf(nowMs, timeZone);
  const monthsAgo = (months: number) => addMonths(startMs, -months, 1, timeZone);
  const daysAgo = (days: number) => startOfDay(localDay(nowMs, timeZone), -days, timeZone);
  switch (time) {
    case "this_month":
      return { startMs, endMs };
    case "last_month":
      return { startMs: monthsAgo(1), endMs: startMs };
    case "last_7_days":
      return { startMs: daysAgo(6), endMs: daysAgo(-1) };
    case "last_30_days":
      return { startMs: daysAgo(29), endMs: daysAgo(-1) };
    case "last_3_months":
      return { startMs: monthsAgo(2), endMs };
    case "last_12_months":
      return { startMs: monthsAgo(11), endMs };
  }
}

/** The months that are offered: this one, and so many before it, as `month` asks for them. */
export const MONTHS_OFFERED = 24;

export const monthsOffered = (nowMs: number, timeZone: string): { value: string; startMs: number }[] =>
  Array.from({ length: MONTHS_OFFERED }, (_, ago) => {
    const startMs = addMonths(monthOf(nowMs, timeZone).startMs, -ago, 1, timeZone);
    return { value: localDay(startMs, timeZone).slice(0, "2027-01".length), startMs };
  });

/** The day that an instant falls on, as pages ask for it: "2027-01-31". */
export function localDay(atMs: number, timeZone: string): string {
  const { year, month0, day } = localTime(atMs, timeZone);
  return new Date(Date.UTC(year, month0, day)).toISOString().slice(0, "2027-01-31".length);
}
