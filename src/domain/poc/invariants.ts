import type { PaymentId, ResourceId } from "../ids.ts";
import type { Books } from "../invariants/books.ts";
import { balanceOf } from "../ledger.ts";
import { add, type Money, subtract, sum, ZERO } from "../money.ts";
import type { Payment } from "../payment.ts";
import { undeliveredOf } from "../provisioning.ts";
import { usedOf } from "./wallet.ts";

/** Payments of trial money, and what was given back of them: they lead to no documents. */
export const paidOnPoc = ({ payments }: Pick<Books, "payments">): ReadonlySet<PaymentId> =>
  new Set(payments.filter(({ method }) => method === "poc").map(({ id }) => id));

/**
 * What was granted is there, was put aside, or is used. What is used was paid and not given back, and that waits to be
 * delivered, or was. No resource runs on more than was paid for it. (Domain: POC; Invariants.)
 */
export function trialProblems({ balances, pocWallet, payments, orders, resources }: Books): string[] {
  const onPoc = paidOnPoc({ payments });
  const paidFor = new Map<ResourceId, Money>();
  for (const payment of payments.filter(({ id }) => onPoc.has(id)))
    for (const { resource, amount } of payment.lines)
      paidFor.set(resource, add(paidFor.get(resource) ?? ZERO, signed(payment, amount)));
  const used = usedOf(pocWallet, balances);
  const paid = sum([...paidFor.values()]);
  const waiting = sum(orders.filter(({ payment }) => payment && onPoc.has(payment)).map(undeliveredOf));
  const delivered = add(waiting, balanceOf(balances, "trials"));
  const overrun = resources.filter(
    ({ id, billing, terms }) =>
      billing === "poc" && sum(terms.map((term) => term.paid)) > (paidFor.get(id) ?? 0),
  );
  return [
    ...(used === paid ? [] : [`${used} of trial money is used, ${paid} was paid`]),
    ...(used === delivered ? [] : [`${used} of trial money is used, ${delivered} waits or was delivered`]),
    ...(pocWallet?.hasEnded && balanceOf(balances, "poc") > 0
      ? ["a POC wallet has ended with money in it"]
      : []),
    ...overrun.map(({ id }) => `${id} runs on more trial money than was paid for it`),
  ];
}

const signed = ({ kind }: Payment, amount: Money): Money =>
  kind === "refund" ? subtract(ZERO, amount) : amount;
