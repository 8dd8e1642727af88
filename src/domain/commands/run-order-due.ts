import { type Context, type Decided, done } from "../decision.ts";
import type { OrderId } from "../ids.ts";
import { type Order, orderDueAtMs } from "../order.ts";
import type { AccountState } from "../state.ts";
import { paidOrder, provisioningEndsAtMs, refundSilentLines } from "./paid-order.ts";

/** Time has passed for an order. It acts as of the instant it was due at, however late this runs. */
export interface RunOrderDue {
  readonly type: "run_order_due";
  readonly order: OrderId;
}

export type OrderDueRan = "alerted" | "refunded" | "nothing";

/** Alerts about a silent console, or gives the customer back what a silent console never delivered. */
export function runOrderDue(
  state: AccountState,
  { order: id }: RunOrderDue,
  { nowMs }: Context,
): Decided<OrderDueRan> {
  const order = state.order(id);
  const dueAtMs = order && orderDueAtMs(order);
  if (!order || dueAtMs === null || dueAtMs > nowMs) return done("nothing");
  if (dueAtMs < provisioningEndsAtMs(order)) return alertAbout(order, dueAtMs);
  return done("refunded", ...refundSilentLines(state, paidOrder(state, id)).events);
}

function alertAbout(order: Order, atMs: number): Decided<OrderDueRan> {
  const alert = {
    key: `provisioning:${order.id}`,
    kind: "provisioning_overdue",
    subject: order.id,
    atMs,
  } as const;
  return done(
    "alerted",
    { type: "order_changed", order: { ...order, alertedAtMs: atMs } },
    { type: "alert_raised", alert },
  );
}
