import { MINUTE_MS } from "../domain/local-time.ts";

/** How long what is due may stay undone before the object does it without cron. */
export const WATCHDOG_MS = 15 * MINUTE_MS;
/**
 * What a crash kept from leaving is delivered at most this much later. An alarm that is armed for before then serves
 * every command until it rings: setting one costs as much as writing a row, and a crash is rare.
 */
export const CRASH_RECOVERY_MS = MINUTE_MS;
export const RETRY_FIRST_MS = 5_000;
export const RETRY_LAST_MS = 5 * MINUTE_MS;

/** Wait after so many failures in a row (from 1 on): doubling, up to a limit. */
export const retryDelayMs = (failures: number): number =>
  Math.min(RETRY_FIRST_MS * 2 ** (failures - 1), RETRY_LAST_MS);

export interface WakeReasons {
  /** Deliveries in a row that failed. */
  readonly failures: number;
  readonly outboxWaits: boolean;
  /** When a console call may be delivered next. */
  readonly callDueAtMs: number | null;
  /** Earliest business timer; null where there is none, or where a simulated clock keeps business from running by itself. */
  readonly businessDueAtMs: number | null;
}

/**
 * When the object must wake by itself, in real time: one alarm serves every reason. What may leave now is being
 * delivered already, or was tried in vain; what is overdue is being done already. Null: not at all.
 */
export function wakeAtMs(reasons: WakeReasons, realNowMs: number): number | null {
  const { failures, outboxWaits, callDueAtMs, businessDueAtMs } = reasons;
  const againAtMs = realNowMs + (failures === 0 ? CRASH_RECOVERY_MS : retryDelayMs(failures));
  const isLater = (atMs: number): boolean => atMs > realNowMs;
  const watchdogAtMs = businessDueAtMs === null ? null : businessDueAtMs + WATCHDOG_MS;
  const wakes = [
    ...(outboxWaits ? [againAtMs] : []),
    ...(callDueAtMs === null ? [] : [isLater(callDueAtMs) ? callDueAtMs : againAtMs]),
    ...(watchdogAtMs === null ? [] : [isLater(watchdogAtMs) ? watchdogAtMs : realNowMs + CRASH_RECOVERY_MS]),
  ];
  return wakes.length === 0 ? null : Math.min(...wakes);
}

/** The object's alarm, and the transactions that may make an earlier one necessary. It is never moved to a later instant. */
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
    let armedForMs = this.#armedForMs;
    const result = this.#storage.transactionSync(() => {
      const written = write();
      armedForMs = this.#arm();
      return written;
    });
    this.#armedForMs = armedForMs;
    return result;
  }

  /** Arms for the earliest reason there is now, if that comes before what is armed. */
  rearm(): void {
    this.#armedForMs = this.#arm();
  }

  /** The alarm went off: it is armed for whatever reasons there still are, before anything is done about them. */
  rang(): void {
    this.#armedForMs = null;
    this.rearm();
  }

  #arm(): number | null {
    const wantedMs = wakeAtMs(this.#reasons(), Date.now());
    if (wantedMs === null || (this.#armedForMs !== null && this.#armedForMs <= wantedMs))
      return this.#armedForMs;
    this.#storage.setAlarm(wantedMs);
    return wantedMs;
  }
}
