import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import { createMiddleware } from "hono/factory";
import type { RecordedAttempt } from "../../account/answers.ts";
import { accountObject } from "../../account/client.ts";
import type { Account } from "../../domain/account.ts";
import type { MethodListing } from "../../domain/attempts/offers.ts";
import type { Product } from "../../domain/catalogue.ts";
import type { AccountId, OrderId, PaymentId, ResourceId } from "../../domain/ids.ts";
import { type Money, ZERO } from "../../domain/money.ts";
import type { Order } from "../../domain/order.ts";
import type { Resource } from "../../domain/resource.ts";
import { askAboutUntold, chargeable, methodsFor } from "../../http/begin-payment.ts";
import { now } from "../../http/clock.ts";
import { ask } from "../../http/commands.ts";
import type { App } from "../../http/context.ts";
import {
  CHECKOUT_SESSION_MS,
  checkoutPath,
  publicUrl,
  readPass,
  secondsOf,
  signPass,
} from "../../http/links.ts";
import { shareUrl } from "../../http/share-order.ts";
import { currentProduct, productVersion } from "../../store/catalogue.ts";
import { checkoutTexts } from "../../texts/checkout.ts";
import { languageOf } from "../language.ts";
import { ROOMS } from "../rooms.ts";
import { keepCookie } from "../security.ts";
import { closed } from "../ui/closed.tsx";
import { missingFor, type OrderHold } from "./hold.tsx";
import { type TrialOffer, trialOffer } from "./trial-offer.ts";

const COOKIE = "checkout";

/** What a checkout's pages know: the order, and what its customer can pay it from. */
export interface Checkout {
  readonly account: Account;
  readonly order: Order;
  /** What it could take from credit: what it holds itself is among that. */
  readonly available: Money;
  readonly methods: readonly MethodListing[];
  /** What was tried at gateways, newest first. */
  readonly attempts: readonly RecordedAttempt[];
  /** The resources there are that the order is about. */
  readonly resources: ReadonlyMap<ResourceId, Resource>;
  /** As it is in force; null where it isn't offered any more. */
  readonly product: Product | null;
  readonly portalUrl: string;
  /** What confirming it holds; null for orders that are paid. */
  readonly hold: OrderHold | null;
  /** Trial money that it might be had on; null where the account has none. */
  readonly trial: TrialOffer | null;
  /** Credit that was bought for it, where its buyer comes back with that. */
  readonly bought: RecordedAttempt | null;
  /** By which somebody else may pay; null where nobody was asked to. */
  readonly shareUrl: string | null;
}

declare module "hono" {
  interface ContextVariableMap {
    checkout: Checkout;
  }
}

const CUSTOMER = { role: "user" } as const;

const accountParam = (c: Context) => c.req.param("account") as AccountId;
const orderParam = (c: Context) => c.req.param("order") as OrderId;

/** Follows a checkout link, once: a cookie for this one order takes its place. Whoever has the cookie already just goes on. */
export async function openCheckout(c: Context<App>): Promise<Response> {
  const account = accountParam(c);
  const order = orderParam(c);
  const path = checkoutPath(account, order);
  if (await hasCookie(c)) return c.redirect(path, 303);
  const link = await readPass(c.env, "checkout_link", c.req.query("code"));
  if (link?.account !== account || link.order !== order) return refusal(c, 403, "linkInvalid");
  allowPaying(c, account, order);
  const outcome = await ask(c, account, { type: "open_checkout", order, opening: link.opening });
  if (outcome.kind !== "answered") return refusal(c, 410, "linkUsed");
  const untilSeconds = secondsOf(Date.now() + CHECKOUT_SESSION_MS);
  const value = await signPass(c.env, "checkout_cookie", { account, order }, untilSeconds);
  keepCookie(c, { name: COOKIE, path, value, lifeMs: CHECKOUT_SESSION_MS });
  return c.redirect(path, 303);
}

/** Takes whoever comes back from a gateway to their order; in another browser than they paid from, they are told where it is. */
export async function comeBack(c: Context<App>): Promise<Response> {
  if (await hasCookie(c)) {
    const [account, order] = [accountParam(c), orderParam(c)];
    await askAboutUntold(c, account, await accountObject(c.env, account).openAttempts(order));
    return c.redirect(checkoutPath(account, order), 303);
  }
  const { backElsewhere: title, backElsewhereHint: hint } = checkoutTexts[languageOf(c)];
  return closed(c, { status: 200, title, hint });
}

