import { env } from "cloudflare:workers";

type Row = Readonly<Record<string, unknown>>;

/** The tables that accounts' projections write, with the column that names the account. */
const TABLES = {
  accounts: "id",
  invoices: "account",
  payments: "account",
  credit_transactions: "account",
  poc_transactions: "account",
  alerts: "account",
  callbacks: "account",
  dead_calls: "account",
} as const;

/** What D1 has of several accounts, read in one go. */
export class ReadSides {
  readonly #rows: ReadonlyMap<string, readonly Row[]>;

  private constructor(rows: ReadonlyMap<string, readonly Row[]>) {
    this.#rows = rows;
  }

  static async read(accounts: readonly string[]): Promise<ReadSides> {
    const names = JSON.stringify(accounts);
    const tables = Object.entries(TABLES);
    const results = await env.DB.batch<Row>(
      tables.map(([table, column]) =>
        env.DB.prepare(
          `SELECT * FROM ${table} WHERE ${column} IN (SELECT value FROM json_each(?)) ORDER BY 1, 2, 3`,
        ).bind(names),
      ),
    );
    const rows = results.flatMap((result, index) => {
      const [table = "", column = ""] = tables[index] ?? [];
      return result.results.map((row) => ({ account: String(row[column]), row: { table, ...row } }));
    });
    const byAccount = Map.groupBy(rows, ({ account }) => account);
    return new ReadSides(new Map([...byAccount].map(([id, of]) => [id, of.map(({ row }) => row)])));
  }

  of(account: string): readonly Row[] {
    return this.#rows.get(account) ?? [];
  }
}
