import type { Context } from "hono";
import type { Action, Order, Period } from "../domain/order.ts";
import type { Resource } from "../domain/resource.ts";
import type { Requested } from "../http/commands.ts";
import type { App } from "../http/context.ts";
import { checkoutUrl, publicUrl } from "../http/links.ts";
import { placeOrder } from "../http/place-order.ts";
import { refusals } from "../texts/refusals.ts";
import type { Chosen } from "./chosen.ts";
import { noticeOf, type Told } from "./form.ts";
import { languageOf } from "./language.ts";

export interface OrderHere {
  readonly action: Action;
  readonly resources: Chosen;
  /** Null for what is paid after its use. */
  readonly period: Period | null;
  /** The page of the portal that the checkout leads back to. */
  readonly backTo: string;
}

/** Orders something for resources there are, as a console does, but with the portal as the way back. */
export function orderHere(
  c: Context<App>,
  { action, resources, period, backTo }: OrderHere,
): Promise<Requested<Order>> {
  const ownUrl = publicUrl(c);
  return placeOrder(c, c.var.account.id, {
    product: resources[0].product,
    action,
    items: resources.map((resource) => itemOf(resource, period)),
    returnUrl: `${ownUrl}${backTo}`,
    cancelUrl: null,
    ownOrigin: new URL(ownUrl).origin,
  });
}

const itemOf = ({ id, resourceType, name }: Resource, period: Period | null): Order["items"][number] => ({
  ...{ resource: id, resourceType, name, configuration: [], quantity: 1, period, autoRenew: null },
});

/** Opens the checkout of an order that was placed here. */
export async function toCheckout(c: Context<App>, order: Order): Promise<Response> {
  const url = await checkoutUrl(c, c.var.account.id, order);
  if (url === null) throw new Error("a page without the secret that pages need");
  const { pathname, search } = new URL(url);
  return c.redirect(`${pathname}${search}`, 303);
}

/** Why what was asked for isn't done, told on the page that answers the form. */
export function refusalTold(c: Context<App>, outcome: Requested<unknown>): Told {
  const words = refusals[languageOf(c)];
  if (outcome.kind !== "refused") return noticeOf(409, words.order_changed);
  return noticeOf("path" in outcome.error ? 422 : 409, words[outcome.error.code]);
}
