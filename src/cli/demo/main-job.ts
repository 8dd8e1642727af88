import { demoCatalogue } from "../demo-catalogue.ts";
import {
  answerProvisioning,
  type Cast,
  checkBalance,
  checkCreditHistory,
  checkLine,
  order,
  pay,
} from "./cast.ts";
import type { Invoice, Order, Page, Payment, Product } from "./client.ts";
import { COUPON, EXPECTED, FIRST_ORDER, PRODUCT } from "./expected.ts";

/** Configure, pay by credit, get it provisioned, get the invoices. Answers the payment. */
export async function mainJob(cast: Cast): Promise<Payment> {
  await showCatalogue(cast);
  await openAccount(cast);
  const placed = await placeOrder(cast);
  await applyCoupon(cast, placed);
  const payment = await payByCredit(cast, placed);
  await provision(cast, payment);
  await showInvoices(cast);
  await showPayments(cast, payment);
  await showCreditHistory(cast);
  return payment;
}

async function showCatalogue({ admin, product, report }: Cast): Promise<void> {
  report.step("Operations put a catalogue in force: what vServer sells, tax included");
  const path = `/v1/catalog/products/${PRODUCT}`;
  await admin.call({ method: "PUT", path, body: demoCatalogue.vserver, status: 200 });
  const catalogue = await product.get<Product>(path);
  const skus = catalogue.resourceTypes.flatMap((type) => type.skus);
  for (const [id, price] of Object.entries(EXPECTED.prices)) {
    const sku = skus.find((candidate) => candidate.id === id);
    report.amount(`${id}, per ${sku?.unit}`, sku && Number(sku.unitPrice), price);
  }
}

async function openAccount({ admin, account, report }: Cast): Promise<void> {
  report.step("Operations open an account and give it credit");
  const settings = { email: "demo@example.com", name: "Demo Company" };
  await admin.call({ method: "PUT", path: account, body: settings, status: 200 });
  const { body } = await admin.call<{ available: number }>({
    method: "POST",
    path: `${account}/credits`,
    body: { amount: EXPECTED.credit, reason: "Demo credit" },
    idempotencyKey: "demo-credit",
    status: 201,
  });
  report.amount("available", body.available, EXPECTED.credit);
}

async function placeOrder(cast: Cast): Promise<Order> {
  const { report } = cast;
  report.step("The product's console orders a server and a volume for 2 months");
  const placed = await order(cast, "demo-order-1", FIRST_ORDER);
  report.same("status", placed.status, "awaiting_payment");
  report.amount("subtotal", placed.subtotal, EXPECTED.first.subtotal);
  report.note(`the customer is sent to ${placed.checkoutUrl}`);
  return placed;
}

async function applyCoupon(cast: Cast, { id }: Order): Promise<void> {
  const { customer, account, report } = cast;
  const { first } = EXPECTED;
  report.step(`The customer enters the coupon ${COUPON}: the new quote with its parts`);
  const { body: quote } = await customer.call<Order>({
    method: "PATCH",
    path: `${account}/orders/${id}`,
    body: { coupon: COUPON },
    status: 200,
  });
  checkLine(cast, quote.lines[0], first.web);
  checkLine(cast, quote.lines[1], first.data);
  report.amount("coupon, as large as its cap", quote.discount, first.discount);
  report.amount("total", quote.total, first.total);
}

async function payByCredit(cast: Cast, { id }: Order): Promise<Payment> {
  const { report } = cast;
  report.step("The customer pays by credit");
  const { body: payment } = await pay(cast, id, "demo-pay-1");
  report.same("payment", `${payment.status}, by ${payment.method}`, "succeeded, by credit");
  report.amount("amount", payment.amount, EXPECTED.first.total);
  await checkBalance(cast, EXPECTED.first.balanceAfter);
  return payment;
}

async function provision(cast: Cast, payment: Payment): Promise<void> {
  const { product, account, report } = cast;
  report.step("The product provisions both and says so: the resources run from now on");
  for (const { line, resource } of payment.lines) {
    const running = await answerProvisioning(cast, resource, { orderLine: line, status: "succeeded" });
    report.same(running.name, running.state, "active");
    report.note(`from ${running.startAt} to ${running.endAt}`);
  }
  const provisioned = await product.get<Order>(`${account}/orders/${payment.order}`);
  report.same("order", provisioned.status, "completed");
}

async function showInvoices({ customer, account, report }: Cast): Promise<void> {
  report.step("The invoices: one a resource, already paid");
  const { web, data } = EXPECTED.first;
  const invoices = (await customer.get<Page<Invoice>>(`${account}/invoices`)).data;
  report.same("invoices", invoices.length, 2);
  for (const [name, expected] of Object.entries({ web, data })) {
    const invoice = invoices.find(({ resourceName }) => resourceName === name);
    report.same(`${name}: ${invoice?.code}`, invoice?.status, "paid");
    report.amount(`${name}: total`, invoice?.total, expected.net);
    report.amount(`${name}: paid`, invoice?.paid, expected.net);
    report.amount(`${name}: tax`, invoice?.tax, expected.tax);
    report.amount(`${name}: ${invoice?.coupon?.code}`, invoice?.coupon?.amount, expected.discount);
    const file = await customer.typeOf(`${account}/invoices/${invoice?.code}.pdf`);
    report.same(`${name}: as a file to keep`, file, "application/pdf");
  }
}

async function showPayments({ customer, account, report }: Cast, { id }: Payment): Promise<void> {
  report.step("The payment history");
  const { data } = await customer.get<Page<Payment>>(`${account}/payments`);
  report.same("payments", data.length, 1);
  report.same("its id", data[0]?.id, id);
  report.amount("paid for services", data[0]?.amount, EXPECTED.first.total);
}

async function showCreditHistory(cast: Cast): Promise<void> {
  const { first, credit } = EXPECTED;
  cast.report.step("The credit history, each row with the balance after it; and the balance");
  await checkCreditHistory(cast, [
    { type: "purchase", amount: -first.total, after: first.balanceAfter },
    { type: "adjustment", amount: credit, after: credit },
  ]);
  await checkBalance(cast, first.balanceAfter);
}
