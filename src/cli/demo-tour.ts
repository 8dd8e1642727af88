import { randomBytes } from "node:crypto";
import {
  type Balance,
  Caller,
  type CreditTransaction,
  type Invoice,
  type Order,
  type OrderLine,
  type Page,
  type Payment,
  type Problem,
  type Product,
  type Resource,
} from "./demo-client.ts";
import { grouped, type Report } from "./demo-report.ts";
import { signToken, userActions } from "./tokens.ts";

const PRODUCT = "vserver";
const COUPON = "SAVE10";
const RETURN_URL = "http://localhost:3000/servers";

/** What everything must come to, worked out by hand from the price list: tax included, in dong. */
const EXPECTED = {
  credit: 3_000_000,
  prices: { "s-general-2x4": "520000", "root-disk-20": "35000", "ssd-3000": "1750" },
  /** SAVE10 takes 10 % of 1,460,000 = 146,000, capped at 100,000, shared 1,110,000 : 350,000. */
  first: {
    web: { gross: 1_110_000, discount: 76_027, net: 1_033_973, tax: 100_909 }, // 2 × (520,000 + 35,000)
    data: { gross: 350_000, discount: 23_973, net: 326_027, tax: 31_818 }, // 2 × 100 GB × 1,750
    subtotal: 1_460_000,
    discount: 100_000,
    total: 1_360_000,
    balanceAfter: 1_640_000,
  },
  second: {
    build: { gross: 125_000, discount: 0, net: 125_000, tax: 11_364 }, // 90,000 + 35,000
    scratch: { gross: 87_500, discount: 0, net: 87_500, tax: 7_955 }, // 50 GB × 1,750
    total: 212_500,
    balanceAfterPay: 1_427_500,
    balanceAfterRefund: 1_515_000,
  },
  tooBig: { total: 6_240_000, missing: 4_725_000 }, // 12 × 520,000
} as const;

const FIRST_ORDER = [
  {
    resourceType: "server",
    name: "web",
    configuration: [
      { sku: "s-general-2x4", quantity: 1 },
      { sku: "root-disk-20", quantity: 1 },
    ],
    period: { months: 2 },
  },
  {
    resourceType: "volume",
    name: "data",
    configuration: [{ sku: "ssd-3000", quantity: 100 }],
    period: { months: 2 },
  },
];

const SECOND_ORDER = [
  {
    resourceType: "server",
    name: "build",
    configuration: [
      { sku: "dev.v1.small1x1", quantity: 1 },
      { sku: "root-disk-20", quantity: 1 },
    ],
    period: { months: 1 },
  },
  {
    resourceType: "volume",
    name: "scratch",
    configuration: [{ sku: "ssd-3000", quantity: 50 }],
    period: { months: 1 },
  },
];

const TOO_BIG_ORDER = [
  {
    resourceType: "server",
    name: "big",
    configuration: [{ sku: "s-general-2x4", quantity: 1 }],
    period: { months: 12 },
  },
];

/** Who takes part, and the account it is all about. */
interface Cast {
  readonly admin: Caller;
  readonly product: Caller;
  readonly customer: Caller;
  readonly accountId: string;
  /** `/v1/accounts/{account}` */
  readonly account: string;
  readonly report: Report;
}

/** The main job from the price list to the balance, then what may go wrong with it. */
export async function tour(baseUrl: string, authSecret: string, report: Report): Promise<void> {
  const cast = await assemble(baseUrl, authSecret, report);
  await showCatalogue(cast);
  await openAccount(cast);
  const order = await placeOrder(cast);
  const quote = await applyCoupon(cast, order);
  const payment = await payByCredit(cast, quote);
  await provision(cast, quote, payment);
  await showInvoices(cast);
  await showPayments(cast, payment);
  await showCreditHistory(cast);
  await failOneLine(cast);
  await repeatThePayment(cast, quote, payment);
  await orderTooMuch(cast);
  await reconcile(cast);
}

async function assemble(baseUrl: string, authSecret: string, report: Report): Promise<Cast> {
  const accountId = `acc_demo_${randomBytes(4).toString("hex")}`;
  const customer = { role: "user", account: accountId, actions: userActions } as const;
  return {
    admin: new Caller("admin", baseUrl, await signToken({ role: "admin" }, authSecret), report),
    product: new Caller(
      "product",
      baseUrl,
      await signToken({ role: "product", product: PRODUCT }, authSecret),
      report,
    ),
    customer: new Caller("customer", baseUrl, await signToken(customer, authSecret), report),
    accountId,
    account: `/v1/accounts/${accountId}`,
    report,
  };
}

