import { and, desc, eq, type SQL, sql } from "drizzle-orm";
import type { GatewayName } from "../../domain/gateway.ts";
import { databaseOf } from "../../store/database.ts";
import { sandboxGatewayPayments, sandboxGatewayRefunds } from "../../store/schema.ts";
import type { Switches } from "./switches.ts";

export type SimulatedPayment = typeof sandboxGatewayPayments.$inferSelect;

/** Gateways number transactions; these are as long as theirs. Those of refunds stand apart. */
const FIRST_PAYMENT = 4_000_000_000;
const FIRST_REFUND = 5_000_000_000;
/** How far back a gateway lists. */
const MAX_LISTED = 1_000;

export const theirIdOf = ({ n }: SimulatedPayment): string => String(FIRST_PAYMENT + n);

export const paymentByTheirId = (
  env: Env,
  gateway: GatewayName,
  theirId: string,
): Promise<SimulatedPayment | null> => paymentNumbered(env, gateway, Number(theirId) - FIRST_PAYMENT);

export async function paymentNumbered(
  env: Env,
  gateway: GatewayName,
  n: number,
): Promise<SimulatedPayment | null> {
  const [row] = await databaseOf(env, null)
    .select()
    .from(sandboxGatewayPayments)
    .where(and(eq(sandboxGatewayPayments.gateway, gateway), eq(sandboxGatewayPayments.n, n)));
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

export type SimulatedRefund = typeof sandboxGatewayRefunds.$inferSelect;

export type Refunded =
  | { readonly kind: "recorded"; readonly refund: SimulatedRefund }
  | { readonly kind: "duplicate" }
  | { readonly kind: "too_much" };

export const refundIdOf = ({ n }: SimulatedRefund): string => String(FIRST_REFUND + n);

/** How a refund is answered about. */
export type RefundState = SimulatedRefund["outcome"] | "processing";

/** Gives money of a payment back, in one statement: never more than was paid, never twice under one reference. */
export async function refundPayment(
  env: Env,
  { gateway, n, amountMinor: paidMinor }: SimulatedPayment,
  reference: string,
  amountMinor: number,
  { refund: mode, pendingQueries }: Pick<Switches, "refund" | "pendingQueries">,
): Promise<Refunded> {
  const database = databaseOf(env, null);
  if (await refundOf(env, gateway, reference)) return { kind: "duplicate" };
  const outcome = mode === "refuses" || mode === "processing_then_refuses" ? "refused" : "refunded";
  await database.run(sql`
    INSERT INTO sandbox_gateway_refunds (gateway, reference, payment, amount_minor, outcome, pending_queries)
    SELECT ${gateway}, ${reference}, ${n}, ${amountMinor}, ${outcome}, ${mode.startsWith("processing") ? pendingQueries : 0}
     WHERE ${amountMinor} + coalesce((SELECT sum(amount_minor) FROM sandbox_gateway_refunds
                                       WHERE payment = ${n} AND outcome = 'refunded'), 0) <= ${paidMinor}
    ON CONFLICT DO NOTHING`);
  const refund = await refundOf(env, gateway, reference);
  return refund ? { kind: "recorded", refund } : { kind: "too_much" };
}

export const refundOf = (
  env: Env,
  gateway: GatewayName,
  reference: string,
): Promise<SimulatedRefund | null> =>
  refundWhere(
    env,
    and(eq(sandboxGatewayRefunds.gateway, gateway), eq(sandboxGatewayRefunds.reference, reference)),
  );

/** A refund by the gateway's own number of it; without one, that of the whole payment. */
export function refundNumbered(
  env: Env,
  { gateway, n, amountMinor }: SimulatedPayment,
  theirId: string | null,
): Promise<SimulatedRefund | null> {
  const isIt =
    theirId === null
      ? eq(sandboxGatewayRefunds.amountMinor, amountMinor)
      : eq(sandboxGatewayRefunds.n, Number(theirId) - FIRST_REFUND);
  const isOfPayment = and(eq(sandboxGatewayRefunds.gateway, gateway), eq(sandboxGatewayRefunds.payment, n));
  return refundWhere(env, and(isOfPayment, isIt));
}

export const refundById = (
  env: Env,
  gateway: GatewayName,
  theirId: string,
): Promise<SimulatedRefund | null> =>
  refundWhere(
    env,
    and(
      eq(sandboxGatewayRefunds.gateway, gateway),
      eq(sandboxGatewayRefunds.n, Number(theirId) - FIRST_REFUND),
    ),
  );

async function refundWhere(env: Env, condition: SQL | undefined): Promise<SimulatedRefund | null> {
  const [newest] = await databaseOf(env, null)
    .select()
    .from(sandboxGatewayRefunds)
    .where(condition)
    .orderBy(desc(sandboxGatewayRefunds.n));
  return newest ?? null;
}

/** How a refund stands for whoever asks; that is counted while it is being processed. */
export async function askedRefund(env: Env, { n, outcome }: SimulatedRefund): Promise<RefundState> {
  const counted = await databaseOf(env, null)
    .update(sandboxGatewayRefunds)
    .set({ pendingQueries: sql`pending_queries - 1` })
    .where(and(eq(sandboxGatewayRefunds.n, n), sql`pending_queries > 0`))
    .returning({ n: sandboxGatewayRefunds.n });
  return counted.length > 0 ? "processing" : outcome;
}

/** How a refund stands for whoever has just asked for it. */
export const begunRefund = ({ outcome }: SimulatedRefund, { refund: mode }: Switches): RefundState =>
  mode.startsWith("processing") ? "processing" : outcome;

/** The newest refunds of a payment. */
export const refundsOf = (env: Env, { gateway, n }: SimulatedPayment): Promise<SimulatedRefund[]> =>
  databaseOf(env, null)
    .select()
    .from(sandboxGatewayRefunds)
    .where(and(eq(sandboxGatewayRefunds.gateway, gateway), eq(sandboxGatewayRefunds.payment, n)))
    .orderBy(desc(sandboxGatewayRefunds.n))
    .limit(MAX_LISTED);
