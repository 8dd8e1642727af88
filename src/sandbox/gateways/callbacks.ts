import { and, eq, sql } from "drizzle-orm";
import type { GatewayName } from "../../domain/gateway.ts";
import { reach } from "../../gateways/reach.ts";
import { databaseOf } from "../../store/database.ts";
import { sandboxGatewayCallbacks } from "../../store/schema.ts";
import type { SimulatedPayment } from "./payments.ts";
import type { CallbackMode } from "./switches.ts";

const TIMEOUT_MS = 15_000;
const MAX_ATTEMPTS = 5;
const JSON_TEXT = { "Content-Type": "application/json; charset=UTF-8" };
/** What a wrong amount is wrong by. */
const AMOUNT_ERROR_MINOR = 1_000;

/** A request to a merchant's webhook. */
export interface Message {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly body: string;
  /** Where a signature is made whenever it is sent: whether it is a wrong one. */
  readonly isForged?: boolean;
}

/** What a callback says, rightly or not. */
export interface Statement {
  readonly payment: SimulatedPayment;
  /** As it was before it was decided. */
  readonly isPending: boolean;
  readonly amountMinor: number;
  readonly isForged: boolean;
}

/** How one gateway tells merchants what became of a payment, and what it takes for "I have it". */
export interface Teller {
  /** Null where it tells nobody of such a thing. */
  message(env: Env, statement: Statement): Promise<Message | null>;
  /** What it says beside the message, made anew whenever that is sent. */
  headers?(
    env: Env,
    sent: Pick<KeptCallback, "body" | "isForged">,
  ): Promise<Readonly<Record<string, string>>>;
  isTaken(status: number, body: string): boolean;
}

/** What it takes to send what was said. */
export type Sender = Pick<Teller, "headers" | "isTaken">;

type KeptCallback = typeof sandboxGatewayCallbacks.$inferSelect;

export type SentCallback = Pick<KeptCallback, "reference" | "answer" | "isDone">;

/** Tells the merchant of a payment that was decided, as well or badly as this mode has it. */
export async function tell(
  env: Env,
  teller: Teller,
  payment: SimulatedPayment,
  mode: CallbackMode,
): Promise<void> {
  const { amountMinor } = payment;
  const truth: Statement = { payment, isPending: false, amountMinor, isForged: false };
  const statements: Record<CallbackMode, readonly Statement[]> = {
    normal: [truth],
    late: [truth],
    twice: [truth, truth],
    out_of_order: [truth, { ...truth, isPending: true }],
    never: [],
    bad_signature: [{ ...truth, isForged: true }],
    wrong_amount: [{ ...truth, amountMinor: amountMinor + AMOUNT_ERROR_MINOR }],
  };
  for (const statement of statements[mode]) {
    const message = await teller.message(env, statement);
    if (message) await post(env, teller, payment, message, mode);
  }
}

/** Sends a message about a payment or a link, or (`late`) keeps it until it is asked for. */
export async function post(
  env: Env,
  teller: Sender,
  { gateway, reference }: { readonly gateway: GatewayName; readonly reference: string },
  message: Message,
  mode: CallbackMode,
): Promise<void> {
  const row = { gateway, reference, ...message, attempts: 0, isDone: false };
  const [kept] = await databaseOf(env, null).insert(sandboxGatewayCallbacks).values(row).returning();
  if (kept && mode !== "late") await send(env, teller, kept);
}

/** Sends what wasn't sent, or wasn't taken, in the order in which it came about. */
export async function sendOutstanding(
  env: Env,
  gateway: GatewayName,
  teller: Teller,
): Promise<SentCallback[]> {
  const outstanding = await databaseOf(env, null)
    .select()
    .from(sandboxGatewayCallbacks)
    .where(and(eq(sandboxGatewayCallbacks.gateway, gateway), sql`is_done = 0`))
    .orderBy(sandboxGatewayCallbacks.n);
  const sent: SentCallback[] = [];
  for (const callback of outstanding) sent.push(await send(env, teller, callback));
  return sent;
}

async function send(env: Env, teller: Sender, callback: KeptCallback): Promise<SentCallback> {
  const { n, reference, attempts } = callback;
  const { answer, isTaken } = await deliver(env, teller, callback);
  const isDone = isTaken || attempts + 1 >= MAX_ATTEMPTS;
  await databaseOf(env, null)
    .update(sandboxGatewayCallbacks)
    .set({ attempts: attempts + 1, isDone, answer })
    .where(eq(sandboxGatewayCallbacks.n, n));
  return { reference, answer, isDone };
}

async function deliver(env: Env, teller: Sender, { method, url, body, isForged }: KeptCallback) {
  try {
    const headers = { ...JSON_TEXT, ...(await teller.headers?.(env, { body, isForged })) };
    const answer = await reach(env)(url, {
      method,
      ...(method === "POST" ? { body, headers } : {}),
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await answer.text();
    return { answer: `${answer.status} ${text}`.trim(), isTaken: teller.isTaken(answer.status, text) };
  } catch (error) {
    return { answer: String(error), isTaken: false };
  }
}
