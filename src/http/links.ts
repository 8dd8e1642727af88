import type { Context } from "hono";
import { sign, verify } from "hono/jwt";
import { z } from "zod";
import type { AccountId, OrderId, PaymentId } from "../domain/ids.ts";
import { DAY_MS, HOUR_MS } from "../domain/local-time.ts";
import type { Order } from "../domain/order.ts";
import type { App } from "./context.ts";

/** How long what lets people in is good for, in real time. A checkout link is good until the day after it ends (UTC). */
export const PORTAL_LINK_SECONDS = 60;
export const CHECKOUT_SESSION_MS = 2 * HOUR_MS;
export const PORTAL_SESSION_MS = 8 * HOUR_MS;

const text = z.string().min(1);
const checkout = { account: text, order: text };
const portal = { account: text, session: text };

/** What each kind of pass says. Links are followed once and exchanged for a cookie, which is shown again and again. */
const PASSES = {
  checkout_link: z.object({ ...checkout, opening: z.int() }),
  checkout_cookie: z.object(checkout),
  portal_link: z.object({
    ...portal,
    user: text,
    actions: z.array(z.string()),
    returnUrl: text,
    product: text.nullable(),
  }),
  portal_cookie: z.object(portal),
  recipient_link: z.object({ account: text, recipient: text }),
  share_link: z.object({ ...checkout, share: text }),
};

export type PassKind = keyof typeof PASSES;
export type Pass<K extends PassKind> = z.output<(typeof PASSES)[K]>;

const ISSUER = "edge-billing";

/** Signs a pass. The same pass until the same second is the same text. Throws where the installation has no LINK_SECRET. */
export function signPass<K extends PassKind>(
  env: Env,
  kind: K,
  pass: Pass<K>,
  untilSeconds: number,
): Promise<string> {
  if (!env.LINK_SECRET) throw new Error("LINK_SECRET isn't set: there are no pages without it");
  return sign({ ...pass, iss: ISSUER, aud: kind, exp: untilSeconds }, env.LINK_SECRET, "HS256");
}

/** What a pass of this kind says; null unless we signed it and it is in force. */
export async function readPass<K extends PassKind>(
  env: Env,
  kind: K,
  signed: string | undefined,
): Promise<Pass<K> | null> {
  if (!env.LINK_SECRET || signed === undefined) return null;
  try {
    const claims = await verify(signed, env.LINK_SECRET, { alg: "HS256", iss: ISSUER, aud: kind });
    return PASSES[kind].parse(claims) as Pass<K>;
  } catch {
    // Every way in which a pass can be wrong is answered alike.
    return null;
  }
}

/** Where customers reach this installation. */
export const publicUrl = (c: Context<App>): string => c.env.PUBLIC_URL ?? new URL(c.req.url).origin;

export const secondsOf = (atMs: number): number => Math.floor(atMs / 1_000);

/** Where an order's checkout is; opening it by this address works once. Null where the installation has no pages. */
export async function checkoutUrl(
  c: Context<App>,
  account: AccountId,
  { id: order, checkoutsOpened: opening }: Order,
): Promise<string | null> {
  if (!c.env.LINK_SECRET) return null;
  // Until it is followed, repeated answers show the same link.
  const endOfTomorrowMs = (Math.floor(Date.now() / DAY_MS) + 2) * DAY_MS;
  const pass = { account, order, opening };
  const code = await signPass(c.env, "checkout_link", pass, secondsOf(endOfTomorrowMs));
  return `${publicUrl(c)}${checkoutPath(account, order)}?code=${code}`;
}

export const checkoutPath = (account: AccountId, order: OrderId): string => `/checkout/${account}/${order}`;

/** Where gateways send an order's payer back to; the page drops what they add to the address. */
export const checkoutReturnPath = (account: AccountId, order: OrderId): string =>
  `${checkoutPath(account, order)}/return`;
/** Where a customer sees bills and invoices. */
export const billingPath = "/portal/billing";
/** Where a payment of bills is waited for, and what came of it is shown. */
export const billPaymentPath = (payment: PaymentId): string =>
  `${billingPath}/payments/${encodeURIComponent(payment)}`;
