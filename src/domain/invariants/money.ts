import type { Attempt } from "../attempts/attempt.ts";
import { GATEWAYS } from "../gateway.ts";
import type { InvoiceCode } from "../ids.ts";
import { type Book, balanceOf, WALLETS } from "../ledger.ts";
import { add, type Money, negate, subtract, sum, ZERO } from "../money.ts";

import { type Books, broken, type Violation } from "./books.ts";

export function transfersAreAmounts({ ledger }: Books): Violation[] {
  return ledger.flatMap(({ reference, transfers }) =>
    transfers.length > 0 && transfers.every(({ amount }) => Number.isSafeInteger(amount) && amount > 0)
      ? []
      : [broken(1, `the transaction of ${reference} has a transfer that is no amount, or none`)],
  );
}

export function walletsAreNotNegative({ balances }: Books): Violation[] {
  return WALLETS.flatMap((wallet) =>
    balanceOf(balances, wallet) < 0 ? [broken(2, `${wallet} is at ${balanceOf(balances, wallet)}`)] : [],
  );
}

export function balancesAreTheSumOfPostings({ ledger, balances }: Books): Violation[] {
  const derived: Partial<Record<Book, Money>> = {};
  for (const { from, to, amount } of ledger.flatMap(({ transfers }) => transfers)) {
    derived[from] = subtract(derived[from] ?? ZERO, amount);
    derived[to] = add(derived[to] ?? ZERO, amount);
  }
  const books = new Set([...Object.keys(derived), ...Object.keys(balances)] as Book[]);
  return [...books].flatMap((book) =>
    balanceOf(balances, book) === balanceOf(derived, book)
      ? []
      : [
          broken(
            3,
            `${book} is kept at ${balanceOf(balances, book)}, its postings sum to ${balanceOf(derived, book)}`,
          ),
        ],
  );
}

/** Only attempts and resources hold credit: of an order's attempts the newest alone, of those for bills any that share none. */
export function creditIsHeldForHolds({ balances, attempts, orders, resources }: Books): Violation[] {
  const held = balanceOf(balances, "credit_held");
  const ofResources = sum(resources.map(({ hold }) => hold?.held ?? ZERO));
  const holds = add(sum(attempts.map((attempt) => attempt.held)), ofResources);
  const newest = new Set(orders.map((order) => order.attempts.at(-1)));
  const forBills = new Map<InvoiceCode, number>();
  for (const { hasLetGo, pays } of attempts) {
    if (hasLetGo || pays?.kind !== "bills") continue;
    for (const { invoice } of pays.bills) forBills.set(invoice, (forBills.get(invoice) ?? 0) + 1);
  }
  const isAlone = ({ id, pays }: Attempt) =>
    pays?.kind === "bills" ? pays.bills.every(({ invoice }) => forBills.get(invoice) === 1) : newest.has(id);
  const astray = attempts.filter((attempt) =>
    attempt.hasLetGo ? attempt.held !== 0 : attempt.status !== "open" || !isAlone(attempt),
  );
  return [
    ...(held === holds ? [] : [broken(4, `${held} is held, attempts and resources hold ${holds}`)]),
    ...astray.map(({ id }) => broken(4, `attempt ${id} holds what it may not`)),
  ];
}

/** What gateways took for us is what was paid through them, without what they gave back. */
export function gatewaysTookWhatWasPaid({ balances, payments }: Books): Violation[] {
  return GATEWAYS.flatMap((gateway) => {
    const through = payments.filter(
      (payment) => payment.gateway === gateway && payment.status === "succeeded",
    );
    const taken = subtract(ZERO, balanceOf(balances, `clearing:${gateway}`));
    const paid = sum(through.map(({ kind, amount }) => (kind === "refund" ? negate(amount) : amount)));
    return taken === paid ? [] : [broken(10, `${gateway} took ${taken}, ${paid} was paid through it`)];
  });
}

/** What came another way is what was recorded so. */
export function outsideMoneyIsRecorded({ balances, payments }: Books): Violation[] {
  const came = subtract(ZERO, balanceOf(balances, "outside"));
  const recorded = sum(payments.filter(({ method }) => method === "outside").map(({ amount }) => amount));
  return came === recorded ? [] : [broken(10, `${came} came another way, ${recorded} was recorded`)];
}
