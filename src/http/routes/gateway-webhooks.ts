import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { Outcome } from "../../account/client.ts";
import type { AttemptId } from "../../domain/attempts/attempt.ts";
import type { GatewayHeard } from "../../domain/commands/hear-gateway.ts";
import type { LinkHeard } from "../../domain/commands/hear-link.ts";
import type { GatewayName } from "../../domain/gateway.ts";
import { readGatewayReference } from "../../domain/gateway-reference.ts";
import type { LinkedAccountId } from "../../domain/linking/linked-account.ts";
import type { RefundId } from "../../domain/refunds/source-refund.ts";
import type { CallbackAnswer, CallbackVerdict } from "../../gateways/port.ts";
import { asCommand, filingOf, gatewaysAt, hearing, standingOf } from "../../jobs/attempts.ts";
import { askAboutLink } from "../../jobs/links.ts";
import { askAboutRefund } from "../../jobs/refunds.ts";
import { seal } from "../../jobs/tokens.ts";
import { describeError, log } from "../../observability/log.ts";
import { keepCallback } from "../../store/callbacks.ts";
import { simulatedNowMs } from "../../store/clock.ts";
import type { App } from "../context.ts";
import { problems, routes } from "../openapi.ts";
import { problem } from "../problems.ts";

type PaymentVerdict = Extract<CallbackVerdict, { kind: "payment" }>;
type LinkVerdict = Extract<CallbackVerdict, { kind: "link" }>;

const webhookOf = <M extends "get" | "post", P extends string>(method: M, path: P, title: string) =>
  createRoute({
    method,
    path,
    tags: ["Gateways"],
    summary: `What ${title} has to say about a payment, signed by its own scheme`,
    responses: {
      200: { description: "Its own form, where it reads one." },
      204: { description: "Taken." },
      400: { description: "Nothing that it has signed." },
      503: { description: "It is to come again." },
      ...problems,
    },
  });

/** They stand before whatever needs D1: a callback is answered without it. */
export const gatewayWebhooks = routes()
  .openapi(webhookOf("post", "/v1/webhooks/momo", "MoMo"), (c) => take(c, "momo"))
  .openapi(webhookOf("post", "/v1/webhooks/zalopay", "ZaloPay"), (c) => take(c, "zalopay"))
  .openapi(webhookOf("get", "/v1/webhooks/vnpay", "VNPay"), (c) => take(c, "vnpay"))
  .openapi(webhookOf("post", "/v1/webhooks/stripe", "Stripe"), (c) => take(c, "stripe"));

/** Answers in the gateway's own form. No object is touched by what its gateway hasn't signed. */
async function take(c: Context<App>, name: GatewayName): Promise<Response> {
  const simulatedMs = await clockWithoutD1(c.env);
  const gateway = gatewaysAt(c.env, simulatedMs).get(name);
  if (!gateway) return problem(c, { code: "not_found" });
  const verdict = await gateway.readCallback(c.req.raw);
  const answer = await answerTo(c.env, name, verdict, simulatedMs);
  log("info", "gateway_callback", { gateway: name, answer, requestId: c.get("requestId") });
  return gateway.answerCallback(answer);
}

async function answerTo(
  env: Env,
  name: GatewayName,
  verdict: CallbackVerdict,
  simulatedMs: number | null,
): Promise<CallbackAnswer> {
  switch (verdict.kind) {
    case "payment":
      return takeOr(() => deliver(env, name, verdict, simulatedMs), name);
    case "refund":
      return takeOr(() => askAgain(env, verdict.reference as RefundId, simulatedMs), name);
    case "link":
      return takeOr(() => deliverLink(env, name, verdict, simulatedMs), name);
    case "bad_signature":
    case "malformed":
      return verdict.kind;
    default:
      return "irrelevant";
  }
}

/** A sandbox's clock stands in D1; while that is down, time is real. */
const clockWithoutD1 = (env: Env): Promise<number | null> => simulatedNowMs(env).catch(() => null);

