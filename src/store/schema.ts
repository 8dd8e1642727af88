import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { Account } from "../domain/account.ts";
import type { FiledCallback } from "../domain/attempts/callback.ts";
import type { Product } from "../domain/catalogue.ts";
import type { Amounts, InvoicedCost } from "../domain/costs/cost.ts";
import type { CreditNote } from "../domain/credit-note.ts";
import type { GatewayName } from "../domain/gateway.ts";
import type { CallbackId, ProductId, ResourceId, ResourceTypeId } from "../domain/ids.ts";
import type { Invoice } from "../domain/invoice.ts";
import type { CreditEntry, PocEntry } from "../domain/ledger.ts";
import type { MailJob } from "../domain/notice.ts";
import type { Payment } from "../domain/payment.ts";

/**
 * The read side: copies of what the account objects hold, written by their projections and rebuildable from them.
 * What belongs to no account has its truth here: catalogue versions, webhook secrets, what products may allow in the
 * portal, the marks of mails that were sent, the installation's own trail, and what a sandbox has.
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
  (table) => [index("accounts_due").on(table.dueAtMs).where(sql`due_at_ms IS NOT NULL`)],
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

export const creditNotes = sqliteTable(
  "credit_notes",
  {
    account: text().notNull(),
    n: integer().notNull(),
    product: text().notNull(),
    issuedAtMs: integer("issued_at_ms").notNull(),
    body: text({ mode: "json" }).$type<CreditNote>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.account, table.n] })],
);

/** What resources cost, over which time: what invoices say, as the cost explorer counts. (Domain: Costs.) */
export const costs = sqliteTable(
  "costs",
  {
    account: text().notNull(),
    /** When the time that it was invoiced for ends; what a credit note took back begins at `until_ms`. */
    endMs: integer("end_ms").notNull(),
    n: integer().notNull(),
    part: integer().notNull(),
    startMs: integer("start_ms").notNull(),
    untilMs: integer("until_ms").notNull(),
    clock: text().$type<InvoicedCost["clock"]>().notNull(),
    product: text().$type<ProductId>().notNull(),
    resourceType: text("resource_type").$type<ResourceTypeId>().notNull(),
    resource: text().$type<ResourceId>().notNull(),
    resourceName: text("resource_name").notNull(),
    tags: text({ mode: "json" }).$type<InvoicedCost["tags"]>().notNull(),
    issuedAtMs: integer("issued_at_ms").notNull(),
    billed: text({ mode: "json" }).$type<Amounts>().notNull(),
    creditedAtMs: integer("credited_at_ms"),
    credited: text({ mode: "json" }).$type<Amounts>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.account, table.endMs, table.n, table.part] })],
);

export const payments = sqliteTable(
  "payments",
  {
    account: text().notNull(),
    n: integer().notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    body: text({ mode: "json" }).$type<Payment>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.account, table.n] })],
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

/** Changes of the POC wallet, apart from those of credit. */
export const pocTransactions = sqliteTable(
  "poc_transactions",
  {
    account: text().notNull(),
    n: integer().notNull(),
    type: text().$type<PocEntry["type"]>().notNull(),
    amount: integer().notNull(),
    balance: integer().notNull(),
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

/** Money of gateways that fits nothing known; `account` is empty where nobody knows whose it is. */
export const callbacks = sqliteTable(
  "callbacks",
  {
    account: text().notNull(),
    id: text().$type<CallbackId>().notNull(),
    status: text().$type<FiledCallback["status"]>().notNull(),
    atMs: integer("at_ms").notNull(),
    body: text({ mode: "json" }).$type<FiledCallback>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.account, table.id] }), index("callbacks_id").on(table.id)],
);

