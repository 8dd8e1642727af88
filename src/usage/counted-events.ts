import { MAX_EVENT_AGE_MS } from "../domain/metering/usage-event.ts";
import type { Digest } from "./digest.ts";
import { holds, mayHold, merged, type Run, runOf, sizeOf } from "./run.ts";

/** A run becomes no longer than this: it is one row. */
const MAX_RUN_DIGESTS = 65_536;

/**
 * The events that were counted, so that each counts once. A batch is one row, sorted; rows of like length are merged into one, so
 * there are few of them and a batch costs two rows written, however many events it has. What is older than any event may be is
 * forgotten.
 */
export class CountedEvents {
  readonly #sql: SqlStorage;
  /** The runs' filters by their numbers, as they are in storage; null until they are read. */
  #filters: Map<number, Uint32Array> | null = null;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  has(digest: Digest): boolean {
    for (const [n, filter] of this.#loaded())
      if (mayHold(filter, digest) && holds(this.#digests(n), digest)) return true;
    return false;
  }

  /** Call it in the transaction that counts them. Where that fails, say so with `undone`. */
  add(digests: readonly Digest[], nowMs: number): void {
    const filters = this.#loaded();
    this.#forget(nowMs - MAX_EVENT_AGE_MS);
    let run: Run = runOf(digests);
    const numbers = [...filters.keys()].sort((a, b) => b - a);
    for (const n of numbers) {
      const last = this.#digests(n);
      const isLike = sizeOf(last) < 2 * sizeOf(run.digests);
      if (!isLike || sizeOf(last) + sizeOf(run.digests) > MAX_RUN_DIGESTS) break;
      run = merged(last, run.digests);
      this.#sql.exec("DELETE FROM runs WHERE n = ?", n);
      filters.delete(n);
    }
    const { n } = this.#sql
      .exec<{ n: number }>(
        "INSERT INTO runs (last_at_ms, filter, digests) VALUES (?, ?, ?) RETURNING n",
        nowMs,
        run.filter.buffer,
        run.digests.buffer,
      )
      .one();
    filters.set(n, run.filter);
  }

  /** What was added last didn't stand. */
  undone(): void {
    this.#filters = null;
  }

  /** Events that were counted so long ago would be refused for their age. */
  #forget(beforeMs: number): void {
    const old = this.#sql.exec<{ n: number }>("DELETE FROM runs WHERE last_at_ms < ? RETURNING n", beforeMs);
    for (const { n } of old) this.#filters?.delete(n);
  }

  #loaded(): Map<number, Uint32Array> {
    this.#filters ??= new Map(
      this.#sql
        .exec<{ n: number; filter: ArrayBuffer }>("SELECT n, filter FROM runs")
        .toArray()
        .map(({ n, filter }) => [n, new Uint32Array(filter)]),
    );
    return this.#filters;
  }

  #digests(n: number): BigUint64Array {
    const { digests } = this.#sql
      .exec<{ digests: ArrayBuffer }>("SELECT digests FROM runs WHERE n = ?", n)
      .one();
    return new BigUint64Array(digests);
  }
}
