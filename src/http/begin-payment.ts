import type { Context } from "hono";
import { accountObject } from "../account/client.ts";
import { within } from "../account/within.ts";
import type { Attempt, AttemptId } from "../domain/attempts/attempt.ts";
import {
  type Charge,
  type GatewayTerms,
  type MethodListing,
  methodListings,
} from "../domain/attempts/offers.ts";
import type { Product } from "../domain/catalogue.ts";
import type { OrderPaid, PayOrder } from "../domain/commands/pay-order.ts";
import type { GatewayName } from "../domain/gateway.ts";
import type { AccountId, OrderId, PaymentId, ShareId } from "../domain/ids.ts";
import { defaultOf, type LinkedAccount } from "../domain/linking/linked-account.ts";
import type { Money } from "../domain/money.ts";
import type { PayMethod, Payment } from "../domain/payment.ts";
import type { Gateway } from "../gateways/port.ts";
import { askAbout, descriptionOf, gatewaysAt } from "../jobs/attempts.ts";
import { charge } from "../jobs/charges.ts";
import { log } from "../observability/log.ts";
import { productVersion } from "../store/catalogue.ts";
import { now } from "./clock.ts";
import { ask, callerOf, newId, type Requested } from "./commands.ts";
import type { App } from "./context.ts";
import { checkoutReturnPath, publicUrl } from "./links.ts";
import { ipOf, newReference } from "./visitor.ts";
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
  /** For the method `linked`: the default one where none is named. */
  readonly linkedAccount?: string | undefined;
  readonly agreedTotal?: Money;
  /** The link by which somebody else pays, and comes back to. */
  readonly onBehalf?: { readonly share: ShareId; readonly returnUrl: string };
}

/** What a payer names. */
interface Named {
  readonly gateway?: string | undefined;
  readonly linkedAccount?: string | undefined;
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
  { method, agreedTotal, onBehalf, ...named }: Wish,
): Promise<Requested<OrderPaid & BegunPayment>> {
  const { gateway, linked } = await chosen(c, account, { ...named, isLinked: method === "linked" });
  if (!(await isReplayed(c, account))) await askAboutOpen(c, account, order);
  const returnUrl = onBehalf?.returnUrl ?? `${publicUrl(c)}${checkoutReturnPath(account, order)}`;
  const product = method === "poc" ? await quotedProduct(c, account, order) : null;
  const command: PayOrder = {
    type: "pay_order",
    ...{ order, method },
    payment:
      gateway && method !== "credit" && method !== "poc" ? newAttemptId(c, account) : newId<PaymentId>("pay"),
    reservedCoupon: null,
    ...(agreedTotal === undefined ? {} : { agreedTotal }),
    ...(product ? { product } : {}),
    ...(gateway ? { at: { terms: termsOf(gateway), returnUrl } } : {}),
    linkedAccount: linked?.id ?? null,
    ...(onBehalf ? { share: onBehalf.share } : {}),
  };
  const outcome = await ask(c, account, command);
  if (outcome.kind !== "answered") return outcome;
  const { answer } = outcome;
  if (!answer.attempt) return { ...outcome, answer: { ...answer, redirectUrl: null } };
  return { ...outcome, answer: { ...answer, ...(await atGateway(c, account, answer.attempt)) } };
}

/** The prices that an order was quoted at. */
async function quotedProduct(c: Context<App>, account: AccountId, id: OrderId): Promise<Product | null> {
  const order = await accountObject(c.env, account).order(id, callerOf(c.get("principal")), now(c));
  return order && productVersion(c.env, order.product, order.quote.catalogueVersion);
}

/** How much credit somebody wants to buy, and to what address they come back. */
export interface TopUp extends Named {
  readonly amount: Money;
  readonly returnUrlOf: (payment: PaymentId) => string;
}

/** Where a payment is to be made: at the gateway that was named, or at the one of the linked account that is to pay. */
export async function chosen(
  c: Context<App>,
  account: AccountId,
  { gateway: wanted, linkedAccount, isLinked }: Named & { isLinked: boolean },
): Promise<{ gateway: Gateway | undefined; linked: LinkedAccount | undefined }> {
  const gateways = gatewaysFor(c);
  if (!isLinked) return { gateway: gateways.get(wanted as GatewayName), linked: undefined };
  const linked = (await chargeable(c, account)).find(
    ({ id }) => linkedAccount === undefined || id === linkedAccount,
  );
  return { gateway: linked && gateways.get(linked.gateway), linked };
}