/** Calls to product consoles that failed for good: the head of their resource's list. */
export const deadCalls = sqliteTable(
  "dead_calls",
  {
    account: text().notNull(),
    resource: text().notNull(),
    sequence: integer().notNull(),
    type: text().notNull(),
    attempts: integer().notNull(),
    error: text().notNull(),
    atMs: integer("at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.account, table.resource] })],
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

/** What calls to product consoles are signed with: a product's present secret, and former ones until their instant. */
export const webhookSecrets = sqliteTable(
  "webhook_secrets",
  {
    product: text().notNull(),
    secret: text().notNull(),
    validUntilMs: integer("valid_until_ms"),
  },
  (table) => [primaryKey({ columns: [table.product, table.secret] })],
);

/** What portal sessions may allow at most, by the product that asks for them. */
export const portalActions = sqliteTable("portal_actions", {
  product: text().primaryKey(),
  actions: text({ mode: "json" }).$type<readonly string[]>().notNull(),
});

/** Mails that were sent or given up. `job` is what sends one again; `resends` counts how often that was asked for. */
export const mails = sqliteTable(
  "mails",
  {
    id: text().primaryKey(),
    account: text().notNull(),
    key: text().notNull(),
    recipient: text().notNull(),
    status: text().$type<"sent" | "dead" | "queued">().notNull(),
    resends: integer().notNull(),
    error: text(),
    atMs: integer("at_ms").notNull(),
    job: text({ mode: "json" }).$type<MailJob>().notNull(),
  },
  (table) => [index("mails_dead").on(table.atMs).where(sql`status = 'dead'`)],
);

/** What operations did to the installation as a whole. Rows are only ever added. */
export const auditTrail = sqliteTable("audit_trail", {
  n: integer().primaryKey(),
  atMs: integer("at_ms").notNull(),
  requestId: text("request_id").notNull(),
  actor: text().notNull(),
  action: text().notNull(),
  subject: text().notNull(),
});

/** What a sandbox sent, instead of sending it. */
export const sandboxMailbox = sqliteTable("sandbox_mailbox", {
  n: integer().primaryKey(),
  key: text().notNull().unique(),
  recipient: text().notNull(),
  subject: text().notNull(),
  text: text().notNull(),
  html: text().notNull(),
  atMs: integer("at_ms").notNull(),
});

/** Where a sandbox's clock stands; no row while it runs in real time. */
export const sandboxClock = sqliteTable("sandbox_clock", {
  id: integer().primaryKey(),
  nowMs: integer("now_ms").notNull(),
});

/**
 * A sandbox's product consoles: what calls to them are signed with, and what becomes of the next resource they are
 * told to set up.
 */
export const sandboxConsoles = sqliteTable("sandbox_consoles", {
  product: text().primaryKey(),
  webhookSecret: text("webhook_secret").notNull(),
  next: text().$type<"succeed" | "fail" | "hang">().notNull(),
});

/** The last call that a sandbox's console took about each resource; for one to set it up also what it made of it. */
export const sandboxConsoleResources = sqliteTable(
  "sandbox_console_resources",
  {
    product: text().notNull(),
    account: text().notNull(),
    resource: text().notNull(),
    sequence: integer().notNull(),
    call: text().notNull(),
    outcome: text().$type<"succeed" | "fail" | "hang">(),
  },
  (table) => [primaryKey({ columns: [table.product, table.account, table.resource] })],
);
/** What a sandbox's payment gateways know; `n` is the gateway's own number of the transaction. */
export const sandboxGatewayPayments = sqliteTable(
  "sandbox_gateway_payments",
  {
    n: integer().primaryKey(),
    gateway: text().$type<GatewayName>().notNull(),
    reference: text().notNull(),
    merchant: text().notNull(),
    amountMinor: integer("amount_minor").notNull(),
    description: text().notNull(),
    state: text().$type<"open" | "paid" | "refused">().notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    expiresAtMs: integer("expires_at_ms").notNull(),
    /** How often a query is still to be told that it is pending. */
    pendingQueries: integer("pending_queries").notNull(),
    /** What the merchant sent, by the provider's own names. */
    request: text({ mode: "json" }).$type<Readonly<Record<string, string>>>().notNull(),
  },
  (table) => [uniqueIndex("sandbox_gateway_payments_reference").on(table.gateway, table.reference)],
);

export const sandboxGatewayRefunds = sqliteTable(
  "sandbox_gateway_refunds",
  {
    n: integer().primaryKey(),
    gateway: text().notNull(),
    reference: text().notNull(),
    payment: integer().notNull(),
    amountMinor: integer("amount_minor").notNull(),
    outcome: text().$type<"refunded" | "refused">().notNull().default("refunded"),
    /** How often a query is still to be told that it is being processed. */
    pendingQueries: integer("pending_queries").notNull().default(0),
  },
  (table) => [uniqueIndex("sandbox_gateway_refunds_reference").on(table.gateway, table.reference)],
);

/** Accounts that customers have linked at a sandbox's gateways, or were asked to; `reference` is the merchant's. */
export const sandboxGatewayLinks = sqliteTable(
  "sandbox_gateway_links",
  {
    n: integer().primaryKey(),
    gateway: text().$type<GatewayName>().notNull(),
    reference: text().notNull(),
    merchant: text().notNull(),
    description: text().notNull(),
    /** What the merchant charges it by. */
    token: text().notNull(),
    state: text().$type<"open" | "linked" | "refused" | "removed">().notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    expiresAtMs: integer("expires_at_ms").notNull(),
    /** What the merchant sent, by the provider's own names. */
    request: text({ mode: "json" }).$type<Readonly<Record<string, string>>>().notNull(),
  },
  (table) => [
    uniqueIndex("sandbox_gateway_links_reference").on(table.gateway, table.reference),
    uniqueIndex("sandbox_gateway_links_token").on(table.gateway, table.token),
  ],
);

/** Callbacks that a sandbox's gateways have sent or have still to send; `answer` is what they were told last. */
export const sandboxGatewayCallbacks = sqliteTable("sandbox_gateway_callbacks", {
  n: integer().primaryKey(),
  gateway: text().notNull(),
  reference: text().notNull(),
  method: text().$type<"GET" | "POST">().notNull(),
  url: text().notNull(),
  body: text().notNull(),
  attempts: integer().notNull(),
  isDone: integer("is_done", { mode: "boolean" }).notNull(),
  answer: text(),
  /** Where a signature is made whenever it is sent: whether it is a wrong one. */
  isForged: integer("is_forged", { mode: "boolean" }).notNull().default(false),
});

/** What a sandbox's gateways have answered under a merchant's idempotency key, to what. */
export const sandboxGatewayAnswers = sqliteTable(
  "sandbox_gateway_answers",
  {
    gateway: text().$type<GatewayName>().notNull(),
    key: text().notNull(),
    question: text().notNull(),
    status: integer().notNull(),
    body: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.gateway, table.key] })],
);

/** How a sandbox's gateways are told to behave; no row where they behave normally. */
export const sandboxGatewaySwitches = sqliteTable("sandbox_gateway_switches", {
  gateway: text().primaryKey(),
  callback: text().notNull(),
  creation: text().notNull(),
  refund: text().notNull().default("normal"),
  charge: text().notNull().default("normal"),
  pendingQueries: integer("pending_queries").notNull(),
});
