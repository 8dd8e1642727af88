import { and, eq } from "drizzle-orm";
import type { Context } from "hono";
import type { App } from "../../http/context.ts";
import { databaseOf } from "../../store/database.ts";
import { sandboxGatewayAnswers } from "../../store/schema.ts";

/** What was sent, by Stripe's names as they are spelled: `line_items[0][quantity]`. */
export type Fields = Readonly<Record<string, string>>;

export interface StripeAnswer {
  readonly status: number;
  readonly body: object;
  /** It is done and kept, and nobody hears of it. */
  readonly isLost?: boolean;
}

export const ok = (body: object): StripeAnswer => ({ status: 200, body });

interface Refusal {
  readonly type: "invalid_request_error" | "card_error" | "idempotency_error";
  readonly code?: string;
  readonly message: string;
  readonly param?: string;
  readonly decline_code?: string;
  readonly payment_intent?: object;
}

export const refuse = (status: number, error: Refusal): StripeAnswer => ({ status, body: { error } });

export const missing = (what: string, id: string, param = "id"): StripeAnswer =>
  refuse(param === "id" ? 404 : 400, {
    type: "invalid_request_error",
    code: "resource_missing",
    message: `No such ${what}: '${id}'`,
    param,
  });

export const invalid = (param: string, code = "parameter_invalid"): StripeAnswer =>
  refuse(400, { type: "invalid_request_error", code, message: `Invalid ${param}`, param });

type Answering = (c: Context<App>, fields: Fields) => Promise<StripeAnswer>;

/**
 * One call of Stripe's API. It knows one merchant, whose key is this installation's; what comes again under its
 * idempotency key is answered as it was, and another request under it isn't answered at all.
 */
export const stripeCall =
  (answering: Answering) =>
  async (c: Context<App>): Promise<Response> => {
    if (!c.env.STRIPE_SECRET_KEY || c.req.header("Authorization") !== `Bearer ${c.env.STRIPE_SECRET_KEY}`)
      return sent(refuse(401, { type: "invalid_request_error", message: "Invalid API Key provided" }));
    if (c.req.method === "GET") return sent(await answering(c, fieldsOf(new URL(c.req.url).searchParams)));
    const text = new TextDecoder().decode(await c.req.arrayBuffer());
    const fields = fieldsOf(new URLSearchParams(text));
    const key = c.req.header("Idempotency-Key");
    if (key === undefined) return sent(await answering(c, fields));
    const question = `${c.req.path}\n${text}`;
    const known = await answerTo(c.env, key);
    if (known && known.question !== question)
      return sent(
        refuse(400, { type: "idempotency_error", message: "The key was used for another request" }),
      );
    if (known) return sent({ status: known.status, body: JSON.parse(known.body) }, true);
    const answer = await answering(c, fields);
    await keep(c.env, { key, question, status: answer.status, body: JSON.stringify(answer.body) });
    return answer.isLost ? new Response("Gateway Timeout", { status: 504 }) : sent(answer);
  };

const sent = ({ status, body }: StripeAnswer, isReplayed = false): Response =>
  Response.json(body, { status, headers: isReplayed ? { "Idempotent-Replayed": "true" } : {} });

const fieldsOf = (sent: URLSearchParams): Fields => Object.fromEntries(sent);

async function answerTo(env: Env, key: string) {
  const [row] = await databaseOf(env, null)
    .select()
    .from(sandboxGatewayAnswers)
    .where(and(eq(sandboxGatewayAnswers.gateway, "stripe"), eq(sandboxGatewayAnswers.key, key)));
  return row ?? null;
}

async function keep(env: Env, answer: { key: string; question: string; status: number; body: string }) {
  await databaseOf(env, null)
    .insert(sandboxGatewayAnswers)
    .values({ gateway: "stripe", ...answer })
    .onConflictDoNothing();
}

/** The part of an object that was sent as `name[…]`. */
export const partOf = (fields: Fields, name: string): Fields =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([field, value]) =>
      field.startsWith(`${name}[`) ? [[field.slice(name.length + 1, -1), value]] : [],
    ),
  );

/** A page of a list, newest first. */
export function listed<T extends { readonly id: string; readonly created: number }>(
  url: string,
  all: readonly T[],
  fields: Fields,
): StripeAnswer {
  const from = Number(fields["created[gte]"] ?? 0);
  const to = Number(fields["created[lte]"] ?? Number.MAX_SAFE_INTEGER);
  const fitting = all
    .filter(({ created }) => created >= from && created <= to)
    .sort((a, b) => b.created - a.created || b.id.localeCompare(a.id));
  const start = fields.starting_after ? fitting.findIndex(({ id }) => id === fields.starting_after) + 1 : 0;
  const data = fitting.slice(start, start + Number(fields.limit ?? 10));
  return ok({ object: "list", url, has_more: start + data.length < fitting.length, data });
}
