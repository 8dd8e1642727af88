import { demoCatalogue } from "../demo-catalogue.ts";
import { answerProvisioning, assemble, bills, type Cast, checkBalance } from "./cast.ts";
import type { Balance, Order, Page, Payment, Problem, Resource } from "./client.ts";
import { PRODUCT, RETURN_URL } from "./expected.ts";
import { POSTPAID } from "./postpaid-expected.ts";
import type { Report } from "./report.ts";
import { saigon } from "./year-expected.ts";
import { advance, emailOf, grant, mailsSince, setClock } from "./year-time.ts";

const SMALL = [{ sku: "s-general-1x1", quantity: 1 }];
const BIG = [{ sku: "s-general-2x4", quantity: 1 }];

/** Four months of a postpaid account, by a clock that is moved: used, billed, paid in parts, overdue, suspended, paid. */
export async function postpaid(baseUrl: string, authSecret: string, report: Report): Promise<void> {
  const cast = await assemble(baseUrl, authSecret, report);
  try {
    await setClock(cast, saigon(POSTPAID.start));
    const server = await use(cast);
    await january(cast);
    await transfer(cast);
    await overdue(cast);
    await suspended(cast, server);
    await comeback(cast, server);
    await goodbye(cast, server);
    await reconcile(cast);
  } finally {
    await cast.admin.call({ method: "DELETE", path: "/v1/sandbox/clock", status: 200 });
  }
}

async function use(cast: Cast): Promise<string> {
  const { admin, customer, account, report } = cast;
  report.step("10 January: a postpaid account, and a server that is paid for by the month");
  const catalogue = { method: "PUT", path: `/v1/catalog/products/${PRODUCT}` } as const;
  await admin.call({ ...catalogue, body: demoCatalogue.vserver, status: 200 });
  const settings = { email: emailOf(cast), name: "Demo Company", locale: "en", suspendOverdueDays: 20 };
  await admin.call({
    method: "PUT",
    path: account,
    body: { ...settings, billingMode: "postpaid" },
    status: 200,
  });
  await grant(cast, POSTPAID.credit);
  const server = await confirm(cast, "create", { name: "web", configuration: SMALL });
  await advance(cast, "2023-01-20T15:30", []);
  report.step("20 January, 15:30: a bigger one, from this minute on");
  await confirm(cast, "resize", { resourceId: server, configuration: BIG });
  const usage = await customer.get<{ total: number }>(`${account}/usage`);
  report.amount("used up to now", usage.total, POSTPAID.january.small);
  await checkBalance(cast, POSTPAID.credit);
  return server;
}

async function january(cast: Cast): Promise<void> {
  const { report } = cast;
  report.step(
    "1 February: the month is closed at two, and paid from credit at nine, as far as that suffices",
  );
  await advance(cast, "2023-02-01T12:00", POSTPAID.time.january);
  const { january: expected } = POSTPAID;
  const [bill] = await bills(cast);
  report.amount("the small one", bill?.lines[0]?.gross, expected.small);
  report.amount("the bigger one", bill?.lines[1]?.gross, expected.big);
  report.amount("the bill", bill?.total, expected.total);
  report.amount("paid of it", bill?.paid, expected.byCredit);
  report.same("status", bill?.status, "partially_paid");
  await checkOutstanding(cast, expected.byTransfer);
}

async function transfer(cast: Cast): Promise<void> {
  const { admin, account, report } = cast;
  report.step("2 February: the rest comes by bank transfer, which operations record, twice by mistake");
  await advance(cast, "2023-02-02T10:00", []);
  const [bill] = await bills(cast);
  for (const attempt of [1, 2]) {
    await admin.call({
      method: "POST",
      path: `${account}/invoices/${bill?.code}/outside-payments`,
      body: { amount: POSTPAID.january.byTransfer, reference: "FT23033001" },
      idempotencyKey: `transfer-${attempt}`,
      status: 201,
    });
  }
  report.same("status", (await bills(cast))[0]?.status, "paid");
  await checkOutstanding(cast, 0);
  await mailsSince(cast, POSTPAID.start, 5);
}

async function overdue(cast: Cast): Promise<void> {
  const { product, account, report } = cast;
  report.step("March: February's bill isn't paid. Three reminders, then nothing new is sold");
  await advance(cast, "2023-03-31T12:00", POSTPAID.time.overdue);
  report.amount("February", (await bills(cast))[0]?.total, POSTPAID.february);
  const { body: refused } = await product.call<Problem>({
    method: "POST",
    path: `${account}/orders`,
    body: orderOf("create", { name: "more", configuration: SMALL }),
    status: 402,
  });
  report.same("an order is refused", refused.code, "overdue");
  await mailsSince(cast, "2023-03-01T00:00", 4);
}

