/** What a coupon object keeps. Append only, like the account's. */
export const COUPON_MIGRATIONS: readonly string[] = [
  `CREATE TABLE coupon (id INTEGER PRIMARY KEY CHECK (id = 1), body TEXT NOT NULL) STRICT;
   CREATE TABLE reservations (
     order_id TEXT PRIMARY KEY,
     account TEXT NOT NULL,
     token TEXT NOT NULL,
     reserved_at_ms INTEGER NOT NULL,
     spent INTEGER NOT NULL CHECK (spent IN (0, 1))
   ) STRICT, WITHOUT ROWID;`,
];
