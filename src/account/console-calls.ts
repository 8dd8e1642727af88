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
  readonly atMs: number;
}

interface Row {
  readonly [column: string]: SqlStorageValue;
  readonly sequence: number;
  readonly body: string;
  readonly attempts: number;
  readonly next_attempt_at_ms: number | null;
  readonly died_at_ms: number | null;
}

/**
 * Calls to product consoles that weren't taken yet: one list a resource, delivered from its head, one at a time.
 * A dead head has no next attempt. What is being delivered right now is known to this object's memory alone.
 */
export class ConsoleCalls {
  readonly #sql: SqlStorage;
  readonly #leases = new Map<ResourceId, { readonly sequence: number; readonly untilMs: number }>();
  readonly #queuedUntilMs = new Map<ResourceId, number>();
  /** When the head of each list that isn't dead may be tried next: as the table says, or did before a rollback. */
  readonly #nextAttemptAtMs: Map<ResourceId, number>;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#nextAttemptAtMs = this.#readHeads();
  }

  /** Call it inside the command's transaction. Returns whether it made a dead call pointless. */
  add(call: ConsoleCall, sequence: number, realNowMs: number): boolean {
    const supersedesDead = supersedes(call.type) && this.#isDead(call.resource);
    if (supersedes(call.type)) this.#sql.exec("DELETE FROM console_calls WHERE resource = ?", call.resource);
    this.#sql.exec(
      "INSERT INTO console_calls VALUES (?, ?, ?, 0, ?, NULL, NULL)",
      call.resource,
      sequence,
      JSON.stringify(call),
      realNowMs,
    );
    this.#look(call.resource);
    return supersedesDead;
  }

  /** Hands out the head of a resource's list, if it is due and nobody has it. */
  take(resource: ResourceId, realNowMs: number): PendingCall | null {
    // What a rollback left in memory is put right here.
    const head = this.#look(resource);
    if (!head || head.next_attempt_at_ms === null || head.next_attempt_at_ms > realNowMs) return null;
    if ((this.#leases.get(resource)?.untilMs ?? 0) > realNowMs) return null;
    this.#leases.set(resource, { sequence: head.sequence, untilMs: realNowMs + CALL_LEASE_MS });
    return { ...JSON.parse(head.body), sequence: head.sequence, attempts: head.attempts };
  }

  /**
   * Records how an attempt went: a taken call leaves the list, another one waits longer each time. Returns the call
   * where this was its last attempt. A call that was superseded meanwhile is gone already.
   */
  settle(resource: ResourceId, sequence: number, outcome: CallOutcome, realNowMs: number): DeadCall | null {
    if (this.#leases.get(resource)?.sequence === sequence) this.#leases.delete(resource);
    const head = this.#head(resource);
    if (head?.sequence !== sequence) {
      this.#queuedUntilMs.delete(resource);
      return null;
    }
    if (outcome.taken) {
      this.#remove(resource, sequence);
      // Whoever delivered this one goes on with the next by itself.
      if (this.#head(resource)) this.#queuedUntilMs.set(resource, realNowMs + CALL_LEASE_MS);
      else this.#queuedUntilMs.delete(resource);
      return null;
    }
    this.#queuedUntilMs.delete(resource);
    const delayMs = CALL_RETRY_DELAYS_MS[head.attempts];
    const isDead = delayMs === undefined;
    this.#sql.exec(
      `UPDATE console_calls SET attempts = attempts + 1, next_attempt_at_ms = ?, last_error = ?, died_at_ms = ?
         WHERE resource = ? AND sequence = ?`,
      isDead ? null : realNowMs + delayMs,
      outcome.error,
      isDead ? realNowMs : null,
      resource,
      sequence,
    );
    this.#look(resource);
    return isDead ? (this.dead().find((call) => call.resource === resource) ?? null) : null;
  }

  /** Whether any call about a resource waits for its turn. */
  waits(resource: ResourceId): boolean {
    return this.#head(resource) !== null;
  }

  /** The calls that failed for good, by resource. */
  dead(): DeadCall[] {
    return this.#sql
      .exec<{
        resource: ResourceId;
        sequence: number;
        type: CallType;
        attempts: number;
        error: string;
        atMs: number;
      }>(
        `SELECT resource, sequence, body ->> 'type' AS type, attempts, last_error AS error, died_at_ms AS atMs
           FROM console_calls WHERE died_at_ms IS NOT NULL ORDER BY resource`,
      )
      .toArray();
  }

  /** Gives a dead head another full round of attempts; false where the head isn't dead. */
  revive(resource: ResourceId, realNowMs: number): boolean {
    return this.#ifDead(resource, (sequence) =>
      this.#sql.exec(
        "UPDATE console_calls SET attempts = 0, next_attempt_at_ms = ?, died_at_ms = NULL WHERE resource = ? AND sequence = ?",
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
    const due: ResourceId[] = [];
    for (const resource of this.#nextAttemptAtMs.keys()) {
      if (due.length === CALLS_PER_LOOK) break;
      if (this.#dueAtMs(resource) <= realNowMs) due.push(resource);
    }
    return due;
  }

  /** Whether a call may be delivered now, or is being delivered. */
  areUnderWay(realNowMs: number): boolean {
    return [...this.#nextAttemptAtMs.values()].some((atMs) => atMs <= realNowMs);
  }

  /** The queue has been told of these; a message that gets lost is sent again after the lease's time. */
  queued(resources: readonly ResourceId[], realNowMs: number): void {
    for (const resource of resources) this.#queuedUntilMs.set(resource, realNowMs + CALL_LEASE_MS);
  }

  /** When the next head may be delivered, or null where none waits. */
  nextDueAtMs(): number | null {
    let nextMs: number | null = null;
    for (const resource of this.#nextAttemptAtMs.keys()) {
      nextMs = Math.min(nextMs ?? Number.POSITIVE_INFINITY, this.#dueAtMs(resource));
    }
    return nextMs;
  }

  #dueAtMs(resource: ResourceId): number {
    const nextAttemptAtMs = this.#nextAttemptAtMs.get(resource) ?? Number.POSITIVE_INFINITY;
    const leasedUntilMs = this.#leases.get(resource)?.untilMs ?? 0;
    return Math.max(nextAttemptAtMs, leasedUntilMs, this.#queuedUntilMs.get(resource) ?? 0);
  }

  #readHeads(): Map<ResourceId, number> {
    const heads = this.#sql
      .exec<{ resource: ResourceId; atMs: number | null }>(
        "SELECT resource, next_attempt_at_ms AS atMs, min(sequence) FROM console_calls GROUP BY resource",
      )
      .toArray();
    return new Map(heads.flatMap(({ resource, atMs }) => (atMs === null ? [] : [[resource, atMs] as const])));
  }

  /** Looks at the head of a resource's list, and remembers when it may be tried. */
  #look(resource: ResourceId): Row | null {
    const head = this.#head(resource);
    if (head?.next_attempt_at_ms == null) this.#nextAttemptAtMs.delete(resource);
    else this.#nextAttemptAtMs.set(resource, head.next_attempt_at_ms);
    return head;
  }

  #isDead(resource: ResourceId): boolean {
    return this.#head(resource)?.died_at_ms != null;
  }

  #ifDead(resource: ResourceId, act: (sequence: number) => void): boolean {
    const head = this.#head(resource);
    if (head?.died_at_ms == null) return false;
    act(head.sequence);
    this.#look(resource);
    return true;
  }

  #remove(resource: ResourceId, sequence: number): void {
    this.#sql.exec("DELETE FROM console_calls WHERE resource = ? AND sequence = ?", resource, sequence);
    this.#look(resource);
  }

  #head(resource: ResourceId): Row | null {
    const query = "SELECT * FROM console_calls WHERE resource = ? ORDER BY sequence LIMIT 1";
    return this.#sql.exec<Row & Record<string, SqlStorageValue>>(query, resource).toArray()[0] ?? null;
  }
}
