import { HOUR_MS } from "../domain/local-time.ts";

const VIETNAM_OFFSET_MS = 7 * HOUR_MS;

/** `yyyyMMddHHmmss` on Vietnam's clock, which knows no summer time. */
export const vietnamTime = (atMs: number): string =>
  new Date(atMs + VIETNAM_OFFSET_MS).toISOString().replace(/\D/g, "").slice(0, 14);

/** `yyMMdd` of the day that it is in Vietnam. */
export const vietnamDay = (atMs: number): string => vietnamTime(atMs).slice(2, 8);
