import type { Event } from "../events.ts";
import type { Order } from "../order.ts";
import { type Paying, type Payment, paymentFor } from "../payment.ts";
import { purchaseOf } from "../postings.ts";
import type { AccountState } from "../state.ts";
import { trialsGivenBack } from "./convert.ts";
import { paidNotice } from "./paid-notice.ts";
import { isMoreTime, renewPaid } from "./renew.ts";
import { startLine } from "./start.ts";

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
  const { account, counts } = state;
  if (!account) throw new Error("an order without an account");
  const { timeZone } = account;
  const started = unpaid.quote.lines.map((line, index) => {
    const n = counts.resources + index + 1;
    const existing = line.resource && state.resource(line.resource);
    return startLine(line, unpaid, existing, { n, nowMs, timeZone, method: paying.method });
  });
  const order: Order = {
    ...unpaid,
    status: "provisioning",
    quote: { ...unpaid.quote, lines: started.map(({ line }) => line) },
    payment: paying.id,
    paidAtMs: nowMs,
  };
  const payment = paymentFor(order, paying, counts, nowMs);
  return {
    order,
    payment,
    events: [
      ...purchaseOf(order, paying.from, nowMs),
      { type: "order_changed", order },
      { type: "payment_recorded", payment },
      ...started.flatMap(({ resource, call }): Event[] => [
        { type: "resource_changed", resource },
        { type: "console_called", call },
      ]),
      ...trialsGivenBack(
        state,
        started.map(({ resource }) => resource),
        { firstN: counts.payments + (paying.pending ? 1 : 2), nowMs },
      ),
    ],
  };
}
