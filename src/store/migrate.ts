/**
 * Brings an object's SQLite up to date. Every step's text is kept beside its number: an object whose past differs
 * from `steps` refuses to start, because nobody knows what its tables look like.
 */
export function migrate(storage: DurableObjectStorage, steps: readonly string[]): void {
  const { sql } = storage;
  sql.exec("CREATE TABLE IF NOT EXISTS migrations (n INTEGER PRIMARY KEY, step TEXT NOT NULL) STRICT");
  const applied = sql.exec<{ step: string }>("SELECT step FROM migrations ORDER BY n").toArray();
  for (const [n, { step }] of applied.entries()) {
    if (step !== steps[n]) throw new Error(`migration ${n} has changed since it ran here`);
  }
  if (applied.length === steps.length) return;
  storage.transactionSync(() => {
    for (const [offset, step] of steps.slice(applied.length).entries()) {
      sql.exec(step);
      sql.exec("INSERT INTO migrations VALUES (?, ?)", applied.length + offset, step);
    }
  });
}
