import type { Context } from "hono";
import { accountObject } from "../account/client.ts";
import type { Attempt, AttemptId } from "../domain/attempts/attempt.ts";
import {
  type Charge,
  type GatewayTerms,
  type MethodListing,
  methodListings,
} from "../domain/attempts/offers.ts";
import type { OrderPaid, PayOrder } from "../domain/commands/pay-order.ts";
import type { GatewayName } from "../domain/gateway.ts";
import { attemptOf, gatewayReferenceOf } from "../domain/gateway-reference.ts";
import type { AccountId, OrderId, PaymentId } from "../domain/ids.ts";
import type { Money } from "../domain/money.ts";
import type { PayMethod, Payment } from "../domain/payment.ts";
import type { Gateway } from "../gateways/port.ts";
import { askAbout, gatewaysAt } from "../jobs/attempts.ts";
import { log } from "../observability/log.ts";
import { now } from "./clock.ts";
import { ask, newId, type Requested } from "./commands.ts";
import type { App } from "./context.ts";
import { checkoutReturnPath, publicUrl } from "./links.ts";
import { mayLeadBackTo } from "./way-back.ts";

/** A payment as it stands; `redirectUrl` is where its payer goes, once the gateway has said so. */
export interface BegunPayment {
  readonly payment: Payment;
  readonly redirectUrl: string | null;
}

/** How somebody wants to pay an order. */
export interface Wish {
  readonly method: PayMethod;
  readonly gateway?: string | undefined;
  readonly agreedTotal?: Money;
}

/** The gateways that this installation has keys for. */
export const gatewaysFor = (c: Context<App>): ReadonlyMap<GatewayName, Gateway> =>
  gatewaysAt(c.env, c.get("simulatedNowMs"));

export const termsOf = ({ name, merchant, limits }: Gateway): GatewayTerms => ({ name, merchant, limits });

/**
 * Pays an order, or begins to at a gateway: what its open attempts have come to is asked first, so that nobody pays
 * twice without need. A gateway whose answer is lost leaves the payment pending. (Domain: Checkout.)
 */
export async function payOrder(
  c: Context<App>,
  account: AccountId,
  order: OrderId,
  { method, gateway: wanted, agreedTotal }: Wish,
): Promise<Requested<OrderPaid & BegunPayment>> {
  const gateway = [...gatewaysFor(c).values()].find(({ name }) => name === wanted);
  if (!(await isReplayed(c, account))) await askAboutOpen(c, account, order);
  const returnUrl = `${publicUrl(c)}${checkoutReturnPath(account, order)}`;
  const command: PayOrder = {
    type: "pay_order",
    ...{ order, method },
    payment: gateway && method !== "credit" ? newAttemptId(c, account) : newId<PaymentId>("pay"),
    reservedCoupon: null,
    ...(agreedTotal === undefined ? {} : { agreedTotal }),
    ...(gateway ? { at: { terms: termsOf(gateway), returnUrl } } : {}),
  };
  const outcome = await ask(c, account, command);
  if (outcome.kind !== "answered") return outcome;
  const { answer } = outcome;
  if (!answer.attempt) return { ...outcome, answer: { ...answer, redirectUrl: null } };
  return { ...outcome, answer: { ...answer, ...(await atGateway(c, account, answer.attempt)) } };
}

/** The ways to pay at gateways, and why some aren't offered; credit is always one. */
export const methodsFor = (c: Context<App>, charge: Charge): readonly MethodListing[] =>
  methodListings(charge, [...gatewaysFor(c).values()].map(termsOf));

/** How much credit somebody wants to buy, where, and to what address they come back. */
export interface TopUp {
  readonly amount: Money;
  readonly gateway: string;
  readonly returnUrlOf: (payment: PaymentId) => string;
}

/** Begins to buy credit at a gateway. */
export async function startTopUp(
  c: Context<App>,
  account: AccountId,
  { amount, gateway: wanted, returnUrlOf }: TopUp,
): Promise<Requested<BegunPayment>> {
  const gateway = [...gatewaysFor(c).values()].find(({ name }) => name === wanted);
  const payment = newAttemptId(c, account);
  const returnUrl = returnUrlOf(payment);
  const outcome = await ask(c, account, {
    type: "start_top_up",
    ...{ payment, amount, returnUrl },
    returnAllowed: await mayLeadBackTo(c, returnUrl),
    terms: gateway ? termsOf(gateway) : null,
  });
  if (outcome.kind !== "answered") return outcome;
  return { ...outcome, answer: await atGateway(c, account, outcome.answer.attempt) };
}

/** A request that comes again under its key begins nothing: what is open is its own. */
async function isReplayed(c: Context<App>, account: AccountId): Promise<boolean> {
  const keyed = c.get("keyed");
  return keyed !== null && (await accountObject(c.env, account).keyUse(keyed)) !== "new";
}

async function askAboutOpen(c: Context<App>, account: AccountId, order: OrderId): Promise<void> {
  const open = await accountObject(c.env, account).openAttempts(order);
  await Promise.all(open.map((attempt) => askAbout(c.env, account, attempt, c.get("simulatedNowMs"))));
}

/** Tells the gateway of an attempt that was recorded, unless it has answered before, and records what it says. */
async function atGateway(c: Context<App>, account: AccountId, { id }: Attempt): Promise<BegunPayment> {
  const object = accountObject(c.env, account);
  const recorded = await object.attempt(id);
  if (!recorded) throw new Error(`attempt ${id} wasn't recorded`);
  if (recorded.attempt.status === "open" && recorded.attempt.redirectUrl === null)
    await create(c, account, recorded.attempt);
  const found = (await object.attempt(id)) ?? recorded;
  const { status, redirectUrl } = found.attempt;
  return { payment: found.payment, redirectUrl: status === "open" ? redirectUrl : null };
}

async function create(c: Context<App>, account: AccountId, attempt: Attempt): Promise<void> {
  const { id: reference, createdAtMs, expiresAtMs, amount, currency, returnUrl, gateway: name } = attempt;
  const gateway = gatewaysFor(c).get(name);
  const profile = await accountObject(c.env, account).account();
  if (!gateway || !profile || now(c) >= expiresAtMs) return;
  const outcome = await gateway.createPayment({
    ...{ reference, createdAtMs, expiresAtMs, amountMinor: amount, currency, returnUrl },
    description: attempt.pays === null ? `Credit ${account}` : `Order ${attempt.pays.order}`,
    locale: profile.locale,
    publicUrl: publicUrl(c),
    customerIp: c.req.header("CF-Connecting-IP") ?? "127.0.0.1",
  });
  if (outcome.kind === "unknown") {
    log("warn", "gateway_creation_unknown", { gateway: name, detail: outcome.detail });
    return;
  }
  // The request's own key is used up by what it began.
  c.set("keyed", null);
  await ask(c, account, { type: "record_creation", attempt: reference, outcome });
}

/** What a payment is called, by us and by its gateway: it leads back to this account without anybody's help. */
function newAttemptId(c: Context<App>, account: AccountId): AttemptId {
  const objectId = c.env.ACCOUNTS.idFromName(account).toString();
  const attempt = attemptOf(crypto.getRandomValues(new Uint8Array(16)));
  return gatewayReferenceOf({ objectId, attempt }) as AttemptId;
}