/** The linked accounts that can be charged now, the default first. */
export async function chargeable(c: Context<App>, account: AccountId): Promise<LinkedAccount[]> {
  const { linked } = await accountObject(c.env, account).linkedAccounts(now(c));
  const first = defaultOf(linked);
  const gateways = gatewaysFor(c);
  return linked
    .filter(({ status, gateway }) => status === "active" && gateways.get(gateway)?.linking)
    .sort((a, b) => Number(b.id === first?.id) - Number(a.id === first?.id));
}

/** The ways to pay at gateways, and why some aren't offered; credit is always one. */
export const methodsFor = (
  c: Context<App>,
  charge: Charge,
  linked: readonly LinkedAccount[],
): readonly MethodListing[] => methodListings(charge, [...gatewaysFor(c).values()].map(termsOf), linked);

/** Begins to buy credit at a gateway, there or from a linked account. */
export async function startTopUp(
  c: Context<App>,
  account: AccountId,
  { amount, returnUrlOf, ...named }: TopUp,
): Promise<Requested<BegunPayment>> {
  const isLinked = named.linkedAccount !== undefined;
  const { gateway, linked } = await chosen(c, account, { ...named, isLinked });
  if (isLinked && !linked)
    return {
      kind: "refused",
      error: { code: "method_not_available", path: "linkedAccount" },
      replayed: false,
    };
  const payment = newAttemptId(c, account);
  const returnUrl = returnUrlOf(payment);
  const outcome = await ask(c, account, {
    type: "start_top_up",
    ...{ payment, amount, returnUrl },
    returnAllowed: await mayLeadBackTo(c, returnUrl),
    terms: gateway ? termsOf(gateway) : null,
    linkedAccount: linked?.id ?? null,
  });
  if (outcome.kind !== "answered") return outcome;
  return { ...outcome, answer: await atGateway(c, account, outcome.answer.attempt) };
}

/** A request that comes again under its key begins nothing: what is open is its own. */
export async function isReplayed(c: Context<App>, account: AccountId): Promise<boolean> {
  const keyed = c.get("keyed");
  return keyed !== null && (await accountObject(c.env, account).keyUse(keyed)) !== "new";
}

async function askAboutOpen(c: Context<App>, account: AccountId, order: OrderId): Promise<void> {
  await askAboutAll(c, account, await accountObject(c.env, account).openAttempts(order));
}

async function askAboutAll(c: Context<App>, account: AccountId, open: readonly Attempt[]): Promise<void> {
  await Promise.all(open.map((attempt) => askAbout(c.env, account, attempt, c.get("simulatedNowMs"))));
}

/** Who comes back from a gateway waits so long for what it says. */
const PATIENCE_MS = 5_000;

/** Somebody comes back from a gateway: one that tells of success alone is asked what became of these open attempts. */
export async function askAboutUntold(
  c: Context<App>,
  account: AccountId,
  open: readonly Attempt[],
): Promise<void> {
  const gateways = gatewaysFor(c);
  const untold = open.filter(({ gateway }) => gateways.get(gateway)?.tellsOfSuccessAlone);
  const asking = askAboutAll(c, account, untold);
  c.executionCtx.waitUntil(asking);
  await within(PATIENCE_MS, asking, undefined);
}

/** Tells the gateway of an attempt that was recorded, unless it has answered before, and records what it says. */
export async function atGateway(c: Context<App>, account: AccountId, { id }: Attempt): Promise<BegunPayment> {
  const object = accountObject(c.env, account);
  const recorded = await object.attempt(id);
  if (!recorded) throw new Error(`attempt ${id} wasn't recorded`);
  if (recorded.attempt.status === "open" && recorded.attempt.redirectUrl === null)
    await (recorded.attempt.linkedAccount === null ? create : chargeLinked)(c, account, recorded.attempt);
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
    description: descriptionOf(account, attempt),
    locale: profile.locale,
    publicUrl: publicUrl(c),
    customerIp: ipOf(c),
  });
  if (outcome.kind === "unknown") {
    log("warn", "gateway_creation_unknown", { gateway: name, detail: outcome.detail });
    return;
  }
  // The request's own key is used up by what it began.
  c.set("keyed", null);
  await ask(c, account, { type: "record_creation", attempt: reference, outcome });
}

/** What is needed no more isn't charged for: a payer elsewhere has the time to think, this one has decided. */
async function chargeLinked(c: Context<App>, account: AccountId, attempt: Attempt): Promise<void> {
  const isNeeded = attempt.pays === null || !attempt.hasLetGo;
  if (!isNeeded || now(c) >= attempt.expiresAtMs) return;
  const context = { simulatedMs: c.get("simulatedNowMs"), publicUrl: publicUrl(c), customerIp: ipOf(c) };
  await charge(c.env, account, attempt, context);
}

export const newAttemptId = (c: Context<App>, account: AccountId): AttemptId =>
  newReference(c, account) as AttemptId;
