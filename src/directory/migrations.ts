/** What the directory keeps. Append only, like the account's. */
export const DIRECTORY_MIGRATIONS: readonly string[] = [
  `CREATE TABLE names (
     kind TEXT NOT NULL,
     name TEXT NOT NULL,
     epoch INTEGER NOT NULL,
     PRIMARY KEY (kind, name)
   ) STRICT, WITHOUT ROWID;`,
];
