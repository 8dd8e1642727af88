import { holderOf } from "../attempts/let-go.ts";
import { type Context, type Decided, done } from "../decision.ts";
import type { OrderId } from "../ids.ts";
import type { Order } from "../order.ts";
import { endOfLifeMs } from "../share.ts";
import type { AccountState } from "../state.ts";
import { findUnpaidOrder } from "./find-order.ts";

/** A customer takes a link back: nobody pays by it any more. What somebody is paying already may still arrive. */
export interface UnshareOrder {
  readonly type: "unshare_order";
  readonly order: OrderId;
}

export function unshareOrder(
  state: AccountState,
  { order: of }: UnshareOrder,
  context: Context,
): Decided<Order> {
  const found = findUnpaidOrder(state, of, context);
  if (!found.ok) return found;
  if (found.value.share === null) return done(found.value);
  const kept: Order = { ...found.value, share: null };
  const order: Order = { ...kept, expiresAtMs: endOfLifeMs(kept, holderOf(state, kept)) };
  return done(order, { type: "order_changed", order });
}
