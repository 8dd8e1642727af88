import { giveUp } from "../attempts/let-go.ts";
import { type Context, type Decided, done } from "../decision.ts";
import type { OrderId } from "../ids.ts";
import type { Order } from "../order.ts";
import type { AccountState } from "../state.ts";
import { findUnpaidOrder } from "./find-order.ts";

/** Withdraws an order that isn't paid. Money that an attempt still brings becomes credit. */
export interface CancelOrder {
  readonly type: "cancel_order";
  readonly order: OrderId;
}

export function cancelOrder(state: AccountState, command: CancelOrder, context: Context): Decided<Order> {
  const found = findUnpaidOrder(state, command.order, context);
  if (!found.ok) return found;
  const free = giveUp(state, found.value, context.nowMs);
  const order: Order = { ...free.order, status: "cancelled" };
  return done(order, ...free.events, { type: "order_changed", order });
}
