import { answerProvisioning, type Cast, checkBalance, checkLine, order, pay } from "./cast.ts";
import type { Order, Page, Payment, Problem } from "./client.ts";
import { EXPECTED, SECOND_ORDER, TOO_MUCH } from "./expected.ts";

/** What may go wrong on the way, and that no money is lost by it. */
export async function mishaps(cast: Cast, firstPayment: Payment): Promise<void> {
  await failOneLine(cast, await payAnotherOrder(cast));
  await repeatThePayment(cast, firstPayment);
  await orderTooMuch(cast);
}

async function payAnotherOrder(cast: Cast): Promise<Payment> {
  const { second } = EXPECTED;
  cast.report.step("Another order of a server and a volume");
  const placed = await order(cast, "demo-order-2", SECOND_ORDER);
  checkLine(cast, placed.lines[0], second.build);
  checkLine(cast, placed.lines[1], second.scratch);
  const { body: payment } = await pay(cast, placed.id, "demo-pay-2");
  cast.report.amount("paid", payment.amount, second.total);
  await checkBalance(cast, second.balanceAfterPay);
  return payment;
}

async function failOneLine(cast: Cast, payment: Payment): Promise<void> {
  const { customer, account, report } = cast;
  const { second } = EXPECTED;
  report.step("Its server comes up; its volume can't be delivered and is refunded into the wallet");
  const [build, scratch] = payment.lines;
  if (!build || !scratch) throw new Error("the payment doesn't name its two lines");
  const success = { orderLine: build.line, status: "succeeded" };
  const server = await answerProvisioning(cast, build.resource, success);
  report.same(server.name, server.state, "active");
  const failure = { orderLine: scratch.line, status: "failed", reason: "No space left in this zone." };
  const volume = await answerProvisioning(cast, scratch.resource, failure);
  report.same(volume.name, volume.state, "deleted");
  const finished = await customer.get<Order>(`${account}/orders/${payment.order}`);
  const lines = finished.lines.map(({ name, status }) => `${name} ${status}`).join(", ");
  report.same(`order: ${finished.status}`, lines, "build active, scratch refunded");
  const payments = await customer.get<Page<Payment>>(`${account}/payments`);
  const refund = payments.data.find(({ refundOf }) => refundOf === payment.id);
  report.amount("refund", refund?.amount, second.scratch.net);
  await checkBalance(cast, second.balanceAfterRefund);
}

async function repeatThePayment(cast: Cast, first: Payment): Promise<void> {
  const { report } = cast;
  report.step("The first payment is sent once more under its key: the same answer, and nothing moves");
  const repeated = await pay(cast, first.order, "demo-pay-1");
  report.same("Idempotency-Replayed", repeated.isReplayed, true);
  report.same("the same payment", repeated.body.id, first.id);
  report.same("the same answer", JSON.stringify(repeated.body) === JSON.stringify(first), true);
  await checkBalance(cast, EXPECTED.second.balanceAfterRefund);
}

async function orderTooMuch(cast: Cast): Promise<void> {
  const { customer, account, report } = cast;
  const { tooMuch, second } = EXPECTED;
  report.step("An order the wallet can't cover");
  const placed = await order(cast, "demo-order-3", TOO_MUCH);
  report.amount("total", placed.total, tooMuch.total);
  const { body: problem } = await customer.call<Problem>({
    method: "POST",
    path: `${account}/orders/${placed.id}/pay`,
    body: { method: "credit" },
    idempotencyKey: "demo-pay-3",
    status: 402,
  });
  report.same("code", problem.code, "insufficient_credit");
  report.amount("available", problem.available, second.balanceAfterRefund);
  report.amount("missing", problem.missing, tooMuch.missing);
  const { body: cancelled } = await customer.call<Order>({
    method: "POST",
    path: `${account}/orders/${placed.id}/cancel`,
    status: 200,
  });
  report.same("the order is withdrawn", cancelled.status, "cancelled");
}
