import { demoCatalogue } from "../demo-catalogue.ts";
import { answerProvisioning, assemble, type Cast, checkBalance, sum } from "./cast.ts";
import type { Balance, Invoice, Order, Page, Payment, Resource } from "./client.ts";
import { PRODUCT, RETURN_URL } from "./expected.ts";
import type { Report } from "./report.ts";
import { saigon } from "./year-expected.ts";
import { advance, emailOf, grant, setClock } from "./year-time.ts";

const START = "2023-03-06T10:00";
const END = saigon("2023-03-26T10:00");

/** What everything must come to, worked out by hand from the price list: tax included, in dong. */
const TRIAL = {
  granted: 500_000,
  credit: 400_000,
  monthly: 181_000,
  each: 120_667, // 181,000 × 20/30
  three: { paid: 362_001, left: 137_999 },
  /** 15 of the 20 days are left: 120,667 × 15/20. */
  stopped: { refund: 90_500, left: 228_499 },
  converted: { left: 318_999, credit: 219_000 },
  recovered: { credit: 38_000 },
  time: [
    "2023-03-18 10:00 deleted",
    "2023-03-19 10:00 poc_reminded",
    "2023-03-19 10:00 reminded",
    "2023-03-23 10:00 poc_reminded",
    "2023-03-23 10:00 reminded",
    "2023-03-25 10:00 poc_reminded",
    "2023-03-25 10:00 reminded",
    "2023-03-26 10:00 poc_ended",
    "2023-03-26 10:00 suspended",
  ],
} as const;

/** Three trials on granted money: one is stopped, one converted to paid, one runs out with the wallet and comes back. */
export async function poc(baseUrl: string, authSecret: string, report: Report): Promise<void> {
  const cast = await assemble(baseUrl, authSecret, report);
  try {
    await setClock(cast, saigon(START));
    const [web = "", db = "", test = ""] = await begin(cast);
    await setClock(cast, saigon("2023-03-11T10:00"));
    await stop(cast, test);
    await convert(cast, web);
    await runOut(cast, db);
    await reconcile(cast);
  } finally {
    await cast.admin.call({ method: "DELETE", path: "/v1/sandbox/clock", status: 200 });
  }
}

async function begin(cast: Cast): Promise<string[]> {
  const { admin, account, report } = cast;
  report.step("6 March: trial money for 20 days, and three servers on it");
  const catalogue = { method: "PUT", path: `/v1/catalog/products/${PRODUCT}` } as const;
  await admin.call({ ...catalogue, body: demoCatalogue.vserver, status: 200 });
  const body = { email: emailOf(cast), name: "Demo Company", locale: "en" };
  await admin.call({ method: "PUT", path: account, body, status: 200 });
  await grant(cast, TRIAL.credit);
  await grantTrial(cast);
  const lines = ["web", "db", "test"].map((name) => ({
    ...{ resourceType: "server", name, period: { months: 1 } },
    configuration: [{ sku: "s-general-1x1", quantity: 1 }],
  }));
  const order = await place(cast, "create", lines);
  report.amount("a month would cost", order.total, 3 * TRIAL.monthly);
  report.amount("the 20 days cost, on trial money", order.pocTotal ?? undefined, TRIAL.three.paid);
  const payment = await pay(cast, order.id, "poc");
  report.amount("paid", payment.amount, TRIAL.three.paid);
  await checkTrialMoney(cast, TRIAL.three.left);
  return payment.lines.map(({ resource }) => resource);
}

async function stop(cast: Cast, server: string): Promise<void> {
  const { customer, account, report } = cast;
  report.step("11 March: one is stopped; it waits in the trash for 7 days");
  const { body } = await customer.call<Resource & { refund: number }>({
    method: "POST",
    path: `${account}/resources/${server}/stop-poc`,
    idempotencyKey: `stop-${server}`,
    status: 200,
  });
  report.amount("back in the POC wallet", body.refund, TRIAL.stopped.refund);
  report.same("state", body.state, "suspended");
  await checkTrialMoney(cast, TRIAL.stopped.left);
}

