import { exports } from "cloudflare:workers";
import type { Context } from "hono";
import { sign } from "hono/jwt";
import { err, ok, type Result } from "../../domain/result.ts";
import type { App } from "../../http/context.ts";

const TOKEN_LIFE_SECONDS = 60;

/** The parts of the API's answers that the consoles read; `/openapi.json` has all of them. */
export interface Product {
  readonly id: string;
  readonly name: string;
  readonly currency: "VND" | "USD";
  readonly callbackUrl?: string;
  readonly resourceTypes: readonly ResourceType[];
}

export interface ResourceType {
  readonly id: string;
  readonly name: string;
  readonly billing: readonly string[];
  readonly autoRenewable: boolean;
  readonly minimumMonths: number;
  readonly skus: readonly Sku[];
}

export interface Sku {
  readonly id: string;
  readonly name: string;
  readonly metering: "configuration" | "gauge_hours" | "counter" | "peak_connections" | "peak_traffic";
  readonly unit: "30 days" | "GB-30-days" | "GB-day" | "hour" | "GB-hour" | "GB" | "connection";
  readonly unitPrice: string;
  readonly minimum?: string;
}

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
  readonly billingMode: "prepaid" | "postpaid";
}

export interface Resource {
  readonly id: string;
  readonly resourceType: string;
  readonly name: string;
  readonly billing: string;
  readonly state: "provisioning" | "active" | "stopped" | "restricted" | "suspended" | "deleted";
  readonly startAt: string | null;
  readonly endAt: string | null;
  readonly deletesAt: string | null;
  readonly configuration: readonly { readonly sku: string; readonly quantity: number }[];
  readonly autoRenew: { readonly enabled: boolean };
  /** The paid line that waits for the console's answer. */
  readonly pendingLine: string | null;
}

export interface Order {
  readonly id: string;
  readonly status:
    | "awaiting_payment"
    | "paid"
    | "provisioning"
    | "completed"
    | "failed"
    | "cancelled"
    | "expired";
  readonly checkoutUrl: string | null;
}

export interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}

/** Why billing refused something. */
export interface Problem {
  readonly status: number;
  readonly title: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

/** Consoles sign their tokens with the installation's own secret; an identity provider would have to give them theirs. */
export const canSign = (env: Env): boolean => !env.AUTH_JWKS_URL && Boolean(env.AUTH_SECRET);

interface Request {
  /** Unless said otherwise, what has a body is a POST, and the rest only reads. */
  readonly method?: "POST" | "DELETE";
  readonly body?: unknown;
  readonly key?: string;
}

/** Asks billing for something, or tells it, as a product's own program does. */
export const askBilling = <T>(c: Context<App>, product: string, path: string, request?: Request) =>
  call<T>(c, { role: "product", product, sub: `console:${product}` }, path, request);

/** The settings of the customer who is signed in at a console, by that customer's own token. */
export const askForAccount = (c: Context<App>, account: string) =>
  call<Account>(
    c,
    { role: "user", account, actions: ["GetUserInfo"], sub: customerOf(account) },
    accountPath(account),
  );

/** Who plays the customer. */
export const customerOf = (account: string): string => `sandbox:${account}`;

export const resourcePath = (account: string, resource: string): string =>
  `${accountPath(account)}/resources/${encodeURIComponent(resource)}`;

export const accountPath = (account: string): string => `/v1/accounts/${encodeURIComponent(account)}`;

/**
 * A request over the public API with a token of the caller's own. It enters the worker by its loopback binding, the
 * way in that any request takes: a fetch of a worker's own address doesn't come back to it at Cloudflare, and in tests
 * nobody listens there.
 */
async function call<T>(
  c: Context<App>,
  caller: Record<string, unknown>,
  path: string,
  { body, key, method = body === undefined ? undefined : "POST" }: Request = {},
): Promise<Result<T, Problem>> {
  const answer = await exports.default.fetch(new URL(path, c.req.url), {
    method: method ?? "GET",
    headers: {
      Authorization: `Bearer ${await tokenOf(c.env, caller)}`,
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...(key === undefined ? {} : { "Idempotency-Key": key }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return answer.ok ? ok(await answer.json<T>()) : err(await answer.json<Problem>());
}

function tokenOf(env: Env, caller: Record<string, unknown>): Promise<string> {
  if (!canSign(env) || !env.AUTH_SECRET) throw new Error("the consoles have nothing to sign tokens with");
  const expiresAtSeconds = Math.floor(Date.now() / 1_000) + TOKEN_LIFE_SECONDS;
  const claims = { ...caller, iss: env.AUTH_ISSUER, aud: env.AUTH_AUDIENCE, exp: expiresAtSeconds };
  return sign(claims, env.AUTH_SECRET, "HS256");
}
