import type { Event } from "../events.ts";
import type { Order } from "../order.ts";
import { type Paying, type Payment, paymentFor } from "../payment.ts";
import { purchaseOf } from "../postings.ts";
import type { AccountState } from "../state.ts";
import { trialsGivenBack } from "./convert.ts";
import { paidNotice } from "./paid-notice.ts";
import { isMoreTime, renewPaid } from "./renew.ts";
import { startLines } from "./start.ts";

export interface Settled {
  readonly order: Order;
  readonly payment: Payment;
  readonly events: readonly Event[];
}

/**
 * What is true once an order is paid, whoever paid it: its money waits to be delivered. More time is had at once;
 * everything else waits for its console. (Domain: Checkout, step 3.)
 */
export function settleOrder(state: AccountState, unpaid: Order, paying: Paying, nowMs: number): Settled {
  const settled = isMoreTime(unpaid)
    ? settleRenewal(state, unpaid, paying, nowMs)
    : settleProvisioning(state, unpaid, paying, nowMs);
  // Where credit is only held, nothing was paid yet.
  if (unpaid.billing === "hold") return settled;
  const notice = paidNotice(settled.order, paying, nowMs);
  return { ...settled, events: [...settled.events, { type: "notice_given", notice }] };
}

function settleRenewal(state: AccountState, unpaid: Order, paying: Paying, nowMs: number): Settled {
  const { account, counts } = state;
  if (!account) throw new Error("an order without an account");
  const resources = unpaid.quote.lines.flatMap(
    ({ resource }) => (resource && state.resource(resource)) ?? [],
  );
  return renewPaid({ account, counts, order: unpaid, resources, paying, nowMs });
}

function settleProvisioning(state: AccountState, unpaid: Order, paying: Paying, nowMs: number): Settled {
  const started = startLines(state, { ...unpaid, payment: paying.id }, nowMs);
  const { order, resources } = started;
  const payment = paymentFor(order, paying, state.counts, nowMs);
  return {
    order,
    payment,
    events: [
      ...purchaseOf(order, paying.from, nowMs),
      { type: "order_changed", order },
      { type: "payment_recorded", payment },
      ...started.events,
      ...trialsGivenBack(state, resources, {
        firstN: state.counts.payments + (paying.pending ? 1 : 2),
        nowMs,
      }),
    ],
  };
}
