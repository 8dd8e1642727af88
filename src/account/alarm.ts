import { MINUTE_MS } from "../domain/local-time.ts";

/** How long what is due may stay undone before the object does it without cron. */
export const WATCHDOG_MS = 15 * MINUTE_MS;
export const RETRY_FIRST_MS = 5_000;
export const RETRY_LAST_MS = 5 * MINUTE_MS;

/** Wait before the nth retry in a row (from 0 on): doubling, up to a limit. */
export const retryDelayMs = (failures: number): number =>
  Math.min(RETRY_FIRST_MS * 2 ** failures, RETRY_LAST_MS);

export interface Wakes {
  readonly realNowMs: number;
  readonly outboxWaits: boolean;
  readonly failures: number;
  /** Earliest business timer, or null where there is none or a simulated clock keeps business from running by itself. */
  readonly businessDueAtMs: number | null;
}

/** When the object must wake by itself, in real time: the one alarm serves every reason. Null: not at all. */
export function wakeAtMs({ realNowMs, outboxWaits, failures, businessDueAtMs }: Wakes): number | null {
  const reasons = [
    ...(outboxWaits ? [realNowMs + retryDelayMs(failures)] : []),
    ...(businessDueAtMs === null ? [] : [businessDueAtMs + WATCHDOG_MS]),
  ];
  return reasons.length === 0 ? null : Math.max(Math.min(...reasons), realNowMs);
}
