import { type CallType, type ConsoleCall, supersedes } from "../domain/console-call.ts";
import type { ResourceId } from "../domain/ids.ts";
import { HOUR_MS, MINUTE_MS } from "../domain/local-time.ts";

/** Waits between the attempts of a call, in real time; after the last one the call is dead. */
export const CALL_RETRY_DELAYS_MS: readonly number[] = [
  5_000,
  30_000,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  4 * HOUR_MS,
  8 * HOUR_MS,
];

/** Whoever took a call has this long to say how it went. */
export const CALL_LEASE_MS = MINUTE_MS;
/** How many resources one look for due calls finds. */
export const CALLS_PER_LOOK = 100;

/** A call as it waits for its turn. */
export interface PendingCall extends ConsoleCall {
  readonly sequence: number;
  readonly attempts: number;
}

export type CallOutcome = { readonly taken: true } | { readonly taken: false; readonly error: string };

/** A call that was tried as often as it may be; it holds up its resource's later calls until somebody decides. */
export interface DeadCall {
  readonly resource: ResourceId;
  readonly sequence: number;
  readonly type: CallType;
  readonly attempts: number;
  readonly error: string;
}

interface Row {
  readonly [column: string]: SqlStorageValue;
  readonly sequence: number;
  readonly body: string;
  readonly attempts: number;
  readonly next_attempt_at_ms: number | null;
}

/**
 * Calls to product consoles that weren't taken yet: one list a resource, delivered from its head, one at a time.
 * A dead head has no next attempt. What is being delivered right now is known to this object's memory alone.
 */
export class ConsoleCalls {
  readonly #sql: SqlStorage;
  readonly #leasedUntilMs = new Map<ResourceId, number>();
  readonly #queuedUntilMs = new Map<ResourceId, number>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Call it inside the command's transaction. */
  add(call: ConsoleCall, sequence: number, realNowMs: number): void {
    if (supersedes(call.type)) this.#sql.exec("DELETE FROM console_calls WHERE resource = ?", call.resource);
    this.#sql.exec(
      "INSERT INTO console_calls VALUES (?, ?, ?, 0, ?, NULL)",
      call.resource,
      sequence,
      JSON.stringify(call),
      realNowMs,
    );
  }

  /** Hands out the head of a resource's list, if it is due and nobody has it. */
  take(resource: ResourceId, realNowMs: number): PendingCall | null {
    const head = this.#head(resource);
    if (!head || head.next_attempt_at_ms === null || head.next_attempt_at_ms > realNowMs) return null;
    if ((this.#leasedUntilMs.get(resource) ?? 0) > realNowMs) return null;
    this.#leasedUntilMs.set(resource, realNowMs + CALL_LEASE_MS);
    return { ...JSON.parse(head.body), sequence: head.sequence, attempts: head.attempts };
  }

  /**
   * Records how an attempt went: a taken call leaves the list, another one waits longer each time. Returns the call
   * where this was its last attempt. A call that was superseded meanwhile is gone already.
   */
  settle(resource: ResourceId, sequence: number, outcome: CallOutcome, realNowMs: number): DeadCall | null {
    this.#leasedUntilMs.delete(resource);
    this.#queuedUntilMs.delete(resource);
    const head = this.#head(resource);
    if (head?.sequence !== sequence) return null;
    if (outcome.taken) {
      this.#remove(resource, sequence);
      return null;
    }
    const delayMs = CALL_RETRY_DELAYS_MS[head.attempts];
    const attempts = head.attempts + 1;
    this.#sql.exec(
      `UPDATE console_calls SET attempts = ?, next_attempt_at_ms = ?, last_error = ?
         WHERE resource = ? AND sequence = ?`,
      attempts,
      delayMs === undefined ? null : realNowMs + delayMs,
      outcome.error,
      resource,
      sequence,
    );
    if (delayMs !== undefined) return null;
    const { type } = JSON.parse(head.body) as ConsoleCall;
    return { resource, sequence, type, attempts, error: outcome.error };
  }

  /** Gives a dead head another full round of attempts; false where the head isn't dead. */
  revive(resource: ResourceId, realNowMs: number): boolean {
    return this.#ifDead(resource, (sequence) =>
      this.#sql.exec(
        "UPDATE console_calls SET attempts = 0, next_attempt_at_ms = ? WHERE resource = ? AND sequence = ?",
        realNowMs,
        resource,
        sequence,
      ),
    );
  }

  /** Gives a dead head up, so that the resource's next call gets its turn; false where the head isn't dead. */
  skip(resource: ResourceId): boolean {
    return this.#ifDead(resource, (sequence) => this.#remove(resource, sequence));
  }

  /** Resources whose head may be delivered now and that weren't queued lately. */
  due(realNowMs: number): ResourceId[] {
    return this.#waiting()
      .filter((wait) => this.#dueAtMs(wait) <= realNowMs)
      .slice(0, CALLS_PER_LOOK)
      .map(({ resource }) => resource);
  }

  /** Whether a call may be delivered now, or is being delivered. */
  areUnderWay(realNowMs: number): boolean {
    return this.#waiting().some(({ nextAttemptAtMs }) => nextAttemptAtMs <= realNowMs);
  }

  /** The queue has been told of these; a message that gets lost is sent again after the lease's time. */
  queued(resources: readonly ResourceId[], realNowMs: number): void {
    for (const resource of resources) this.#queuedUntilMs.set(resource, realNowMs + CALL_LEASE_MS);
  }

  /** When the next head may be delivered, or null where none waits. */
  nextDueAtMs(): number | null {
    const waiting = this.#waiting().map((wait) => this.#dueAtMs(wait));
    return waiting.length === 0 ? null : Math.min(...waiting);
  }

  #dueAtMs({ resource, nextAttemptAtMs }: { resource: ResourceId; nextAttemptAtMs: number }): number {
    const busyUntilMs = [this.#leasedUntilMs, this.#queuedUntilMs].map((until) => until.get(resource) ?? 0);
    return Math.max(nextAttemptAtMs, ...busyUntilMs);
  }

  /** The heads that aren't dead. */
  #waiting(): { resource: ResourceId; nextAttemptAtMs: number }[] {
    return this.#sql
      .exec<{ resource: ResourceId; nextAttemptAtMs: number | null }>(
        `SELECT resource, next_attempt_at_ms AS nextAttemptAtMs FROM console_calls AS call WHERE sequence =
           (SELECT min(sequence) FROM console_calls WHERE resource = call.resource)`,
      )
      .toArray()
      .flatMap(({ resource, nextAttemptAtMs }) =>
        nextAttemptAtMs === null ? [] : [{ resource, nextAttemptAtMs }],
      );
  }

  #ifDead(resource: ResourceId, act: (sequence: number) => void): boolean {
    const head = this.#head(resource);
    if (!head || head.next_attempt_at_ms !== null) return false;
    act(head.sequence);
    return true;
  }

  #remove(resource: ResourceId, sequence: number): void {
    this.#sql.exec("DELETE FROM console_calls WHERE resource = ? AND sequence = ?", resource, sequence);
  }

  #head(resource: ResourceId): Row | null {
    const query = "SELECT * FROM console_calls WHERE resource = ? ORDER BY sequence LIMIT 1";
    return this.#sql.exec<Row & Record<string, SqlStorageValue>>(query, resource).toArray()[0] ?? null;
  }
}