/** The same with credit that was bought for what is to be held. */
export async function comeBackWithCredit(c: Context<App>): Promise<Response> {
  if (!(await hasCookie(c))) return comeBack(c);
  const [account, payment] = [accountParam(c), c.req.param("payment") as PaymentId];
  const found = await boughtAs(c, payment);
  if (found?.attempt.status === "open") await askAboutUntold(c, account, [found.attempt]);
  return c.redirect(`${checkoutPath(account, orderParam(c))}?bought=${encodeURIComponent(payment)}`, 303);
}

async function boughtAs(c: Context<App>, payment: PaymentId): Promise<RecordedAttempt | null> {
  const found = await accountObject(c.env, accountParam(c)).attempt(payment);
  return found?.payment.kind === "deposit" && found.payment.order === null ? found : null;
}

/** Lets whoever holds an order's cookie through to its pages. */
export const inCheckout = createMiddleware<App>(async (c, next) => {
  if (!(await hasCookie(c))) return refusal(c, 403, "linkInvalid");
  allowPaying(c, accountParam(c), orderParam(c));
  return (await loadCheckout(c)) ? next() : refusal(c, 403, "linkInvalid");
});

/** Takes whoever would change an order that can't be paid any more back to where it says so. */
export const whileUnpaid = createMiddleware<App>(async (c, next) => {
  const { account, order } = c.var.checkout;
  return order.status === "awaiting_payment" ? next() : c.redirect(checkoutPath(account.id, order.id), 303);
});

/** Reads the order and its account as they are now; false where there is no such order. */
export async function loadCheckout(c: Context<App>): Promise<boolean> {
  const object = accountObject(c.env, accountParam(c));
  const bought = c.req.query("bought");
  const [order, account, charge, attempts, linked, all, lines, bringing, wallets] = await Promise.all([
    object.order(orderParam(c), CUSTOMER, now(c)),
    object.account(),
    object.charge(orderParam(c)),
    object.attemptsAt(orderParam(c)),
    chargeable(c, accountParam(c)),
    object.resources(CUSTOMER),
    object.holdsFor(orderParam(c), now(c)),
    bought === undefined ? null : boughtAs(c, bought as PaymentId),
    object.balances(),
  ]);
  if (!order || !account || !charge || !wallets) return false;
  const product = await currentProduct(c.env, order.product);
  c.set("account", account);
  const portalUrl = `${publicUrl(c)}${ROOMS.dashboard.path}`;
  const ordered = new Set(order.items.map(({ resource }) => resource));
  const resources = new Map(
    all.flatMap((resource) => (ordered.has(resource.id) ? [[resource.id, resource]] : [])),
  );
  const quoted =
    wallets.pocWallet && product?.version !== order.quote.catalogueVersion
      ? await productVersion(c.env, order.product, order.quote.catalogueVersion)
      : product;
  const resource = (id: ResourceId) => resources.get(id) ?? null;
  const trial = trialOffer(order, { ...wallets, account, product: quoted, nowMs: now(c), resource });
  const { available } = charge;
  const methods = methodsFor(c, charge, linked);
  const hold = lines && { lines, available, ways: waysToBuy(c, missingFor({ lines, available }), order) };
  const shared = order.share && { account: account.id, order: order.id, share: order.share.id };
  const url = shared && (await shareUrl(c, shared));
  c.set("checkout", {
    account,
    order,
    available,
    methods,
    attempts,
    resources,
    product,
    portalUrl,
    hold,
    trial,
    bought: bringing,
    shareUrl: url,
  });
  return true;
}

/** Where so much credit can be bought; gateways take no less than their minimum. */
const waysToBuy = (c: Context<App>, toPay: Money, { currency }: Order): MethodListing[] =>
  toPay === ZERO
    ? []
    : methodsFor(c, { toPay, available: ZERO, currency }, []).filter(
        ({ method }) => method === "top_up_and_pay",
      );

async function hasCookie(c: Context<App>): Promise<boolean> {
  const pass = await readPass(c.env, "checkout_cookie", getCookie(c, COOKIE));
  return pass?.account === accountParam(c) && pass.order === orderParam(c);
}

/** A checkout's visitor acts for the account, but only to pay this order, or to buy the credit that it lacks. */
function allowPaying(c: Context<App>, account: AccountId, order: OrderId): void {
  c.set("principal", { role: "user", account, actions: ["PayOrder"], subject: `checkout:${order}` });
  c.set("keyed", null);
}

function refusal(c: Context<App>, status: 403 | 410, why: "linkInvalid" | "linkUsed") {
  const texts = checkoutTexts[languageOf(c)];
  return closed(c, { status, title: texts[why], hint: texts.linkHint });
}
