import { type Context, type Decided, done } from "../decision.ts";
import type { OrderId } from "../ids.ts";
import type { Order } from "../order.ts";
import { err } from "../result.ts";
import type { AccountState } from "../state.ts";
import { findOrder } from "./find-order.ts";

/** A customer follows a checkout link. Each link is good for one opening: the one whose number it carries. */
export interface OpenCheckout {
  readonly type: "open_checkout";
  readonly order: OrderId;
  readonly opening: number;
}

export function openCheckout(
  state: AccountState,
  { order: id, opening }: OpenCheckout,
  context: Context,
): Decided<Order> {
  const found = findOrder(state, id, context);
  if (!found.ok) return found;
  if (opening !== found.value.checkoutsOpened) return err({ code: "checkout_link_used" });
  const order: Order = { ...found.value, checkoutsOpened: opening + 1 };
  return done(order, { type: "order_changed", order });
}
