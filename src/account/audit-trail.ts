/** Who asked for something, under which request: operations and product consoles leave a trail. */
export interface Actor {
  readonly name: string;
  readonly requestId: string;
}

export interface AuditEntry {
  readonly n: number;
  readonly atMs: number;
  readonly requestId: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
}

/** What operations and product consoles did to this account; rows are only ever added. */
export class AuditTrail {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Call it inside the transaction of what was done. */
  add({ name, requestId }: Actor, action: string, subject: string, realNowMs: number): void {
    this.#sql.exec(
      "INSERT INTO audit_trail (at_ms, request_id, actor, action, subject) VALUES (?, ?, ?, ?, ?)",
      realNowMs,
      requestId,
      name,
      action,
      subject,
    );
  }

  /** Newest first, before a given number. */
  list(before: number | null, limit: number): AuditEntry[] {
    return this.#sql
      .exec<{ n: number; atMs: number; requestId: string; actor: string; action: string; subject: string }>(
        `SELECT n, at_ms AS atMs, request_id AS requestId, actor, action, subject FROM audit_trail
           WHERE n < ? ORDER BY n DESC LIMIT ?`,
        before ?? Number.MAX_SAFE_INTEGER,
        limit,
      )
      .toArray();
  }
}
