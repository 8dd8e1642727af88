import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { Account } from "../domain/account.ts";
import type { Product } from "../domain/catalogue.ts";
import type { Invoice } from "../domain/invoice.ts";
import type { CreditEntry } from "../domain/ledger.ts";
import type { Payment } from "../domain/payment.ts";

/**
 * The read side: copies of what the account objects hold, written by their projections alone and rebuildable from
 * them. Only `catalogue_versions` and `sandbox_clock` have their truth here.
 */

/** One row an account: how far its projection is (`epoch`, `seq`), and when time next changes something in it. */
export const accounts = sqliteTable(
  "accounts",
  {
    id: text().primaryKey(),
    epoch: integer().notNull(),
    seq: integer().notNull(),
    dueAtMs: integer("due_at_ms"),
    claimedUntilMs: integer("claimed_until_ms").notNull().default(0),
    profile: text({ mode: "json" }).$type<Account>(),
  },
  (table) => [index("accounts_due").on(table.dueAtMs)],
);

export const invoices = sqliteTable(
  "invoices",
  {
    account: text().notNull(),
    n: integer().notNull(),
    code: text().notNull(),
    product: text().notNull(),
    status: text().notNull(),
    resourceName: text("resource_name").notNull(),
    issuedAtMs: integer("issued_at_ms").notNull(),
    body: text({ mode: "json" }).$type<Invoice>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.account, table.n] })],
);

export const payments = sqliteTable(
  "payments",
  {
    account: text().notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    id: text().notNull(),
    body: text({ mode: "json" }).$type<Payment>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.account, table.createdAtMs, table.id] })],
);

export const creditTransactions = sqliteTable(
  "credit_transactions",
  {
    account: text().notNull(),
    n: integer().notNull(),
    type: text().$type<CreditEntry["type"]>().notNull(),
    amount: integer().notNull(),
    available: integer().notNull(),
    held: integer().notNull(),
    atMs: integer("at_ms").notNull(),
    reference: text().notNull(),
    description: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.account, table.n] })],
);

/** What operations must look at; `key` is unique within its account. */
export const alerts = sqliteTable(
  "alerts",
  {
    account: text().notNull(),
    key: text().notNull(),
    kind: text().notNull(),
    subject: text().notNull(),
    atMs: integer("at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.account, table.key] })],
);

export const catalogueVersions = sqliteTable(
  "catalogue_versions",
  {
    product: text().notNull(),
    version: integer().notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    body: text({ mode: "json" }).$type<Product>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.product, table.version] })],
);

/** Where a sandbox's clock stands; no row while it runs in real time. */
export const sandboxClock = sqliteTable("sandbox_clock", {
  id: integer().primaryKey(),
  nowMs: integer("now_ms").notNull(),
});
