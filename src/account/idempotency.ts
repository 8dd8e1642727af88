import { DAY_MS } from "../domain/local-time.ts";

/** Keys are remembered this long; a retry after it is a new request. */
export const KEY_LIFE_MS = 30 * DAY_MS;
/** How many old keys one clean-up forgets. */
const CLEAN_UP_ROWS = 1_000;

/** A request that is to have its effect once: `key` is unique within its caller, `hash` tells requests apart. */
export interface KeyedRequest {
  readonly caller: string;
  readonly key: string;
  readonly hash: string;
}

export type KeyUse = "new" | "same" | "other";

export type Found<O> =
  | { readonly kind: "new" }
  | { readonly kind: "same"; readonly outcome: O }
  | { readonly kind: "other" };

/** Answers that were given under an idempotency key. */
export class IdempotencyKeys {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  find<O>({ caller, key, hash }: KeyedRequest): Found<O> {
    const [row] = this.#sql
      .exec<{ request_hash: string; outcome: string }>(
        "SELECT request_hash, outcome FROM idempotency WHERE caller = ? AND key = ?",
        caller,
        key,
      )
      .toArray();
    if (!row) return { kind: "new" };
    return row.request_hash === hash
      ? { kind: "same", outcome: JSON.parse(row.outcome) as O }
      : { kind: "other" };
  }

  /** Call it in the transaction that records what the answer says. */
  add({ caller, key, hash }: KeyedRequest, outcome: unknown, createdAtMs: number): void {
    this.#sql.exec(
      "INSERT INTO idempotency VALUES (?, ?, ?, ?, ?)",
      caller,
      key,
      hash,
      JSON.stringify(outcome),
      createdAtMs,
    );
  }

  /** Forgets keys past their life; at most so many at once that a busy account isn't held up. */
  cleanUp(nowMs: number): void {
    this.#sql.exec(
      `DELETE FROM idempotency WHERE (caller, key) IN
         (SELECT caller, key FROM idempotency WHERE created_at_ms < ? LIMIT ?)`,
      nowMs - KEY_LIFE_MS,
      CLEAN_UP_ROWS,
    );
  }
}
