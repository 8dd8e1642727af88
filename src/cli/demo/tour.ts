import { assemble, type Cast, checkCreditHistory } from "./cast.ts";
import type { Balance, Invoice, Page, Payment } from "./client.ts";
import { EXPECTED } from "./expected.ts";
import { mainJob } from "./main-job.ts";
import { mishaps } from "./mishaps.ts";
import { grouped, type Report } from "./report.ts";

/** The main job, what may go wrong with it, and the books afterwards. */
export async function tour(baseUrl: string, authSecret: string, report: Report): Promise<void> {
  const cast = await assemble(baseUrl, authSecret, report);
  await mishaps(cast, await mainJob(cast));
  await reconcile(cast);
}

/** The histories say the same as the wallet. */
async function reconcile(cast: Cast): Promise<void> {
  const { customer, account, report } = cast;
  const { first, second, credit } = EXPECTED;
  report.step("The books, at the end");
  await checkCreditHistory(cast, [
    { type: "refund", amount: second.scratch.net, after: second.balanceAfterRefund },
    { type: "purchase", amount: -second.total, after: second.balanceAfterPay },
    { type: "purchase", amount: -first.total, after: first.balanceAfter },
    { type: "adjustment", amount: credit, after: credit },
  ]);
  const payments = await customer.get<Page<Payment>>(`${account}/payments`);
  const invoices = await customer.get<Page<Invoice>>(`${account}/invoices`);
  const { credit: wallet } = await customer.get<Balance>(`${account}/balance`);
  const amountsOf = (wanted: Payment["kind"]) =>
    sum(payments.data.filter(({ kind }) => kind === wanted).map(({ amount }) => amount));
  const [paid, refunded] = [amountsOf("payment"), amountsOf("refund")];
  const invoiced = sum(invoices.data.map(({ total }) => total));
  report.amount("paid", paid, first.total + second.total);
  report.amount("refunded", refunded, second.scratch.net);
  report.amount("invoiced", invoiced, first.web.net + first.data.net + second.build.net);
  report.amount("paid − refunded − invoiced", paid - refunded - invoiced, 0);
  report.amount("credit given − paid + refunded − balance", credit - paid + refunded - wallet.total, 0);
  report.note(`${grouped(wallet.total)} VND are left in the wallet`);
}

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