async function showCatalogue({ product, report }: Cast): Promise<void> {
  report.step("The catalogue: what vServer sells, tax included");
  const catalogue = await product.get<Product>(`/v1/catalog/products/${PRODUCT}`);
  const skus = catalogue.resourceTypes.flatMap((type) => type.skus);
  for (const [id, price] of Object.entries(EXPECTED.prices)) {
    const sku = skus.find((candidate) => candidate.id === id);
    report.amount(`${id}, per ${sku?.unit}`, sku && Number(sku.unitPrice), Number(price));
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

async function placeOrder({ product, account, report }: Cast): Promise<Order> {
  report.step("The product's console orders a server and a volume for 2 months");
  const order = await orderFrom(product, account, "demo-order-1", FIRST_ORDER);
  report.same("status", order.status, "awaiting_payment");
  report.amount("subtotal", order.subtotal, EXPECTED.first.subtotal);
  report.note(`the customer is sent to ${order.checkoutUrl}`);
  return order;
}

async function orderFrom(caller: Caller, account: string, idempotencyKey: string, lines: object[]) {
  const { body } = await caller.call<Order>({
    method: "POST",
    path: `${account}/orders`,
    body: { action: "create", lines, returnUrl: RETURN_URL },
    idempotencyKey,
    status: 201,
  });
  return body;
}

async function applyCoupon({ customer, account, report }: Cast, { id }: Order): Promise<Order> {
  report.step(`The customer enters the coupon ${COUPON}: the new quote with its parts`);
  const { first } = EXPECTED;
  const { body: quote } = await customer.call<Order>({
    method: "PATCH",
    path: `${account}/orders/${id}`,
    body: { coupon: COUPON },
    status: 200,
  });
  checkLine(report, quote.lines[0], first.web);
  checkLine(report, quote.lines[1], first.data);
  report.amount("coupon, as large as its cap", quote.discount, first.discount);
  report.amount("total", quote.total, first.total);
  return quote;
}

type Parts = Pick<OrderLine, "gross" | "discount" | "net" | "tax">;

function checkLine(report: Report, line: OrderLine | undefined, expected: Parts): void {
  report.amount(`${line?.name}: gross`, line?.gross, expected.gross);
  report.amount(`${line?.name}: its share of the coupon`, line?.discount, expected.discount);
  report.amount(`${line?.name}: to pay`, line?.net, expected.net);
  report.amount(`${line?.name}: tax within the gross`, line?.tax, expected.tax);
}

async function payByCredit(cast: Cast, { id }: Order): Promise<Payment> {
  const { customer, account, report } = cast;
  report.step("The customer pays by credit");
  const payment = await pay(customer, `${account}/orders/${id}`, "demo-pay-1");
  report.same("payment", [payment.status, payment.method], ["succeeded", "credit"]);
  report.amount("amount", payment.amount, EXPECTED.first.total);
  await checkBalance(cast, EXPECTED.first.balanceAfter);
  return payment;
}

async function pay(customer: Caller, order: string, idempotencyKey: string): Promise<Payment> {
  const { body } = await customer.call<Payment>({
    method: "POST",
    path: `${order}/pay`,
    body: { method: "credit" },
    idempotencyKey,
    status: 200,
  });
  return body;
}

async function provision(cast: Cast, { id }: Order, payment: Payment): Promise<void> {
  const { product, account, report } = cast;
  report.step("The product provisions both and says so: the resources run from now on");
  for (const { line, resource } of payment.lines) {
    const running = await answerProvisioning(cast, resource, { orderLine: line, status: "succeeded" });
    report.same(`${running.name}`, running.state, "active");
    report.note(`from ${running.startAt} to ${running.endAt}`);
  }
  const order = await product.get<Order>(`${account}/orders/${id}`);
  report.same("order", order.status, "completed");
}

async function answerProvisioning({ product, account }: Cast, resource: string, answer: object) {
  const { body } = await product.call<Resource>({
    method: "POST",
    path: `${account}/resources/${resource}/provisioning`,
    body: answer,
    status: 200,
  });
  return body;
}

async function showInvoices({ customer, account, report }: Cast): Promise<void> {
  report.step("The invoices: one a resource, already paid");
  const { data } = await customer.get<Page<Invoice>>(`${account}/invoices`);
  report.same("invoices", data.length, 2);
  for (const [name, expected] of Object.entries({ web: EXPECTED.first.web, data: EXPECTED.first.data })) {
    const invoice = data.find(({ resourceName }) => resourceName === name);
    report.same(`${name}: ${invoice?.code}`, invoice?.status, "paid");
    report.amount(`${name}: total`, invoice?.total, expected.net);
    report.amount(`${name}: paid`, invoice?.paid, expected.net);
    report.amount(`${name}: tax`, invoice?.tax, expected.tax);
    report.amount(`${name}: ${invoice?.coupon?.code}`, invoice?.coupon?.amount, expected.discount);
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
  cast.report.step("The credit history, each row with the balance after it; and the balance");
  await checkCreditHistory(cast, [
    { type: "purchase", amount: -EXPECTED.first.total, after: EXPECTED.first.balanceAfter },
    { type: "adjustment", amount: EXPECTED.credit, after: EXPECTED.credit },
  ]);
  await checkBalance(cast, EXPECTED.first.balanceAfter);
}

interface ExpectedCredit {
  type: string;
  amount: number;
  after: number;
}

async function checkCreditHistory(
  { customer, account, report }: Cast,
  expected: ExpectedCredit[],
): Promise<void> {
  const { data } = await customer.get<Page<CreditTransaction>>(`${account}/credit-transactions`);
  report.same("rows", data.length, expected.length);
  for (const [index, { type, amount, after }] of expected.entries()) {
    const row = data[index];
    report.amount(`${row?.type}: ${row?.description}`, row?.amount, amount);
    report.same("  its type", row?.type, type);
    report.amount("  available after it", row?.balance.available, after);
  }
}

async function checkBalance({ customer, account, report }: Cast, expected: number): Promise<void> {
  const { credit } = await customer.get<Balance>(`${account}/balance`);
  report.amount("available", credit.available, expected);
  report.amount("held", credit.held, 0);
}

async function failOneLine(cast: Cast): Promise<void> {
  const { customer, product, account, report } = cast;
  const { second } = EXPECTED;
  report.step("Another order, and the product can't deliver one of its lines");
  const order = await orderFrom(product, account, "demo-order-2", SECOND_ORDER);
  checkLine(report, order.lines[0], second.build);
  checkLine(report, order.lines[1], second.scratch);
  const payment = await pay(customer, `${account}/orders/${order.id}`, "demo-pay-2");
  report.amount("paid", payment.amount, second.total);
  await checkBalance(cast, second.balanceAfterPay);

  report.step("The server comes up; the volume fails and is refunded into the wallet");
  const [build, scratch] = payment.lines;
  if (!build || !scratch) throw new Error("the payment doesn't name its two lines");
  const server = await answerProvisioning(cast, build.resource, {
    orderLine: build.line,
    status: "succeeded",
  });
  report.same(server.name, server.state, "active");
  const failure = { orderLine: scratch.line, status: "failed", reason: "No space left in this zone." };
  const volume = await answerProvisioning(cast, scratch.resource, failure);
  report.same(volume.name, volume.state, "deleted");
  const finished = await customer.get<Order>(`${account}/orders/${order.id}`);
  report.same("order", finished.status, "completed");
  report.same(
    "its lines",
    finished.lines.map(({ status }) => status),
    ["active", "refunded"],
  );
  const { data } = await customer.get<Page<Payment>>(`${account}/payments`);
  const refund = data.find(({ refundOf }) => refundOf === payment.id);
  report.amount("refund", refund?.amount, second.scratch.net);
  await checkBalance(cast, second.balanceAfterRefund);
}

async function repeatThePayment(cast: Cast, { id }: Order, payment: Payment): Promise<void> {
  const { customer, account, report } = cast;
  report.step("The first payment is sent once more under its key: the same answer, nothing moves");
  const repeated = await customer.call<Payment>({
    method: "POST",
    path: `${account}/orders/${id}/pay`,
    body: { method: "credit" },
    idempotencyKey: "demo-pay-1",
    status: 200,
  });
  report.same("Idempotency-Replayed", repeated.isReplayed, true);
  report.same("the same answer", repeated.body.id, payment.id);
  report.same("to the last field", JSON.stringify(repeated.body) === JSON.stringify(payment), true);
  await checkBalance(cast, EXPECTED.second.balanceAfterRefund);
}

async function orderTooMuch(cast: Cast): Promise<void> {
  const { customer, product, account, report } = cast;
  report.step("An order the wallet can't cover");
  const order = await orderFrom(product, account, "demo-order-3", TOO_BIG_ORDER);
  report.amount("total", order.total, EXPECTED.tooBig.total);
  const { body: problem } = await customer.call<Problem>({
    method: "POST",
    path: `${account}/orders/${order.id}/pay`,
    body: { method: "credit" },
    idempotencyKey: "demo-pay-3",
    status: 402,
  });
  report.same("code", problem.code, "insufficient_credit");
  report.amount("available", problem.available, EXPECTED.second.balanceAfterRefund);
  report.amount("missing", problem.missing, EXPECTED.tooBig.missing);
  const { body: cancelled } = await customer.call<Order>({
    method: "POST",
    path: `${account}/orders/${order.id}/cancel`,
    status: 200,
  });
  report.same("the order is withdrawn", cancelled.status, "cancelled");
}

/** The histories, read to their ends, say the same as the wallet. */
async function reconcile(cast: Cast): Promise<void> {
  const { customer, account, accountId, report } = cast;
  const { first, second, credit } = EXPECTED;
  report.step(`The books of ${accountId}`);
  await checkCreditHistory(cast, [
    { type: "refund", amount: second.scratch.net, after: second.balanceAfterRefund },
    { type: "purchase", amount: -second.total, after: second.balanceAfterPay },
    { type: "purchase", amount: -first.total, after: first.balanceAfter },
    { type: "adjustment", amount: credit, after: credit },
  ]);
  const payments = await customer.get<Page<Payment>>(`${account}/payments`);
  const invoices = await customer.get<Page<Invoice>>(`${account}/invoices`);
  const { credit: wallet } = await customer.get<Balance>(`${account}/balance`);
  const amountsOf = (kind: Payment["kind"]) =>
    sum(payments.data.filter((payment) => payment.kind === kind).map(({ amount }) => amount));
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
