import type { CouponCode, OrderId } from "../domain/ids.ts";
import type { MailJob } from "../domain/notice.ts";
import type { ProjectedCommand } from "../store/projection.ts";
import type { GatewayJob } from "./jobs.ts";

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
  readonly queries: readonly GatewayJob[];
}

export type Topic = keyof Topics;
export const TOPICS = ["projection", "coupons", "mail", "queries"] as const satisfies readonly Topic[];

/** What one command tells, at most one message a topic. */
export type Messages = { readonly [T in Topic]?: Topics[T] };

/** Up to which command each topic was delivered; a topic of which nothing was is missing. */
export type Delivered = { readonly [T in Topic]?: number };

/**
 * Messages that were committed with the commands that caused them and haven't been delivered yet: one row a command,
 * with a column a topic, which is null where there is nothing to deliver any more.
 */
export class Outbox {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Call it inside the command's transaction. A command that tells nothing leaves no row. */
  add(seq: number, messages: Messages): void {
    const bodies = TOPICS.map((topic) => (messages[topic] ? JSON.stringify(messages[topic]) : null));
    if (bodies.every((body) => body === null)) return;
    this.#sql.exec(`INSERT INTO outbox (seq, ${TOPICS.join(", ")}) VALUES (?, ?, ?, ?, ?)`, seq, ...bodies);
  }

  /** The oldest messages of a topic after a command, in the order of their commands. */
  read<T extends Topic>(topic: T, after: number, limit: number): { seq: number; message: Topics[T] }[] {
    return this.#sql
      .exec<{ seq: number; body: string }>(
        `SELECT seq, ${topic} AS body FROM outbox WHERE seq > ? AND ${topic} IS NOT NULL ORDER BY seq LIMIT ?`,
        after,
        limit,
      )
      .toArray()
      .map(({ seq, body }) => ({ seq, message: JSON.parse(body) as Topics[T] }));
  }

  /** Forgets what has been delivered: a row goes with the last of its messages. */
  remove(delivered: Delivered): void {
    const upTo = TOPICS.map((topic) => delivered[topic] ?? 0);
    const last = Math.max(...upTo);
    if (last === 0) return;
    const isEmpty = TOPICS.map((topic) => `(${topic} IS NULL OR seq <= ?)`).join(" AND ");
    this.#sql.exec(`DELETE FROM outbox WHERE seq <= ? AND ${isEmpty}`, last, ...upTo);
    for (const [index, topic] of TOPICS.entries()) {
      const end = upTo[index] ?? 0;
      if (end > 0)
        this.#sql.exec(`UPDATE outbox SET ${topic} = NULL WHERE seq <= ? AND ${topic} IS NOT NULL`, end);
    }
  }

  /** Whether anything waits: of all commands, or of those up to `seq`. */
  waits(seq = Number.MAX_SAFE_INTEGER): boolean {
    const query = "SELECT EXISTS (SELECT 1 FROM outbox WHERE seq <= ?) AS waits";
    return this.#sql.exec<{ waits: number }>(query, seq).one().waits === 1;
  }
}