async function convert(cast: Cast, server: string): Promise<void> {
  const { report } = cast;
  report.step("11 March: one is converted, and runs on; the same grant again doesn't refill the wallet");
  const line = { resourceType: "server", resourceId: server, period: { months: 1 } };
  const payment = await pay(cast, (await place(cast, "convert_poc", [line])).id, "credit");
  report.amount("paid from credit", payment.amount, TRIAL.monthly);
  await checkServer(cast, server, "active", saigon("2023-04-11T10:00"));
  await grantTrial(cast);
  await checkTrialMoney(cast, TRIAL.converted.left);
  await checkBalance(cast, TRIAL.converted.credit);
}

async function runOut(cast: Cast, server: string): Promise<void> {
  const { report } = cast;
  report.step("26 March: the wallet ends, and the third server goes to the trash; it is recovered as paid");
  await advance(cast, "2023-03-26T12:00", TRIAL.time);
  await checkServer(cast, server, "suspended", END);
  await checkTrialMoney(cast, 0);
  const line = { resourceType: "server", resourceId: server, period: { months: 1 } };
  const payment = await pay(cast, (await place(cast, "recover", [line])).id, "credit");
  report.amount("paid from credit", payment.amount, TRIAL.monthly);
  await checkServer(cast, server, "active", saigon("2023-04-26T12:00"));
  await checkBalance(cast, TRIAL.recovered.credit);
}

async function reconcile({ customer, account, report }: Cast): Promise<void> {
  report.step("The books: trial money apart from all other");
  const all = async <T>(list: string) => (await customer.get<Page<T>>(`${account}/${list}?limit=200`)).data;
  const rows = await all<{ type: string; amount: number }>("poc-transactions");
  report.amount("grant − purchases + refunds − expiry", sum(rows), 0);
  const trials = (await all<Payment>("payments")).filter(({ method }) => method === "poc");
  const used = sum(trials.filter(({ kind }) => kind === "payment")) - sum(trials.filter(isRefund));
  report.amount("used", used, TRIAL.granted - TRIAL.converted.left);
  report.amount("invoices", sum((await all<Invoice>("invoices")).map(asAmount)), 2 * TRIAL.monthly);
  const credit = await all<{ amount: number }>("credit-transactions");
  report.amount("credit given − paid", sum(credit), TRIAL.recovered.credit);
}

const grantTrial = ({ admin, account }: Cast) =>
  admin.call({
    method: "PUT",
    path: `${account}/poc-wallet`,
    body: { amount: TRIAL.granted, expiresAt: END },
    status: 200,
  });

async function place({ product, account }: Cast, action: string, lines: readonly object[]) {
  const { body } = await product.call<Order & { pocTotal: number | null }>({
    method: "POST",
    path: `${account}/orders`,
    body: { action, lines, returnUrl: RETURN_URL },
    status: 201,
  });
  return body;
}

/** Pays an order, whose lines their console then provisions. */
async function pay(cast: Cast, order: string, method: "poc" | "credit"): Promise<Payment> {
  const { body: payment } = await cast.customer.call<Payment>({
    method: "POST",
    path: `${cast.account}/orders/${order}/pay`,
    body: { method },
    idempotencyKey: `pay-${order}`,
    status: 200,
  });
  for (const { line, resource } of payment.lines)
    await answerProvisioning(cast, resource, { orderLine: line, status: "succeeded" });
  return payment;
}

async function checkTrialMoney({ customer, account, report }: Cast, expected: number): Promise<void> {
  const { poc } = await customer.get<Balance>(`${account}/balance`);
  report.amount("trial money", poc.balance, expected);
}

async function checkServer(cast: Cast, server: string, state: string, endAt: string): Promise<void> {
  const { customer, account, report } = cast;
  const found = await customer.get<Resource>(`${account}/resources/${server}`);
  report.same("state", found.state, state);
  report.same("until", found.endAt, endAt);
}

const isRefund = ({ kind }: Payment): boolean => kind === "refund";
const asAmount = ({ total }: Invoice) => ({ amount: total });
