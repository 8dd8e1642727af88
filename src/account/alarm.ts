import { MINUTE_MS } from "../domain/local-time.ts";

/** How long what is due may stay undone before the object does it without cron. */
export const WATCHDOG_MS = 15 * MINUTE_MS;
export const RETRY_FIRST_MS = 5_000;
export const RETRY_LAST_MS = 5 * MINUTE_MS;

/** Wait before the nth retry in a row (from 0 on): doubling, up to a limit. */
export const retryDelayMs = (failures: number): number =>
  Math.min(RETRY_FIRST_MS * 2 ** failures, RETRY_LAST_MS);

export interface WakeReasons {
  /** Deliveries in a row that failed. */
  readonly failures: number;
  readonly outboxWaits: boolean;
  /** When a console call may be delivered next. */
  readonly callDueAtMs: number | null;
  /** Earliest business timer; null where there is none, or where a simulated clock keeps business from running by itself. */
  readonly businessDueAtMs: number | null;
}

/** When the object must wake by itself, in real time: one alarm serves every reason. Null: not at all. */
export function wakeAtMs(reasons: WakeReasons, realNowMs: number): number | null {
  const { failures, outboxWaits, callDueAtMs, businessDueAtMs } = reasons;
  const retryAtMs = realNowMs + retryDelayMs(failures);
  const wakes = [
    ...(outboxWaits ? [retryAtMs] : []),
    ...(callDueAtMs === null ? [] : [Math.max(callDueAtMs, retryAtMs)]),
    ...(businessDueAtMs === null ? [] : [Math.max(businessDueAtMs + WATCHDOG_MS, realNowMs)]),
  ];
  return wakes.length === 0 ? null : Math.min(...wakes);
}

/** The object's alarm, and the transactions that may make an earlier one necessary. */
export class Alarm {
  readonly #storage: DurableObjectStorage;
  readonly #reasons: () => WakeReasons;
  #armedForMs: number | null = null;

  constructor(storage: DurableObjectStorage, reasons: () => WakeReasons) {
    this.#storage = storage;
    this.#reasons = reasons;
  }

  /** Learns what a former life of this object armed. */
  async load(): Promise<void> {
    this.#armedForMs = await this.#storage.getAlarm();
  }

  /** One transaction together with the alarm that it makes necessary; memory learns of the alarm only once it stands. */
  transaction<T>(write: () => T): T {
    let wake: number | null = null;
    const result = this.#storage.transactionSync(() => {
      const written = write();
      const wanted = wakeAtMs(this.#reasons(), Date.now());
      if (wanted !== null && (this.#armedForMs === null || wanted < this.#armedForMs)) {
        wake = wanted;
        this.#storage.setAlarm(wanted);
      }
      return written;
    });
    if (wake !== null) this.#armedForMs = wake;
    return result;
  }

  /** Arms for a given instant, whatever there was before. */
  arm(atMs: number | null): void {
    if (atMs === null) this.#storage.deleteAlarm();
    else this.#storage.setAlarm(atMs);
    this.#armedForMs = atMs;
  }

  /** Arms for the earliest reason there is now, or not at all. */
  rearm(): void {
    this.arm(wakeAtMs(this.#reasons(), Date.now()));
  }
}
