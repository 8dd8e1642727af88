/** What a usage object keeps. Append only, like the account's. */
export const USAGE_MIGRATIONS: readonly string[] = [
  `CREATE TABLE readings (
     resource TEXT NOT NULL,
     sku TEXT NOT NULL,
     day INTEGER NOT NULL,
     body TEXT NOT NULL,
     PRIMARY KEY (resource, sku, day)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE runs (
     n INTEGER PRIMARY KEY,
     last_at_ms INTEGER NOT NULL,
     filter BLOB NOT NULL,
     digests BLOB NOT NULL
   ) STRICT;`,
];