async function suspended(cast: Cast, server: string): Promise<void> {
  const { customer, account, report } = cast;
  report.step("5 April: by the account's policy its service is suspended, and costs nothing meanwhile");
  await advance(cast, "2023-04-06T10:00", POSTPAID.time.suspended);
  const { state } = await customer.get<Resource>(`${account}/resources/${server}`);
  report.same("state", state, "suspended");
  report.amount("March", (await bills(cast))[0]?.total, POSTPAID.march);
  const usage = await customer.get<{ total: number }>(`${account}/usage`);
  report.amount("April so far", usage.total, POSTPAID.april.before);
}

async function comeback(cast: Cast, server: string): Promise<void> {
  const { customer, account, report } = cast;
  report.step("6 April: topped up, and both bills paid at once; it runs again in the same moment");
  const { topUp, paid, balance } = POSTPAID.overdue;
  await grant(cast, topUp);
  const open = (await bills(cast)).filter(({ status }) => status !== "paid");
  const { body: payment } = await customer.call<Payment>({
    method: "POST",
    path: `${account}/invoices/pay`,
    body: { method: "credit", codes: open.map(({ code }) => code) },
    idempotencyKey: "pay-bills",
    status: 200,
  });
  report.amount("paid", payment.amount, paid);
  const { state } = await customer.get<Resource>(`${account}/resources/${server}`);
  report.same("state", state, "active");
  await checkOutstanding(cast, 0);
  await checkBalance(cast, balance);
}

async function goodbye(cast: Cast, server: string): Promise<void> {
  const { customer, account, report } = cast;
  report.step("10 April: deleted; on 1 May what it was used for is billed, and paid by itself");
  await advance(cast, "2023-04-10T12:00", []);
  await customer.call({ method: "DELETE", path: `${account}/resources/${server}`, status: 200 });
  await advance(cast, "2023-07-01T12:00", POSTPAID.time.last);
  const [bill] = await bills(cast);
  report.amount("before it was suspended", bill?.lines[0]?.gross, POSTPAID.april.before);
  report.amount("afterwards", bill?.lines[1]?.gross, POSTPAID.april.after);
  report.amount("April", bill?.total, POSTPAID.april.total);
  report.same("status", bill?.status, "paid");
  await mailsSince(cast, "2023-04-01T00:00", 6);
}

async function reconcile(cast: Cast): Promise<void> {
  const { customer, account, report } = cast;
  report.step("The books");
  const invoices = await bills(cast);
  const { data: payments } = await customer.get<Page<Payment>>(`${account}/payments?limit=200`);
  const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
  const byTransfer = sum(payments.filter(({ method }) => method === "outside").map(({ amount }) => amount));
  const [billed, paid] = [sum(invoices.map(({ total }) => total)), sum(payments.map(({ amount }) => amount))];
  const { books, january: first } = POSTPAID;
  report.amount("billed", billed, books.billed);
  report.amount("paid − billed", paid - billed, 0);
  report.amount("paid by transfer", byTransfer, first.byTransfer);
  report.amount("credit given − paid from it", books.granted - (paid - byTransfer), books.balance);
  await checkBalance(cast, books.balance);
  report.note(`${books.balance.toLocaleString("en")} VND are left in the wallet`);
}

async function checkOutstanding({ customer, account, report }: Cast, expected: number): Promise<void> {
  const { outstanding } = await customer.get<Balance & { outstanding: number }>(`${account}/balance`);
  report.amount("outstanding", outstanding, expected);
}

const orderOf = (action: string, line: object) => ({
  action,
  lines: [{ resourceType: "server", ...line }],
  returnUrl: RETURN_URL,
});

/** Orders, and has the console do it: there is nothing to pay. Answers the resource. */
async function confirm(cast: Cast, action: "create" | "resize", line: object): Promise<string> {
  const { product, account, report } = cast;
  const { body: placed } = await product.call<Order>({
    method: "POST",
    path: `${account}/orders`,
    body: orderOf(action, line),
    status: 201,
  });
  report.same("confirmed at once", placed.status, "provisioning");
  const [ordered] = placed.lines;
  if (!ordered?.resourceId) throw new Error("the order names no resource");
  await answerProvisioning(cast, ordered.resourceId, { orderLine: ordered.id, status: "succeeded" });
  return ordered.resourceId;
}
