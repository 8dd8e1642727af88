import { type SQL, sql } from "drizzle-orm";
import type { Account } from "../domain/account.ts";
import type { Alert } from "../domain/events.ts";
import type { Invoice } from "../domain/invoice.ts";
import type { CreditEntry, LedgerTransaction } from "../domain/ledger.ts";
import type { Payment } from "../domain/payment.ts";
import type { Database } from "./database.ts";

/** A row of the credit history, counted by the ledger transaction it came from. */
export interface CreditRow extends CreditEntry, Pick<LedgerTransaction, "atMs" | "reference" | "description"> {
  readonly n: number;
}

/** A row of the read side as an account tells it. Telling it again, or later than a newer one, changes nothing. */
export type ProjectedRow =
  | { readonly table: "accounts"; readonly row: Account }
  | { readonly table: "invoices"; readonly row: Invoice }
  | { readonly table: "payments"; readonly row: Payment }
  | { readonly table: "credit_transactions"; readonly row: CreditRow }
  | { readonly table: "alerts"; readonly row: Alert };

/** Everything one command of an account changed, in the order of its `seq`. */
export interface ProjectedCommand {
  readonly seq: number;
  readonly dueAtMs: number | null;
  readonly rows: readonly ProjectedRow[];
}

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
  database: Database,
  source: ProjectionSource,
  commands: readonly ProjectedCommand[],
): Promise<void> {
  const last = commands.at(-1);
  if (!last) return;
  const statements = commands.flatMap((command) => {
    const guard = notYetApplied(source, command.seq);
    return command.rows.flatMap((row) => statementFor(source.account, row, guard) ?? []);
  });
  const profile = commands.flatMap(({ rows }) => rows).findLast((row) => row.table === "accounts")?.row ?? null;
  // The cursor moves last: the statements before it look at where it stood.
  const [first, ...rest] = [...statements, moveCursor(source, last, profile)].map((statement) => database.run(statement));
  if (first) await database.batch([first, ...rest]);
}

const notYetApplied = ({ account, epoch }: ProjectionSource, seq: number): SQL =>
  sql`NOT EXISTS (SELECT 1 FROM accounts WHERE id = ${account} AND (epoch, seq) >= (${epoch}, ${seq}))`;

function moveCursor({ account, epoch }: ProjectionSource, last: ProjectedCommand, profile: Account | null): SQL {
  return sql`INSERT INTO accounts (id, epoch, seq, due_at_ms, profile)
    VALUES (${account}, ${epoch}, ${last.seq}, ${last.dueAtMs}, ${profile && JSON.stringify(profile)})
    ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq, due_at_ms = excluded.due_at_ms,
      claimed_until_ms = 0, profile = coalesce(excluded.profile, profile)
    WHERE (excluded.epoch, excluded.seq) > (accounts.epoch, accounts.seq)`;
}

/** `accounts` rows travel with the cursor. */
function statementFor(account: string, projected: ProjectedRow, guard: SQL): SQL | null {
  switch (projected.table) {
    case "accounts":
      return null;
    case "invoices": {
      const { row } = projected;
      return sql`INSERT INTO invoices (account, n, code, product, status, resource_name, issued_at_ms, body)
        SELECT ${account}, ${row.n}, ${row.code}, ${row.product}, ${row.status}, ${row.resourceName},
          ${row.issuedAtMs}, ${JSON.stringify(row)} WHERE ${guard}
        ON CONFLICT (account, n) DO UPDATE SET status = excluded.status, body = excluded.body`;
    }
    case "payments": {
      const { row } = projected;
      return sql`INSERT INTO payments (account, created_at_ms, id, body)
        SELECT ${account}, ${row.createdAtMs}, ${row.id}, ${JSON.stringify(row)} WHERE ${guard}
        ON CONFLICT (account, created_at_ms, id) DO UPDATE SET body = excluded.body`;
    }
    case "credit_transactions": {
      const { row } = projected;
      return sql`INSERT INTO credit_transactions
          (account, n, type, amount, available, held, at_ms, reference, description)
        SELECT ${account}, ${row.n}, ${row.type}, ${row.amount}, ${row.available}, ${row.held}, ${row.atMs},
          ${row.reference}, ${row.description} WHERE ${guard}
        ON CONFLICT (account, n) DO NOTHING`;
    }
    case "alerts": {
      const { row } = projected;
      return sql`INSERT INTO alerts (account, key, kind, subject, at_ms)
        SELECT ${account}, ${row.key}, ${row.kind}, ${row.subject}, ${row.atMs} WHERE ${guard}
        ON CONFLICT (account, key) DO NOTHING`;
    }
  }
}
