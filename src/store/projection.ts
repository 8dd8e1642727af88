import type { Account } from "../domain/account.ts";
import type { CreditNote } from "../domain/credit-note.ts";
import type { Alert } from "../domain/events.ts";
import type { Invoice } from "../domain/invoice.ts";
import type { CreditEntry, LedgerTransaction } from "../domain/ledger.ts";
import type { Payment } from "../domain/payment.ts";

/** A row of the credit history, counted by the ledger transaction it came from. */
export interface CreditRow
  extends CreditEntry,
    Pick<LedgerTransaction, "atMs" | "reference" | "description"> {
  readonly n: number;
}

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
  | { readonly table: "payments"; readonly row: Payment }
  | { readonly table: "credit_transactions"; readonly row: CreditRow }
  | { readonly table: "dead_calls"; readonly row: DeadCallRow }
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
  "payments",
  "credit_transactions",
  "alerts",
  "dead_calls",
] as const;

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
  const writes = commands.flatMap(({ seq, rows, isFresh }) => [
    ...(isFresh ? REBUILT_TABLES.map((table) => removal(table, source, seq)) : []),
    ...rows.flatMap((row) => insertion(source, seq, row) ?? []),
  ]);
  const profile =
    commands.flatMap(({ rows }) => rows).findLast(({ table }) => table === "accounts")?.row ?? null;
  // The cursor moves last: the statements before it look at where it stood.
  const statements = [...writes, cursorMove(source, last, profile)];
  await database.batch(statements.map(({ text, values }) => database.prepare(text).bind(...values)));
}

interface Statement {
  readonly text: string;
  readonly values: readonly (string | number | null)[];
}

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

/** What a row becomes where the account's cursor hasn't come to `seq`; `accounts` rows travel with the cursor. */
function insertion(source: ProjectionSource, seq: number, projected: ProjectedRow): Statement | null {
  const { account } = source;
  switch (projected.table) {
    case "accounts":
      return null;
    case "invoices": {
      const { n, code, product, status, resourceName, issuedAtMs } = projected.row;
      const columns = {
        account,
        n,
        code,
        product,
        status,
        resource_name: resourceName,
        issued_at_ms: issuedAtMs,
      };
      const body = JSON.stringify(projected.row);
      const merge = "(account, n) DO UPDATE SET status = excluded.status, body = excluded.body";
      return guardedInsert("invoices", { ...columns, body }, merge, source, seq);
    }
    case "credit_notes": {
      const { n, product, issuedAtMs } = projected.row;
      const columns = { account, n, product, issued_at_ms: issuedAtMs, body: JSON.stringify(projected.row) };
      return guardedInsert("credit_notes", columns, "(account, n) DO NOTHING", source, seq);
    }
    case "payments": {
      const { n, createdAtMs } = projected.row;
      const columns = { account, n, created_at_ms: createdAtMs, body: JSON.stringify(projected.row) };
      const merge = "(account, n) DO UPDATE SET body = excluded.body";
      return guardedInsert("payments", columns, merge, source, seq);
    }
    case "credit_transactions": {
      const { atMs, ...row } = projected.row;
      const columns = { account, ...row, at_ms: atMs };
      return guardedInsert("credit_transactions", columns, "(account, n) DO NOTHING", source, seq);
    }
    case "dead_calls": {
      const { row } = projected;
      return "isResolved" in row
        ? deadCallRemoval(source, seq, row.resource)
        : deadCallInsertion(source, seq, row);
    }
    case "alerts": {
      const { atMs, ...row } = projected.row;
      return guardedInsert(
        "alerts",
        { account, ...row, at_ms: atMs },
        "(account, key) DO NOTHING",
        source,
        seq,
      );
    }
  }
}

function deadCallInsertion(
  source: ProjectionSource,
  seq: number,
  row: Exclude<DeadCallRow, { isResolved: true }>,
) {
  const { atMs, ...same } = row;
  const merge = `(account, resource) DO UPDATE SET sequence = excluded.sequence, type = excluded.type,
    attempts = excluded.attempts, error = excluded.error, at_ms = excluded.at_ms`;
  return guardedInsert("dead_calls", { account: source.account, ...same, at_ms: atMs }, merge, source, seq);
}

const deadCallRemoval = ({ account, epoch }: ProjectionSource, seq: number, resource: string): Statement => ({
  text: `DELETE FROM dead_calls WHERE account = ? AND resource = ? AND ${NOT_YET_APPLIED}`,
  values: [account, resource, account, epoch, seq],
});

const removal = (table: string, { account, epoch }: ProjectionSource, seq: number): Statement => ({
  text: `DELETE FROM ${table} WHERE account = ? AND ${NOT_YET_APPLIED}`,
  values: [account, account, epoch, seq],
});

/** Takes the account, the epoch and the seq that speaks. */
const NOT_YET_APPLIED = "NOT EXISTS (SELECT 1 FROM accounts WHERE id = ? AND (epoch, seq) >= (?, ?))";

function guardedInsert(
  table: ProjectedRow["table"],
  columns: Readonly<Record<string, string | number>>,
  onConflict: string,
  { account, epoch }: ProjectionSource,
  seq: number,
): Statement {
  const values = Object.values(columns);
  return {
    text: `INSERT INTO ${table} (${Object.keys(columns).join(", ")}) SELECT ${values.map(() => "?").join(", ")}
      WHERE ${NOT_YET_APPLIED} ON CONFLICT ${onConflict}`,
    values: [...values, account, epoch, seq],
  };
}
