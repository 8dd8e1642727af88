import type { Account } from "../account.ts";
import type { Product } from "../catalogue.ts";
import type { ResourceDueRan } from "../commands/run-resource-due.ts";
import { type Done, done } from "../decision.ts";
import type { Event } from "../events.ts";
import { renewPaid } from "../fulfilment/renew.ts";
import type { OrderId, PaymentId } from "../ids.ts";
import { balanceOf } from "../ledger.ts";
import { type Money, subtract, ZERO } from "../money.ts";
import type { Notice } from "../notice.ts";
import { type Order, toPayForOrder } from "../order.ts";
import { quoteOrder } from "../quotes/quote-order.ts";
import type { Resource } from "../resource.ts";
import type { Result } from "../result.ts";
import type { AccountState } from "../state.ts";
import { type Milestone, milestonesAhead } from "./schedule.ts";

/** An attempt to renew, as of its milestone's instant. `reached` is the resource where the attempt is all that happened. */
export interface Attempt {
  readonly resource: Resource;
  readonly reached: Resource;
  readonly milestone: Milestone & { readonly kind: "renewal" };
  readonly product: Product;
}

/**
 * Renews a resource from available credit, by an order like any other but without a coupon, or tells its customer what
 * is missing. After the last attempt of a term it is switched off. (Domain: Lifecycle, Auto-renew.)
 */
export function attemptRenewal(
  state: AccountState,
  account: Account,
  attempt: Attempt,
): Result<Done<ResourceDueRan>, never> {
  const { resource, milestone } = attempt;
  const order = renewalOrder(state, account, attempt);
  if (!order) return failed(attempt, account, { amount: null, missing: ZERO });
  const [available, amount] = [balanceOf(state.balances, "credit_available"), toPayForOrder(order)];
  if (available < amount) return failed(attempt, account, { amount, missing: subtract(amount, available) });
  const id = order.id.replace(/^ord_/, "pay_") as PaymentId;
  const paying = { id, method: "credit", from: "credit_available", pending: null } as const;
  const paid = { account, counts: state.counts, order, resources: [resource], paying };
  const { events, resources, invoices } = renewPaid({ ...paid, nowMs: milestone.atMs });
  const [renewed] = resources;
  const [invoice] = invoices;
  if (!renewed || !invoice) throw new Error(`${order.id} renewed nothing`);
  const notice: Notice = {
    key: `renewal_succeeded:${resource.id}:${resource.endAtMs}`,
    template: "renewal_succeeded",
    ...{ atMs: milestone.atMs, resource: resource.id, name: resource.name },
    ...{ endAtMs: renewed.endAtMs ?? milestone.atMs, invoice: invoice.code, total: invoice.total },
  };
  return done("renewed", ...events, { type: "notice_given", notice });
}

/**
 * The order of a renewal, or null where it has no price. It is named after its resource as it is before it, so it can't
 * be made twice.
 */
function renewalOrder(
  state: AccountState,
  account: Account,
  { resource, milestone: { atMs }, product }: Attempt,
): Order | null {
  const id = `${resource.id.replace(/^res_/, "ord_")}.r${resource.version}` as OrderId;
  const origin = state.order(resource.order);
  if (!origin) throw new Error(`${resource.id} came from no order`);
  const items = [
    {
      ...{ resource: resource.id, resourceType: resource.resourceType, name: resource.name },
      ...{ configuration: resource.configuration, quantity: 1, autoRenew: null },
      period: { months: resource.autoRenew.months },
    },
  ];
  const quote = quoteOrder({
    ...{ order: id, action: "renew", billing: "prepaid", items, product, coupon: null, account },
    ...{ pocEndMs: null, nowMs: atMs },
    resource: () => resource,
  });
  if (!quote.ok) return null;
  return {
    ...{
      id,
      product: product.id,
      action: "renew",
      billing: "prepaid",
      status: "awaiting_payment",
      currency: account.currency,
    },
    ...{ items, quote: quote.value, returnUrl: origin.returnUrl, cancelUrl: null },
    invoiceAddress: null,
    ...{
      createdAtMs: atMs,
      expiresAtMs: atMs,
      attempts: [],
      share: null,
      payment: null,
      paidAtMs: null,
      alertedAtMs: null,
    },
    checkoutsOpened: 0,
  };
}

function failed(
  { reached, milestone: { atMs, isLast } }: Attempt,
  account: Account,
  { amount, missing }: { amount: Money | null; missing: Money },
): Result<Done<ResourceDueRan>, never> {
  const { id, name, endAtMs, autoRenew } = reached;
  if (endAtMs === null) throw new Error(`${id} has no end`);
  const resource: Resource = isLast ? { ...reached, autoRenew: { ...autoRenew, enabled: false } } : reached;
  const next = milestonesAhead(resource, account).find(({ kind }) => kind === "renewal");
  const event: Event = {
    type: "notice_given",
    notice: {
      key: `renewal_failed:${id}:${endAtMs}:${atMs}`,
      template: "renewal_failed",
      ...{ atMs, resource: id, name, endAtMs, amount, missing, nextAttemptAtMs: next?.atMs ?? null },
    },
  };
  return done("renewal_failed", { type: "resource_changed", resource }, event);
}
