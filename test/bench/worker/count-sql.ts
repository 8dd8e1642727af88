import { nameOfStatement, tally } from "./counters.ts";
import { replace } from "./replace.ts";

interface Cost {
  readonly rowsRead: number;
  readonly rowsWritten: number;
}

const known = new WeakMap<object, Cost & { readonly name: string }>();

/** Counts the rows that an object's statements read and write. */
export function countSql(sql: SqlStorage): void {
  replace(
    Object.getPrototypeOf(sql),
    "exec",
    (original) =>
      function (...args) {
        const cursor = original.apply(this, args) as Cost & object;
        known.set(cursor, { name: nameOfStatement(String(args[0])), rowsRead: 0, rowsWritten: 0 });
        update(cursor, 1);
        return cursor;
      },
  );
  // A cursor goes on reading while it is read from: what it cost is looked at again afterwards.
  for (const method of ["toArray", "one", "next"]) {
    replace(
      Object.getPrototypeOf(sql.exec("SELECT 1")),
      method,
      (original) =>
        function (...args) {
          try {
            return original.apply(this, args);
          } finally {
            update(this as Cost & object, 0);
          }
        },
    );
  }
}

function update(cursor: Cost & object, times: number): void {
  const before = known.get(cursor);
  if (!before) return;
  const { name } = before;
  const { rowsRead, rowsWritten } = cursor;
  tally("object_sql", name, {
    times,
    rowsRead: rowsRead - before.rowsRead,
    rowsWritten: rowsWritten - before.rowsWritten,
  });
  known.set(cursor, { name, rowsRead, rowsWritten });
}
