import type { ProductId } from "../domain/ids.ts";

/** How many sessions that are over one new session clears away. */
const CLEAN_UP_ROWS = 100;

/** A person's stay in the portal, as the console (or operations) that sent them there vouches for it. */
export interface PortalSession {
  readonly id: string;
  readonly user: string;
  readonly actions: readonly string[];
  readonly returnUrl: string;
  readonly product: ProductId | null;
  readonly expiresAtMs: number;
}

/** The stays in the portal of one account's people, in real time. */
export class PortalSessions {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Begins a session; false where one of this id was begun before, whether or not it is over. */
  begin(session: PortalSession, realNowMs: number): boolean {
    this.#sql.exec(
      `DELETE FROM portal_sessions WHERE id IN
         (SELECT id FROM portal_sessions WHERE expires_at_ms <= ? LIMIT ?)`,
      realNowMs,
      CLEAN_UP_ROWS,
    );
    const { rowsWritten } = this.#sql.exec(
      "INSERT INTO portal_sessions VALUES (?, ?, ?, 0) ON CONFLICT DO NOTHING",
      session.id,
      JSON.stringify(session),
      session.expiresAtMs,
    );
    return rowsWritten > 0;
  }

  /** The session, while it lasts. */
  find(id: string, realNowMs: number): PortalSession | null {
    const [row] = this.#sql
      .exec<{ body: string }>(
        "SELECT body FROM portal_sessions WHERE id = ? AND expires_at_ms > ? AND is_over = 0",
        id,
        realNowMs,
      )
      .toArray();
    return row ? (JSON.parse(row.body) as PortalSession) : null;
  }

  /** Ends a session. It is remembered until its link can't be used any more. */
  end(id: string): void {
    this.#sql.exec("UPDATE portal_sessions SET is_over = 1 WHERE id = ?", id);
  }
}
