import type { Account } from "../domain/account.ts";
import type { FiledCallback } from "../domain/attempts/callback.ts";
import type { InvoicedCost } from "../domain/costs/cost.ts";
import type { CreditNote } from "../domain/credit-note.ts";
import type { Alert } from "../domain/events.ts";
import type { Invoice } from "../domain/invoice.ts";
import type { CreditEntry, LedgerTransaction, PocEntry } from "../domain/ledger.ts";
import type { Payment } from "../domain/payment.ts";
import { groupsOf } from "./groups.ts";

/** A row of the credit history, counted by the ledger transaction it came from. */
export interface CreditRow
  extends CreditEntry,
    Pick<LedgerTransaction, "atMs" | "reference" | "description"> {
  readonly n: number;
}

/** A row of the POC wallet's history, counted in the same way. */
export interface PocRow extends PocEntry, Pick<CreditRow, "n" | "atMs" | "reference" | "description"> {}

/** A call to a product console that operations must decide about, or that they have. */
export type DeadCallRow =
  | {
      readonly resource: string;
      readonly sequence: number;
      readonly type: string;
      readonly attempts: number;
      readonly error: string;
      readonly atMs: number;
    }
  | { readonly resource: string; readonly isResolved: true };

/** A row of the read side as an account tells it. Telling it again, or later than a newer one, changes nothing. */
export type ProjectedRow =
  | { readonly table: "accounts"; readonly row: Account }
  | { readonly table: "invoices"; readonly row: Invoice }
  | { readonly table: "credit_notes"; readonly row: CreditNote }
  | { readonly table: "costs"; readonly row: InvoicedCost }
  | { readonly table: "payments"; readonly row: Payment }
  | { readonly table: "credit_transactions"; readonly row: CreditRow }
  | { readonly table: "poc_transactions"; readonly row: PocRow }
  | { readonly table: "dead_calls"; readonly row: DeadCallRow }
  | { readonly table: "callbacks"; readonly row: FiledCallback }
  | { readonly table: "alerts"; readonly row: Alert };

/** Everything one command of an account changed, in the order of its `seq`. */
export interface ProjectedCommand {
  readonly seq: number;
  readonly dueAtMs: number | null;
  readonly rows: readonly ProjectedRow[];
  /** Before its rows, everything that can be told again is forgotten: the first command of a rebuild. */
  readonly isFresh?: true;
}

/** What a rebuild forgets and tells again. */
const REBUILT_TABLES = [
  "invoices",
  "credit_notes",
  "costs",
  "payments",
  "credit_transactions",
  "poc_transactions",
  "alerts",
  "callbacks",
  "dead_calls",
] as const;
type RebuiltTable = (typeof REBUILT_TABLES)[number];

/** What becomes of a row that is there already. */
const MERGES: Readonly<Record<RebuiltTable, string>> = {
  callbacks: "(account, id) DO UPDATE SET status = excluded.status, body = excluded.body",
  invoices: "(account, n) DO UPDATE SET status = excluded.status, body = excluded.body",
  credit_notes: "(account, n) DO NOTHING",
  costs: `(account, end_ms, n, part) DO UPDATE SET until_ms = excluded.until_ms,
    credited_at_ms = excluded.credited_at_ms, credited = excluded.credited`,
  payments: "(account, n) DO UPDATE SET body = excluded.body",
  credit_transactions: "(account, n) DO NOTHING",
  poc_transactions: "(account, n) DO NOTHING",
  alerts: "(account, key) DO NOTHING",
  dead_calls: `(account, resource) DO UPDATE SET sequence = excluded.sequence, type = excluded.type,
    attempts = excluded.attempts, error = excluded.error, at_ms = excluded.at_ms`,
};

/** A statement takes so many rows of a table at once, as JSON: a value of D1's has a limited size. */
const MAX_STATEMENT_ROWS = 200;
const MAX_STATEMENT_BYTES = 500_000;

/** Which account speaks, and in which epoch: a restored object speaks in a new one and outranks its former self. */
export interface ProjectionSource {
  readonly account: string;
  readonly epoch: number;
}

/**
 * Applies commands of one account, oldest first, in one D1 batch. What the account's cursor row already covers is
 * passed over, so replays and stragglers change nothing. Throws when D1 fails; then nothing was applied.
 */
export async function project(
  database: D1Database,
  source: ProjectionSource,
  commands: readonly ProjectedCommand[],
): Promise<void> {
  const last = commands.at(-1);
  if (!last) return;
  const fresh = commands.findLast(({ isFresh }) => isFresh);
  // Whatever was told before a fresh start is forgotten by it.
  const rows = commands
    .filter(({ seq }) => !fresh || seq >= fresh.seq)
    .flatMap(({ seq, rows: told }) => told.map((row) => ({ ...row, seq })));
  const profile = rows.findLast(({ table }) => table === "accounts")?.row ?? null;
  const statements = [
    ...(fresh ? REBUILT_TABLES.map((table) => removal(table, source, fresh.seq)) : []),
    ...REBUILT_TABLES.flatMap((table) => insertions(source, table, rows)),
    // The cursor moves last: the statements before it look at where it stood.
    cursorMove(source, last, profile),
  ];
  await database.batch(statements.map(({ text, values }) => database.prepare(text).bind(...values)));
}

interface Statement {
  readonly text: string;
  readonly values: readonly (string | number | null)[];
}

