import type { Context } from "hono";
import type { DomainError } from "../domain/errors.ts";
import type { AccountId, OrderId, ProductId } from "../domain/ids.ts";
import type { Action, Order, OrderItem } from "../domain/order.ts";
import { currentProduct } from "../store/catalogue.ts";
import { isSandbox } from "../store/clock.ts";
import { ask, newId, type Requested } from "./commands.ts";
import type { App, Principal } from "./context.ts";

/** What is ordered, and where its customer is sent back to. */
export interface Wanted {
  readonly product: ProductId;
  readonly action: Action;
  readonly items: readonly OrderItem[];
  readonly returnUrl: string;
  readonly cancelUrl: string | null;
  /** Where our own pages are, for orders that begin and end there. */
  readonly ownOrigin?: string;
}

/** Places an order on the caller's behalf, quoted at the prices that are in force. */
export async function placeOrder(
  c: Context<App>,
  account: AccountId,
  { product: id, ...wanted }: Wanted,
): Promise<Requested<Order>> {
  const product = await currentProduct(c.env, id);
  if (!product) {
    const error: DomainError = { code: "unknown_product", path: "product" };
    return { kind: "refused", error, replayed: false };
  }
  return ask(c, account, {
    ...{ type: "place_order", order: newId<OrderId>("ord"), product, ...wanted },
    localReturnAllowed: isSandbox(c.env),
  });
}

/** More time may be ordered by whoever may renew; everything else by whoever may manage resources. */
export const mayOrder = (principal: Principal, action: Action): boolean =>
  principal.role !== "user" ||
  principal.actions.includes("ManageResources") ||
  (principal.actions.includes("RenewResources") && (action === "renew" || action === "match_end_time"));
