import { DAY_MS, HOUR_MS, MINUTE_MS } from "../domain/local-time.ts";
import { LANGUAGE, type Locale } from "./locale.ts";

const UNITS = [
  ["day", DAY_MS],
  ["hour", HOUR_MS],
  ["minute", MINUTE_MS],
] as const;

/** How far off an instant is, in the largest unit that has gone by once: "in 5 days", "3 hours ago". */
export function formatDistance(atMs: number, nowMs: number, locale: Locale): string {
  const format = new Intl.RelativeTimeFormat(LANGUAGE[locale]);
  const ms = atMs - nowMs;
  const [unit, unitMs] = UNITS.find(([, each]) => Math.abs(ms) >= each) ?? UNITS[2];
  return format.format(Math.trunc(ms / unitMs), unit);
}