/** A row as its columns, without the account; `seq` is of the command that tells it. */
type Columns = Readonly<Record<string, string | number | null>> & { readonly seq: number };
type Told = ProjectedRow & { readonly seq: number };

function cursorMove(
  { account, epoch }: ProjectionSource,
  { seq, dueAtMs }: ProjectedCommand,
  profile: object | null,
): Statement {
  return {
    text: `INSERT INTO accounts (id, epoch, seq, due_at_ms, profile) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq, due_at_ms = excluded.due_at_ms,
        claimed_until_ms = 0, profile = coalesce(excluded.profile, profile)
      WHERE (excluded.epoch, excluded.seq) > (accounts.epoch, accounts.seq)`,
    values: [account, epoch, seq, dueAtMs, profile && JSON.stringify(profile)],
  };
}

/** What is told of a table becomes few statements, however many commands tell it. */
function insertions(source: ProjectionSource, table: RebuiltTable, told: readonly Told[]): Statement[] {
  const rows = told.flatMap((row) => (row.table === table ? (columnsOf(row) ?? []) : []));
  const statements = groupsOf(rows, MAX_STATEMENT_ROWS, MAX_STATEMENT_BYTES).map((group) =>
    insertion(source, table, group),
  );
  return table === "dead_calls" ? [...statements, ...deadCallRemovals(source, told)] : statements;
}

/** Null for what travels with the cursor, and for what is removed. */
function columnsOf(projected: Told): Columns | null {
  const { seq } = projected;
  switch (projected.table) {
    case "accounts":
      return null;
    case "invoices": {
      const { n, code, product, status, resourceName, issuedAtMs } = projected.row;
      const body = JSON.stringify(projected.row);
      return { seq, n, code, product, status, resource_name: resourceName, issued_at_ms: issuedAtMs, body };
    }
    case "credit_notes": {
      const { n, product, issuedAtMs } = projected.row;
      return { seq, n, product, issued_at_ms: issuedAtMs, body: JSON.stringify(projected.row) };
    }
    case "costs": {
      const { n, part, startMs, endMs, untilMs, clock, product, resourceType, resource } = projected.row;
      const { resourceName, tags, issuedAtMs, billed, creditedAtMs, credited } = projected.row;
      return {
        ...{ seq, n, part, start_ms: startMs, end_ms: endMs, until_ms: untilMs, clock },
        ...{ product, resource_type: resourceType, resource, resource_name: resourceName },
        ...{ tags: JSON.stringify(tags), issued_at_ms: issuedAtMs, billed: JSON.stringify(billed) },
        ...{ credited_at_ms: creditedAtMs, credited: JSON.stringify(credited) },
      };
    }
    case "payments": {
      const { n, createdAtMs } = projected.row;
      return { seq, n, created_at_ms: createdAtMs, body: JSON.stringify(projected.row) };
    }
    case "credit_transactions":
    case "poc_transactions":
    case "alerts": {
      const { atMs, ...row } = projected.row;
      return { seq, ...row, at_ms: atMs };
    }
    case "callbacks": {
      const { id, status, atMs } = projected.row;
      return { seq, id, status, at_ms: atMs, body: JSON.stringify(projected.row) };
    }
    case "dead_calls": {
      if ("isResolved" in projected.row) return null;
      const { atMs, ...row } = projected.row;
      return { seq, ...row, at_ms: atMs };
    }
  }
}

/** Takes the account, then the rows as JSON, then the epoch. */
const NOT_YET_APPLIED =
  "NOT EXISTS (SELECT 1 FROM accounts WHERE id = ?1 AND (epoch, seq) >= (?3, value ->> 'seq'))";

function insertion(
  { account, epoch }: ProjectionSource,
  table: RebuiltTable,
  rows: readonly Columns[],
): Statement {
  const columns = Object.keys(rows[0] ?? {}).filter((column) => column !== "seq");
  return {
    text: `INSERT INTO ${table} (account, ${columns.join(", ")})
      SELECT ?1, ${columns.map((column) => `value ->> '${column}'`).join(", ")} FROM json_each(?2)
      WHERE ${NOT_YET_APPLIED} ON CONFLICT ${MERGES[table]}`,
    values: [account, JSON.stringify(rows), epoch],
  };
}

/** Calls that were resolved, and didn't die again since. */
function deadCallRemovals({ account, epoch }: ProjectionSource, told: readonly Told[]): Statement[] {
  const calls = told.flatMap(({ table, row, seq }) => (table === "dead_calls" ? [{ ...row, seq }] : []));
  const lastOf = new Map(calls.map((call) => [call.resource, call]));
  const resolved = [...lastOf.values()].filter((call) => "isResolved" in call);
  if (resolved.length === 0) return [];
  return [
    {
      text: `DELETE FROM dead_calls WHERE account = ?1 AND resource IN
        (SELECT value ->> 'resource' FROM json_each(?2) WHERE ${NOT_YET_APPLIED})`,
      values: [account, JSON.stringify(resolved), epoch],
    },
  ];
}

const removal = (table: RebuiltTable, { account, epoch }: ProjectionSource, seq: number): Statement => ({
  text: `DELETE FROM ${table} WHERE account = ?1
    AND NOT EXISTS (SELECT 1 FROM accounts WHERE id = ?1 AND (epoch, seq) >= (?2, ?3))`,
  values: [account, epoch, seq],
});
