import { nameOfStatement, tally } from "./counters.ts";
import { replace } from "./replace.ts";

type Rows = D1Result<Record<string, unknown>>;
interface Statement {
  readonly statement: string;
}

/** What each way of running a statement makes of its result. Only `all` and `batch` answer what it cost. */
const WAYS: Readonly<Record<string, (result: Rows, column: string | undefined) => unknown>> = {
  all: (result) => result,
  run: (result) => result,
  first: ({ results: [row] }, column) => (column === undefined ? (row ?? null) : (row?.[column] ?? null)),
  raw: ({ results }) => results.map((row) => Object.values(row)),
};

/** Counts the rows that every statement reads and writes. */
export function countD1(database: D1Database): void {
  const statement = Object.getPrototypeOf(database.prepare("SELECT 1"));
  const all = statement.all as (this: unknown) => Promise<Rows>;
  for (const [way, answer] of Object.entries(WAYS)) {
    replace(
      statement,
      way,
      () =>
        async function (column) {
          tally("d1_call", "statement");
          const result = await all.call(this);
          count(this as Statement, result);
          return answer(result, column as string | undefined);
        },
    );
  }
  const prototype = Object.getPrototypeOf(database);
  replace(
    prototype,
    "batch",
    (original) =>
      async function (...args) {
        tally("d1_call", "batch");
        const results = (await original.apply(this, args)) as D1Result[];
        const [statements] = args as [Statement[]];
        for (const [index, result] of results.entries()) count(statements[index], result);
        return results;
      },
  );
  replace(prototype, "withSession", () => () => {
    throw new Error("D1 sessions aren't counted yet");
  });
}

const count = (of: Statement | undefined, { meta }: D1Result): void =>
  tally("d1_sql", nameOfStatement(of?.statement ?? ""), {
    rowsRead: meta.rows_read,
    rowsWritten: meta.rows_written,
  });
