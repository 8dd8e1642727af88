import { balanceOf } from "../ledger.ts";
import { sum, ZERO } from "../money.ts";

import { type Books, broken, type Violation } from "./books.ts";

/** One payment an attempt, which says how it ended; of an order's, one at most settles it. */
export function attemptsStandAsTheirPayments({ attempts, payments, orders }: Books): Violation[] {
  const byId = new Map(payments.map((payment) => [payment.id, payment]));
  const settling = new Set(orders.map(({ payment }) => payment));
  return attempts.flatMap(({ id, status }) => {
    const payment = byId.get(id);
    const said = payment?.status === "pending" ? "open" : payment?.status;
    const isSettlement = payment?.kind === "payment" && payment.status === "succeeded";
    const isSettling = payment?.order === null ? isSettlement : settling.has(id);
    return said === status && isSettlement === isSettling
      ? []
      : [broken(10, `attempt ${id} is ${status}, its payment says otherwise`)];
  });
}

/** One payment a refund, which says how it ended; and no attempt's money is sent back that it didn't bring. */
export function refundsAreOfWhatWasTaken({ refunds, attempts, payments, balances }: Books): Violation[] {
  const byId = new Map(payments.map((payment) => [payment.id, payment]));
  const sendingBack = sum(refunds.flatMap(({ status, amount }) => (status === "open" ? [amount] : [])));
  const kept = balanceOf(balances, "sending_back");
  return [
    ...(kept === sendingBack
      ? []
      : [broken(10, `${kept} is being sent back in the books, ${sendingBack} in refunds`)]),
    ...refunds.flatMap(({ id, attempt, status, amount }) => {
      const payment = byId.get(id);
      const said = payment?.status === "pending" ? "open" : payment?.status;
      const isSame = payment?.kind === "refund" && payment.refundOf === attempt && payment.amount === amount;
      return isSame && said === status
        ? []
        : [broken(10, `refund ${id} is ${status}, its payment says otherwise`)];
    }),
    ...attempts.flatMap(({ id, status, sentBack }) => {
      const own = refunds.filter((refund) => refund.attempt === id && refund.status !== "failed");
      const captured = status === "succeeded" ? (byId.get(id)?.amount ?? ZERO) : ZERO;
      return sentBack === sum(own.map(({ amount }) => amount)) && sentBack <= captured
        ? []
        : [broken(10, `${sentBack} of ${captured} is sent back of ${id}`)];
    }),
  ];
}
