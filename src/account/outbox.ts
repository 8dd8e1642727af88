import type { CouponCode, OrderId } from "../domain/ids.ts";
import type { MailJob } from "../domain/notice.ts";
import type { ProjectedCommand } from "../store/projection.ts";

/** A coupon's use became final: spent, or given back. */
export interface CouponSettlement {
  readonly coupon: CouponCode;
  readonly order: OrderId;
  readonly spent: boolean;
}

/** What leaves an account, by destination. Each topic drains by itself: one that is stuck doesn't hold the others. */
export interface Topics {
  readonly projection: ProjectedCommand;
  readonly coupons: readonly CouponSettlement[];
  readonly mail: readonly MailJob[];
}

export type Topic = keyof Topics;
export const TOPICS = ["projection", "coupons", "mail"] as const satisfies readonly Topic[];

/** Messages that were committed with the commands that caused them and haven't been delivered yet. */
export class Outbox {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Call it inside the command's transaction. One message a topic and command. */
  add<T extends Topic>(topic: T, seq: number, message: Topics[T]): void {
    this.#sql.exec("INSERT INTO outbox VALUES (?, ?, ?)", topic, seq, JSON.stringify(message));
  }

  /** The oldest messages of a topic, in the order of their commands. */
  read<T extends Topic>(topic: T, limit: number): { seq: number; message: Topics[T] }[] {
    return this.#sql
      .exec<{ seq: number; body: string }>(
        "SELECT seq, body FROM outbox WHERE topic = ? ORDER BY seq LIMIT ?",
        topic,
        limit,
      )
      .toArray()
      .map(({ seq, body }) => ({ seq, message: JSON.parse(body) as Topics[T] }));
  }

  /** Forgets what has been delivered, up to and including `seq`. */
  remove(topic: Topic, seq: number): void {
    this.#sql.exec("DELETE FROM outbox WHERE topic = ? AND seq <= ?", topic, seq);
  }

  /** Forgets what waits: somebody is about to tell it all anew. */
  clear(topic: Topic): void {
    this.#sql.exec("DELETE FROM outbox WHERE topic = ?", topic);
  }

  /** Whether anything waits: of all commands, or of those up to `seq`. */
  waits(seq = Number.MAX_SAFE_INTEGER): boolean {
    const query = "SELECT EXISTS (SELECT 1 FROM outbox WHERE seq <= ?) AS waits";
    return this.#sql.exec<{ waits: number }>(query, seq).one().waits === 1;
  }
}
