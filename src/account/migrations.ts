/** What an account object keeps. Append only: a step that has run anywhere is never edited, a change is a new step. */
export const ACCOUNT_MIGRATIONS: readonly string[] = [
  `CREATE TABLE head (
     id INTEGER PRIMARY KEY CHECK (id = 1),
     account TEXT,
     epoch INTEGER NOT NULL,
     seq INTEGER NOT NULL,
     transactions INTEGER NOT NULL,
     documents INTEGER NOT NULL,
     payments INTEGER NOT NULL,
     resources INTEGER NOT NULL,
     mails INTEGER NOT NULL,
     indexed_due_at_ms INTEGER,
     credit_available INTEGER NOT NULL CHECK (credit_available >= 0),
     credit_held INTEGER NOT NULL CHECK (credit_held >= 0),
     poc INTEGER NOT NULL CHECK (poc >= 0),
     other_balances TEXT NOT NULL
   ) STRICT;
   INSERT INTO head VALUES (1, NULL, 1, 0, 0, 0, 0, 0, 0, NULL, 0, 0, 0, '{}');

   CREATE TABLE ledger (
     n INTEGER PRIMARY KEY,
     kind TEXT NOT NULL,
     at_ms INTEGER NOT NULL,
     reference TEXT NOT NULL,
     description TEXT NOT NULL,
     transfers TEXT NOT NULL,
     credit TEXT
   ) STRICT;
   CREATE TRIGGER ledger_is_never_changed BEFORE UPDATE ON ledger
     BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
   CREATE TRIGGER ledger_is_never_replaced BEFORE INSERT ON ledger
     WHEN EXISTS (SELECT 1 FROM ledger WHERE n = NEW.n)
     BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
   CREATE TRIGGER ledger_is_never_shortened BEFORE DELETE ON ledger
     BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

   CREATE TABLE orders (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE resources (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE payments (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE alerts (key TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE invoices (n INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;

   CREATE TABLE idempotency (
     caller TEXT NOT NULL,
     key TEXT NOT NULL,
     request_hash TEXT NOT NULL,
     outcome TEXT NOT NULL,
     created_at_ms INTEGER NOT NULL,
     PRIMARY KEY (caller, key)
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE timers (
     kind TEXT NOT NULL,
     key TEXT NOT NULL,
     due_at_ms INTEGER NOT NULL,
     PRIMARY KEY (kind, key)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX timers_due ON timers (due_at_ms);

   CREATE TABLE outbox (
     topic TEXT NOT NULL,
     seq INTEGER NOT NULL,
     body TEXT NOT NULL,
     PRIMARY KEY (topic, seq)
   ) STRICT, WITHOUT ROWID;`,

  `CREATE TABLE console_calls (
     resource TEXT NOT NULL,
     sequence INTEGER NOT NULL,
     body TEXT NOT NULL,
     attempts INTEGER NOT NULL,
     next_attempt_at_ms INTEGER,
     last_error TEXT,
     died_at_ms INTEGER,
     PRIMARY KEY (resource, sequence)
   ) STRICT, WITHOUT ROWID;`,

  `CREATE TABLE audit_trail (
     n INTEGER PRIMARY KEY,
     at_ms INTEGER NOT NULL,
     request_id TEXT NOT NULL,
     actor TEXT NOT NULL,
     action TEXT NOT NULL,
     subject TEXT NOT NULL
   ) STRICT;
   CREATE TRIGGER audit_trail_is_never_changed BEFORE UPDATE ON audit_trail
     BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
   CREATE TRIGGER audit_trail_is_never_replaced BEFORE INSERT ON audit_trail
     WHEN EXISTS (SELECT 1 FROM audit_trail WHERE n = NEW.n)
     BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
   CREATE TRIGGER audit_trail_is_never_shortened BEFORE DELETE ON audit_trail
     BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;`,

  `CREATE TABLE portal_sessions (
     id TEXT PRIMARY KEY,
     body TEXT NOT NULL,
     expires_at_ms INTEGER NOT NULL,
     is_over INTEGER NOT NULL CHECK (is_over IN (0, 1))
   ) STRICT, WITHOUT ROWID;`,

  `UPDATE orders SET body = json_set(body, '$.checkoutsOpened', 0);`,

  // Rows written are what an object costs: an index nobody needs, and a row a topic, were too many.
  `DROP INDEX timers_due;

   ALTER TABLE outbox RENAME TO outbox_by_topic;
   CREATE TABLE outbox (
     seq INTEGER PRIMARY KEY,
     projection TEXT,
     coupons TEXT,
     mail TEXT
   ) STRICT;
   INSERT INTO outbox
     SELECT seq,
       max(CASE topic WHEN 'projection' THEN body END),
       max(CASE topic WHEN 'coupons' THEN body END),
       max(CASE topic WHEN 'mail' THEN body END)
     FROM outbox_by_topic GROUP BY seq;
   DROP TABLE outbox_by_topic;`,

  `CREATE TABLE credit_notes (n INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;

   ALTER TABLE timers ADD COLUMN turn TEXT NOT NULL DEFAULT '';

   UPDATE orders SET body = json_set(body, '$.quote.quotedAtMs', body ->> 'createdAtMs',
     '$.items', (SELECT json_group_array(json_set(item.value, '$.resource', NULL))
       FROM json_each(body, '$.items') AS item),
     '$.quote.lines', (SELECT json_group_array(json_set(line.value, '$.resourceVersion', NULL, '$.endAtMs', NULL, '$.refund', 0))
       FROM json_each(body, '$.quote.lines') AS line));

   UPDATE payments SET body = json_set(body, '$.documents', 0) WHERE body ->> 'documents' IS NULL;

   UPDATE resources SET body = json_set(body, '$.deletesAtMs', NULL, '$.autoRenewSetAtMs', body ->> 'createdAtMs',
     '$.ran', json_object('atMs', coalesce(body ->> 'startAtMs', body ->> 'createdAtMs'), 'turn', 0),
     '$.pending', json(CASE WHEN body ->> 'state' = 'provisioning'
       THEN json_object('order', body ->> 'order', 'line', body ->> 'line') ELSE 'null' END));
   INSERT INTO timers SELECT 'resource', id, body ->> 'startAtMs', '' FROM resources WHERE body ->> 'state' = 'active';`,

  `UPDATE head SET account = json_set(account, '$.recipients', json('[]')) WHERE account IS NOT NULL;`,

  `CREATE TABLE attempts (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE callbacks (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;

   ALTER TABLE outbox ADD COLUMN queries TEXT;

   UPDATE orders SET body = json_set(body, '$.attempts', json_array());`,

  `UPDATE attempts SET body = json_set(body, '$.createdAs', NULL);`,

  `UPDATE attempts SET body = json_remove(json_set(body, '$.pays', json(CASE WHEN body ->> 'order' IS NULL
     THEN 'null' ELSE json_object('kind', 'order', 'order', body ->> 'order') END)), '$.order');`,

  `UPDATE orders SET body = json_set(body, '$.billing', 'prepaid');
   UPDATE resources SET body = json_set(body, '$.segments', json_array());
   UPDATE invoices SET body = json_set(body, '$.tags', json_object());`,

  `CREATE TABLE linked_accounts (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;

   UPDATE attempts SET body = json_set(body, '$.linkedAccount', NULL);`,

  `UPDATE head SET account = json_set(account, '$.invoiceAddresses', json('[]')) WHERE account IS NOT NULL;
   UPDATE orders SET body = json_set(body, '$.invoiceAddress', NULL);
   UPDATE invoices SET body = json_set(body, '$.billedTo', NULL);`,

  `CREATE TABLE refunds (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;

   UPDATE attempts SET body = json_set(body, '$.sentBack', 0);`,

  `UPDATE orders SET body = json_set(body, '$.share', NULL);`,

  `ALTER TABLE head ADD COLUMN poc_wallet TEXT;
   ALTER TABLE ledger ADD COLUMN poc TEXT;

   UPDATE orders SET body = json_set(body, '$.quote.soldAs', json_array(body ->> 'billing'), '$.quote.pocTotal', NULL);`,

  // Of many documents and attempts few are open, and those are looked for often.
  `CREATE TABLE collections (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
   CREATE INDEX unpaid_invoices ON invoices (n) WHERE body ->> 'status' <> 'paid';
   CREATE INDEX holding_attempts ON attempts (id) WHERE body ->> 'hasLetGo' = 0;`,

  `CREATE TABLE auto_top_ups (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;`,

  `UPDATE resources SET body = json_set(body, '$.closed', NULL);`,

  `UPDATE invoices SET body = json_set(body, '$.billedMinutes', (SELECT CAST(line.value ->> 'billedMinutes' AS TEXT)
     FROM orders, json_each(orders.body, '$.quote.lines') AS line
     WHERE orders.id = invoices.body ->> 'order' AND line.value ->> 'resource' = invoices.body ->> 'resource'))
   WHERE body ->> 'payment' IS NOT NULL;`,

  `CREATE TABLE budgets (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;`,
];
