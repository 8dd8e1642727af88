import { and, desc, eq, sql } from "drizzle-orm";
import type { GatewayName } from "../../domain/gateway.ts";
import { databaseOf } from "../../store/database.ts";
import { sandboxGatewayPayments, sandboxGatewayRefunds } from "../../store/schema.ts";

export type SimulatedPayment = typeof sandboxGatewayPayments.$inferSelect;

/** Gateways number transactions; these are as long as theirs. Those of refunds stand apart. */
const FIRST_PAYMENT = 4_000_000_000;
const FIRST_REFUND = 5_000_000_000;
/** How far back a gateway lists. */
const MAX_LISTED = 1_000;

export const theirIdOf = ({ n }: SimulatedPayment): string => String(FIRST_PAYMENT + n);

export async function paymentByTheirId(
  env: Env,
  gateway: GatewayName,
  theirId: string,
): Promise<SimulatedPayment | null> {
  const [row] = await databaseOf(env, null)
    .select()
    .from(sandboxGatewayPayments)
    .where(
      and(
        eq(sandboxGatewayPayments.gateway, gateway),
        eq(sandboxGatewayPayments.n, Number(theirId) - FIRST_PAYMENT),
      ),
    );
  return row ?? null;
}

export async function paymentOf(
  env: Env,
  gateway: GatewayName,
  reference: string,
): Promise<SimulatedPayment | null> {
  const [row] = await databaseOf(env, null)
    .select()
    .from(sandboxGatewayPayments)
    .where(and(eq(sandboxGatewayPayments.gateway, gateway), eq(sandboxGatewayPayments.reference, reference)));
  return row ?? null;
}

/** Records a payment; null where its reference is known. */
export async function openPayment(
  env: Env,
  payment: Omit<SimulatedPayment, "n" | "state">,
): Promise<SimulatedPayment | null> {
  const [row] = await databaseOf(env, null)
    .insert(sandboxGatewayPayments)
    .values({ ...payment, state: "open" })
    .onConflictDoNothing()
    .returning();
  return row ?? null;
}

/** Decides an open payment, once; null where it was decided before. */
export async function decidePayment(
  env: Env,
  { n }: SimulatedPayment,
  state: "paid" | "refused",
): Promise<SimulatedPayment | null> {
  const [row] = await databaseOf(env, null)
    .update(sandboxGatewayPayments)
    .set({ state })
    .where(and(eq(sandboxGatewayPayments.n, n), eq(sandboxGatewayPayments.state, "open")))
    .returning();
  return row ?? null;
}

/** Ends an open payment before its time; null where it was decided or had ended. */
export async function endPayment(
  env: Env,
  { n }: SimulatedPayment,
  nowMs: number,
): Promise<SimulatedPayment | null> {
  const [row] = await databaseOf(env, null)
    .update(sandboxGatewayPayments)
    .set({ expiresAtMs: nowMs })
    .where(and(eq(sandboxGatewayPayments.n, n), sql`state = 'open' AND expires_at_ms > ${nowMs}`))
    .returning();
  return row ?? null;
}

/** Keeps something else that was said of a payment. */
export async function amendPayment(
  env: Env,
  { n, request }: SimulatedPayment,
  more: SimulatedPayment["request"],
): Promise<SimulatedPayment | null> {
  const [row] = await databaseOf(env, null)
    .update(sandboxGatewayPayments)
    .set({ request: { ...request, ...more } })
    .where(eq(sandboxGatewayPayments.n, n))
    .returning();
  return row ?? null;
}

/** The newest payments of a gateway. */
export const paymentsOf = (env: Env, gateway: GatewayName): Promise<SimulatedPayment[]> =>
  databaseOf(env, null)
    .select()
    .from(sandboxGatewayPayments)
    .where(eq(sandboxGatewayPayments.gateway, gateway))
    .orderBy(desc(sandboxGatewayPayments.n))
    .limit(MAX_LISTED);

/** Whether a query is still to be told that the payment is pending; counts it. */
export async function isToldPending(env: Env, { n }: SimulatedPayment): Promise<boolean> {
  const counted = await databaseOf(env, null)
    .update(sandboxGatewayPayments)
    .set({ pendingQueries: sql`pending_queries - 1` })
    .where(and(eq(sandboxGatewayPayments.n, n), sql`pending_queries > 0`))
    .returning({ n: sandboxGatewayPayments.n });
  return counted.length > 0;
}

export async function refundOf(
  env: Env,
  gateway: GatewayName,
  reference: string,
): Promise<typeof sandboxGatewayRefunds.$inferSelect | null> {
  const [row] = await databaseOf(env, null)
    .select()
    .from(sandboxGatewayRefunds)
    .where(and(eq(sandboxGatewayRefunds.gateway, gateway), eq(sandboxGatewayRefunds.reference, reference)));
  return row ?? null;
}

export type Refunded =
  | { readonly kind: "refunded"; readonly theirId: string }
  | { readonly kind: "duplicate" }
  | { readonly kind: "too_much" };

/** Gives money of a payment back, in one statement: never more than was paid, never twice under one reference. */
export async function refundPayment(
  env: Env,
  { gateway, n, amountMinor: paidMinor }: SimulatedPayment,
  reference: string,
  amountMinor: number,
): Promise<Refunded> {
  if (await refundOf(env, gateway, reference)) return { kind: "duplicate" };
  const [row] = await databaseOf(env, null).all<{ n: number }>(sql`
    INSERT INTO sandbox_gateway_refunds (gateway, reference, payment, amount_minor)
    SELECT ${gateway}, ${reference}, ${n}, ${amountMinor}
     WHERE ${amountMinor} + coalesce((SELECT sum(amount_minor) FROM sandbox_gateway_refunds WHERE payment = ${n}), 0)
           <= ${paidMinor}
    ON CONFLICT DO NOTHING RETURNING n`);
  return row ? { kind: "refunded", theirId: String(FIRST_REFUND + row.n) } : { kind: "too_much" };
}

/** What was given back of a payment. */
export async function refundsOf(env: Env, { gateway, n }: SimulatedPayment) {
  const rows = await databaseOf(env, null)
    .select()
    .from(sandboxGatewayRefunds)
    .where(and(eq(sandboxGatewayRefunds.gateway, gateway), eq(sandboxGatewayRefunds.payment, n)));
  return rows.map((row) => ({ ...row, theirId: String(FIRST_REFUND + row.n) }));
}
