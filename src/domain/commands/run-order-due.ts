import { type Context, type Decided, done } from "../decision.ts";
import type { OrderId } from "../ids.ts";
import { isOpen, type Order, orderDueAtMs, PROVISIONING_LIMIT_MS } from "../order.ts";
import { refundLines } from "../provisioning.ts";
import type { AccountState } from "../state.ts";
import { openLine, paidOrder } from "./answer-provisioning.ts";

/** Time has passed for an order. It acts as of the instant it was due at, however late this runs. */
export interface RunOrderDue {
  readonly type: "run_order_due";
  readonly order: OrderId;
}

export const PROVISIONING_TIMED_OUT = "The product didn't answer in time.";

export type DueRan = "expired" | "alerted" | "refunded" | "nothing";

/** Expires it, alerts about a silent console, or gives the customer back what a silent console never delivered. */
export function runOrderDue(
  state: AccountState,
  { order: id }: RunOrderDue,
  { nowMs }: Context,
): Decided<DueRan> {
  const order = state.order(id);
  const dueAtMs = order && orderDueAtMs(order);
  if (!order || dueAtMs === null || dueAtMs > nowMs) return done("nothing");
  if (order.status === "awaiting_payment") {
    return done("expired", { type: "order_changed", order: { ...order, status: "expired" } });
  }
  return order.paidAtMs !== null && dueAtMs >= order.paidAtMs + PROVISIONING_LIMIT_MS
    ? refundSilentLines(state, order, dueAtMs)
    : alertAbout(order, dueAtMs);
}

function alertAbout(order: Order, atMs: number): Decided<DueRan> {
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

function refundSilentLines(state: AccountState, order: Order, atMs: number): Decided<DueRan> {
  const silent = order.quote.lines.filter(isOpen).map((line) => openLine(state, order, line.id));
  const { events } = refundLines(paidOrder(state, order.id), silent, PROVISIONING_TIMED_OUT, atMs);
  return done("refunded", ...events);
}
