import { and, eq } from "drizzle-orm";
import type { Context } from "hono";
import type { App } from "../../http/context.ts";
import { databaseOf } from "../../store/database.ts";
import { sandboxGatewayAnswers } from "../../store/schema.ts";

/** No answer's status. */
const IN_PROGRESS = 0;

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

/** Stripe is told a merchant's webhook once, on its dashboard. */
export const webhookOf = (c: Context<App>): string =>
  `${c.env.PUBLIC_URL ?? new URL(c.req.url).origin}/v1/webhooks/stripe`;

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
    const known = await claim(c.env, key, question);
    if (known && known.question !== question)
      return sent(
        refuse(400, { type: "idempotency_error", message: "The key was used for another request" }),
      );
    if (known?.status === IN_PROGRESS)
      return sent(
        refuse(409, { type: "idempotency_error", code: "idempotency_key_in_use", message: "In progress" }),
      );
    if (known) return sent({ status: known.status, body: JSON.parse(known.body) }, true);
    const answer = await answering(c, fields);
    await keep(c.env, key, answer);
    return answer.isLost ? new Response("Gateway Timeout", { status: 504 }) : sent(answer);
  };

const sent = ({ status, body }: StripeAnswer, isReplayed = false): Response =>
  Response.json(body, { status, headers: isReplayed ? { "Idempotent-Replayed": "true" } : {} });

const fieldsOf = (sent: URLSearchParams): Fields => Object.fromEntries(sent);

const isUnder = (key: string) =>
  and(eq(sandboxGatewayAnswers.gateway, "stripe"), eq(sandboxGatewayAnswers.key, key));

/** Takes a key for a request; answers what it was taken for before, if it was. */
async function claim(env: Env, key: string, question: string) {
  const database = databaseOf(env, null);
  const row = { gateway: "stripe", key, question, status: IN_PROGRESS, body: "" } as const;
  const claimed = await database.insert(sandboxGatewayAnswers).values(row).onConflictDoNothing().returning();
  if (claimed.length > 0) return null;
  const [known] = await database.select().from(sandboxGatewayAnswers).where(isUnder(key));
  return known ?? null;
}

async function keep(env: Env, key: string, { status, body }: StripeAnswer): Promise<void> {
  await databaseOf(env, null)
    .update(sandboxGatewayAnswers)
    .set({ status, body: JSON.stringify(body) })
    .where(isUnder(key));
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