/** Whatever goes wrong on our side, the gateway is to come again. */
async function takeOr(take: () => Promise<CallbackAnswer>, name: GatewayName): Promise<CallbackAnswer> {
  try {
    return await take();
  } catch (error) {
    log("error", "gateway_callback_failed", { gateway: name, error: describeError(error) });
    return "retry_later";
  }
}

async function deliver(
  env: Env,
  name: GatewayName,
  callback: PaymentVerdict,
  simulatedMs: number | null,
): Promise<CallbackAnswer> {
  const outcome = await hear(env, name, callback, simulatedMs);
  if (outcome !== "nobody") return outcome;
  await keep(env, name, callback, simulatedMs ?? Date.now());
  return "unmatched";
}

/** How a refund stands isn't believed from a callback: it is asked. */
async function askAgain(env: Env, reference: RefundId, simulatedMs: number | null): Promise<CallbackAnswer> {
  const object = accountOf(env, reference);
  const [account, found] = object ? await Promise.all([object.account(), object.refund(reference)]) : [];
  if (!account || !found) return "unmatched";
  await askAboutRefund(env, account.id, reference, simulatedMs);
  return found.refund.status === "open" ? "taken" : "repeated";
}

/**
 * What a customer decided about a link is recorded with what the gateway handed over, then asked about at once; where
 * that fails, the link's timer asks again.
 */
async function deliverLink(
  env: Env,
  name: GatewayName,
  { reference, grant: granted }: LinkVerdict,
  simulatedMs: number | null,
): Promise<CallbackAnswer> {
  const object = accountOf(env, reference);
  const account = (await object?.account())?.id;
  if (!object || !account) return "unmatched";
  const link = reference as LinkedAccountId;
  const grant = granted === null ? null : await seal(env, link, "grant", granted);
  const heard = { kind: "decided", grant } as const;
  const command = { type: "hear_link", link, gateway: name, heard } as const;
  const outcome = (await object.hear(asCommand(command, simulatedMs))) as Outcome<unknown>;
  if (outcome.kind !== "answered") throw new Error(`a link's callback was ${outcome.kind}`);
  const linked = await object.linkedAccount(link);
  if (linked && outcome.answer === "taken") await askAboutLink(env, account, linked, simulatedMs);
  return outcome.answer as LinkHeard;
}

/** The reference leads to the account's object by itself. */
async function hear(
  env: Env,
  name: GatewayName,
  { claim, standing }: PaymentVerdict,
  simulatedMs: number | null,
): Promise<GatewayHeard["outcome"]> {
  const object = accountOf(env, claim.reference);
  if (!object) return "nobody";
  const attempt = claim.reference as AttemptId;
  const said = await hearing(name, attempt, "callback", standingOf(standing, claim), claim);
  const outcome = (await object.hear(asCommand(said, simulatedMs))) as Outcome<unknown>;
  if (outcome.kind !== "answered") throw new Error(`a callback was ${outcome.kind}`);
  return (outcome.answer as GatewayHeard).outcome;
}

function accountOf(env: Env, reference: string) {
  const parts = readGatewayReference(reference);
  if (!parts) return null;
  try {
    return env.ACCOUNTS.get(env.ACCOUNTS.idFromString(parts.objectId));
  } catch (error) {
    // The id of something, but of no account.
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** Money for nobody we know is kept for operations; what brought no money needs no keeping. */
async function keep(env: Env, gateway: GatewayName, { claim, standing }: PaymentVerdict, atMs: number) {
  const { theirId, reference, merchant, amountMinor: amount, currency } = claim;
  if (standing.kind !== "succeeded" || theirId === null) return;
  const id = await filingOf(gateway, claim);
  log("error", "alert", { key: `callback:${id}`, kind: "callback_filed", subject: id, atMs });
  await keepCallback(env, {
    ...{ id, status: "unmatched", gateway, reference, merchant, amount, currency, theirId, atMs },
  });
}
