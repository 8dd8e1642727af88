import { TURN } from "../domain/lifecycle/schedule.ts";
import type { Position } from "../store/paging.ts";

/** What time can change in an account: for each kind, the next instant of one of its things. */
export type TimerKind =
  | "order"
  | "resource"
  | "attempt"
  | "link"
  | "refund"
  | "poc"
  | "bills"
  | "auto_top_up"
  | "budget";

export interface Timer {
  readonly kind: TimerKind;
  readonly key: string;
  readonly dueAtMs: number;
}

/** The account's business timers, few enough to be looked through: an index would be written more often than it helps. Setting one belongs into the transaction of the command that causes it. */
export class Timers {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Sets or, with null, removes the timer of a thing. `turn` is its place among what is due at the same instant. */
  set(kind: TimerKind, key: string, dueAtMs: number | null, turn = ""): void {
    if (dueAtMs === null) {
      this.#sql.exec("DELETE FROM timers WHERE kind = ? AND key = ?", kind, key);
      return;
    }
    this.#sql.exec(
      `INSERT INTO timers VALUES (?, ?, ?, ?)
         ON CONFLICT (kind, key) DO UPDATE SET due_at_ms = excluded.due_at_ms, turn = excluded.turn
         WHERE (due_at_ms, turn) <> (excluded.due_at_ms, excluded.turn)`,
      kind,
      key,
      dueAtMs,
      turn,
    );
  }

  /** When a resource is renewed next, after an instant. */
  nextRenewalAtMs(afterMs: number): number | null {
    const query =
      "SELECT min(due_at_ms) AS due FROM timers WHERE kind = 'resource' AND turn LIKE ? AND due_at_ms > ?";
    return this.#sql.exec<{ due: number | null }>(query, `${TURN.renewal} %`, afterMs).one().due;
  }

  /** Sets the timer of a thing unless it is due earlier, or in an earlier turn, already. */
  advance(kind: TimerKind, key: string, dueAtMs: number, turn: string): void {
    const [set] = this.#sql
      .exec<{ dueAtMs: number; turn: string }>(
        "SELECT due_at_ms AS dueAtMs, turn FROM timers WHERE kind = ? AND key = ?",
        kind,
        key,
      )
      .toArray();
    if (set && (set.dueAtMs < dueAtMs || (set.dueAtMs === dueAtMs && set.turn <= turn))) return;
    this.set(kind, key, dueAtMs, turn);
  }

  earliestDueAtMs(): number | null {
    return this.#sql.exec<{ due: number | null }>("SELECT min(due_at_ms) AS due FROM timers").one().due;
  }

  /** What is due at or before an instant, earliest first; at one instant, in turn. */
  due(nowMs: number, limit: number): Timer[] {
    return this.#sql
      .exec<{ kind: TimerKind; key: string; dueAtMs: number }>(
        `SELECT kind, key, due_at_ms AS dueAtMs FROM timers WHERE due_at_ms <= ?
           ORDER BY due_at_ms, turn, kind, key LIMIT ?`,
        nowMs,
        limit,
      )
      .toArray();
  }

  /** What will be due at all, earliest first, from behind a place in that list on. */
  waiting(after: Position | undefined, limit: number): Timer[] {
    return this.#sql
      .exec<{ kind: TimerKind; key: string; dueAtMs: number }>(
        `SELECT kind, key, due_at_ms AS dueAtMs FROM timers WHERE (due_at_ms, kind || ' ' || key) > (?, ?)
           ORDER BY due_at_ms, kind || ' ' || key LIMIT ?`,
        after?.atMs ?? Number.MIN_SAFE_INTEGER,
        after?.id ?? "",
        limit,
      )
      .toArray();
  }
}
