import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { accountObject } from "../account/client.ts";
import { type MethodOffer, methodOffer } from "../domain/attempts/offers.ts";
import { whyEnded } from "../domain/commands/pay-order.ts";
import type { StateCode } from "../domain/errors.ts";
import type { GatewayName } from "../domain/gateway.ts";
import type { AccountId, OrderId, ShareId } from "../domain/ids.ts";
import { DAY_MS } from "../domain/local-time.ts";
import { type Money, ZERO } from "../domain/money.ts";
import { type Order, toPayForOrder } from "../domain/order.ts";
import type { Share } from "../domain/share.ts";
import { type BegunPayment, gatewaysFor, payOrder, termsOf } from "./begin-payment.ts";
import { changeOrder } from "./change-order.ts";
import { now } from "./clock.ts";
import { ask, newId, type Requested } from "./commands.ts";
import type { App } from "./context.ts";
import { publicUrl, readPass, secondsOf, signPass } from "./links.ts";
import { problem } from "./problems.ts";

/** Links say by themselves for so long that they are over; afterwards they are like any that we never signed. */
const SPEAKS_FOR_DAYS = 30;

/** What a link leads to. */
export interface Shared {
  readonly account: AccountId;
  readonly order: OrderId;
  readonly share: ShareId;
}

/** An order as somebody sees it who may pay it, and see nothing else. */
export interface SharedOrder {
  readonly order: Order;
  readonly share: Share;
  readonly offers: readonly { readonly gateway: GatewayName; readonly offer: MethodOffer }[];
  /** Whether a payment is under way that its gateway has said nothing final about. */
  readonly isBeingPaid: boolean;
}

/** Asks somebody, by mail, to pay an order; an account may ask only so many a minute. */
export async function shareOrder(
  c: Context<App>,
  account: AccountId,
  order: OrderId,
  email: string,
): Promise<Requested<{ url: string; share: Share }>> {
  const { success } = await c.env.SHARE_MAILS.limit({ key: account });
  if (!success) return { kind: "too_many_requests" };
  const share = newId<ShareId>("shr");
  const url = await shareUrl(c, { account, order, share });
  const outcome = await ask(c, account, { type: "share_order", order, share, email, url });
  if (outcome.kind !== "answered") return outcome;
  const { answer } = outcome;
  return {
    ...outcome,
    answer: { url: await shareUrl(c, { account, order, share: answer.id }), share: answer },
  };
}

/** The link by which somebody pays. */
export async function shareUrl(c: Context<App>, shared: Shared): Promise<string> {
  // The same link until the day is over, so that repeated answers show the same one.
  const endMs = (Math.floor(Date.now() / DAY_MS) + SPEAKS_FOR_DAYS) * DAY_MS;
  return `${publicUrl(c)}/share/${await signPass(c.env, "share_link", shared, secondsOf(endMs))}`;
}

/** Where a link leads; null where we never signed it. Whoever has it may do what it is for, and nothing else. */
export async function enterByShare(c: Context<App>, code: string): Promise<Shared | null> {
  const pass = await readPass(c.env, "share_link", code);
  if (!pass) return null;
  const shared = pass as Shared;
  c.set("principal", {
    ...{ role: "user", account: shared.account, actions: [] },
    subject: `share:${shared.share}`,
  });
  return shared;
}

/** Lets in whoever has a link of ours. */
export const byShare = createMiddleware<App>(async (c, next) =>
  (await enterByShare(c, c.req.param("code") ?? "")) ? next() : problem(c, { code: "not_found" }),
);

/**
 * Shows an order to whoever has its link, quoted anew, unless somebody is just paying it. One that is paid, withdrawn
 * or over says so. (Domain: Checkout, payment on behalf.)
 */
export async function openShare(
  c: Context<App>,
  { account, order: id, share }: Shared,
): Promise<Requested<SharedOrder>> {
  const object = accountObject(c.env, account);
  const found = await object.order(id, { role: "user" }, now(c));
  const ended = found ? whyClosed(found, share, now(c)) : "share_ended";
  if (!found || ended) return refusal(ended ?? "share_ended");
  const isBeingPaid = (await object.openAttempts(id)).some(({ hasLetGo }) => !hasLetGo);
  const requoted = isBeingPaid ? null : await changeOrder(c, account, id, { changes: [] });
  if (requoted && requoted.kind !== "answered") return requoted;
  const order = requoted?.answer ?? found;
  if (!order.share) return refusal("share_ended");
  const charge = { toPay: toPayForOrder(order), available: ZERO, currency: order.currency };
  const offers = [...gatewaysFor(c).values()].map((gateway) => ({
    gateway: gateway.name,
    offer: methodOffer("gateway", charge, termsOf(gateway)),
  }));
  const answer = { order, share: order.share, offers, isBeingPaid };
  return { kind: "answered", replayed: false, answer };
}

/** What an order is, for whoever has its link, when it can't be paid any more. */
function whyClosed(order: Order, share: ShareId, nowMs: number): StateCode | null {
  const ended = whyEnded(order, share, nowMs);
  switch (order.status) {
    case "awaiting_payment":
      return ended;
    case "cancelled":
      return ended === "share_ended" ? ended : "order_cancelled";
    case "expired":
      return ended === "share_ended" ? ended : "order_expired";
    default:
      return ended === "share_ended" ? ended : "order_already_paid";
  }
}

/** Begins to pay an order on its customer's behalf, at a gateway, from where the payer comes back to the link. */
export const payShared = (
  c: Context<App>,
  { account, order, share }: Shared,
  gateway: string,
  agreedTotal?: Money,
): Promise<Requested<BegunPayment>> => {
  const returnUrl = `${publicUrl(c)}${c.req.path.replace(/\/pay$/, "")}`;
  return payOrder(c, account, order, {
    ...{ method: "gateway", gateway, onBehalf: { share, returnUrl } },
    ...(agreedTotal === undefined ? {} : { agreedTotal }),
  });
};

const refusal = (code: StateCode) => ({ kind: "refused", error: { code }, replayed: false }) as const;
