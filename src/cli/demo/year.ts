import { demoCatalogue } from "../demo-catalogue.ts";
import { answerProvisioning, assemble, type Cast, checkBalance, pay } from "./cast.ts";
import type { Invoice, Order, Page, Payment, Resource } from "./client.ts";
import { COUPON, PRODUCT, RETURN_URL } from "./expected.ts";
import { grouped, type Report } from "./report.ts";
import { START, saigon, YEAR } from "./year-expected.ts";
import { advance, emailOf, grant, mailsSince, setClock } from "./year-time.ts";

const SMALL = [{ sku: "s-general-1x1", quantity: 1 }];
const BIG = [{ sku: "s-general-2x4", quantity: 1 }];

/** A year in the life of one server, by a clock that is moved: what is paid, renewed, missed, paid again and given up. */
export async function year(baseUrl: string, authSecret: string, report: Report): Promise<void> {
  const cast = await assemble(baseUrl, authSecret, report);
  try {
    await setClock(cast, saigon(START));
    const server = await buy(cast);
    await spring(cast, server);
    await resize(cast, server);
    await missed(cast, server);
    await comeback(cast, server);
    await goodbye(cast, server);
    await reconcile(cast);
  } finally {
    await cast.admin.call({ method: "DELETE", path: "/v1/sandbox/clock", status: 200 });
  }
}

async function buy(cast: Cast): Promise<string> {
  const { admin, customer, account, report } = cast;
  report.step(`10 January: a server for a month, with the coupon ${COUPON}, to be renewed by itself`);
  const catalogue = { method: "PUT", path: `/v1/catalog/products/${PRODUCT}` } as const;
  await admin.call({ ...catalogue, body: demoCatalogue.vserver, status: 200 });
  await admin.call({
    method: "PUT",
    path: account,
    body: { email: emailOf(cast), name: "Demo Company", locale: "en" },
    status: 200,
  });
  await grant(cast, YEAR.credit);
  const line = { resourceType: "server", name: "web", configuration: SMALL, period: { months: 1 } };
  const placed = await place(cast, "create", { ...line, autoRenew: { enabled: true, months: 1 } });
  const { body: quote } = await customer.call<Order>({
    method: "PATCH",
    path: `${account}/orders/${placed.id}`,
    body: { coupon: COUPON },
    status: 200,
  });
  report.amount("price", quote.subtotal, YEAR.first.gross);
  report.amount(COUPON, quote.discount, YEAR.first.discount);
  const resource = await payAndAnswer(cast, placed.id, YEAR.first.total);
  const server = await customer.get<Resource>(`${account}/resources/${resource}`);
  report.same("in service until", server.endAt, saigon("2023-02-10T09:30"));
  await checkBalance(cast, YEAR.first.balance);
  return resource;
}

async function spring(cast: Cast, server: string): Promise<void> {
  const { customer, account, report } = cast;
  report.step("Until 20 May: renewed every month, a week before its end, at eight in the morning");
  await advance(cast, "2023-05-20T09:30", YEAR.time.spring);
  await mailsSince(cast, START, 6);
  const { endAt, state } = await customer.get<Resource>(`${account}/resources/${server}`);
  report.same(`${state} until`, endAt, YEAR.spring.end);
  await checkBalance(cast, YEAR.spring.balance);
}

async function resize(cast: Cast, server: string): Promise<void> {
  const { customer, account, report } = cast;
  report.step("20 May: more credit, and a bigger server for the 20 days that are left");
  await grant(cast, YEAR.resize.topUp);
  const placed = await place(cast, "resize", { ...about(server), configuration: BIG });
  await payAndAnswer(cast, placed.id, YEAR.resize.toPay);
  const { data: invoices } = await customer.get<Page<Invoice>>(`${account}/invoices?limit=1`);
  const { data: notes } = await customer.get<Page<{ total: number }>>(`${account}/credit-notes`);
  report.amount("credited of the old invoice", notes[0]?.total, YEAR.resize.credited);
  report.amount("the new invoice", invoices[0]?.total, YEAR.resize.newTerm);
  await checkBalance(cast, YEAR.resize.balance);
}

async function missed(cast: Cast, server: string): Promise<void> {
  const { customer, account, report } = cast;
  report.step("June: the credit doesn't cover the bigger one. Four attempts, then grace, then suspension");
  await advance(cast, "2023-06-28T12:00", YEAR.time.june);
  await mailsSince(cast, "2023-05-20T09:30", 16);
  report.note(`missing at each attempt: ${grouped(YEAR.failure.missing)} VND`);
  const { state } = await customer.get<Resource>(`${account}/resources/${server}`);
  report.same("state", state, "suspended");
}

async function comeback(cast: Cast, server: string): Promise<void> {
  const { customer, account, report } = cast;
  report.step("28 June: topped up and renewed by hand; it runs again at once");
  await grant(cast, YEAR.comeback.topUp);
  const placed = await place(cast, "renew", { ...about(server), period: { months: 1 } });
  const { body: payment } = await pay(cast, placed.id, `pay-${placed.id}`);
  report.amount("paid", payment.amount, YEAR.comeback.toPay);
  const { state, endAt } = await customer.get<Resource>(`${account}/resources/${server}`);
  report.same("state", state, "active");
  report.same("until", endAt, YEAR.comeback.end);
  await mailsSince(cast, "2023-06-28T12:00", 1);
  await checkBalance(cast, YEAR.comeback.balance);
}

async function goodbye(cast: Cast, server: string): Promise<void> {
  const { customer, account, report } = cast;
  report.step("5 July: deleted, 5 days early; and then nothing more until January");
  await advance(cast, "2023-07-05T09:30", YEAR.time.summer);
  const { body: deleted } = await customer.call<Resource & { refund: number }>({
    method: "DELETE",
    path: `${account}/resources/${server}`,
    status: 200,
  });
  report.amount("refunded into credit", deleted.refund, YEAR.goodbye.refund);
  report.same("state", deleted.state, "deleted");
  await advance(cast, "2024-01-10T09:30", []);
  await mailsSince(cast, "2023-06-28T12:01", 3);
  await checkBalance(cast, YEAR.goodbye.balance);
}

async function reconcile({ customer, account, report }: Cast): Promise<void> {
  report.step("The books of the year");
  const all = async <T>(list: string) => (await customer.get<Page<T>>(`${account}/${list}?limit=200`)).data;
  const payments = await all<Payment>("payments");
  const total = (documents: readonly { total: number }[]) => sum(documents.map((document) => document.total));
  const amountsOf = (wanted: Payment["kind"]) =>
    sum(payments.filter(({ kind }) => kind === wanted).map(({ amount }) => amount));
  const [paid, refunded] = [amountsOf("payment"), amountsOf("refund")];
  const [invoiced, credited] = [total(await all<Invoice>("invoices")), total(await all("credit-notes"))];
  const { books, goodbye: end } = YEAR;
  report.amount("paid", paid, books.paid);
  report.amount("refunded", refunded, books.refunded);
  report.amount("invoices", invoiced, books.invoiced);
  report.amount("credit notes", credited, books.creditNotes);
  report.amount("paid − refunded − (invoices − credit notes)", paid - refunded - (invoiced - credited), 0);
  report.amount("credit given − paid + refunded", books.granted - paid + refunded, end.balance);
  report.note(`${grouped(end.balance)} VND are left in the wallet`);
}

const about = (resourceId: string) => ({ resourceType: "server", resourceId });

async function place({ product, account }: Cast, action: string, line: object): Promise<Order> {
  const { body } = await product.call<Order>({
    method: "POST",
    path: `${account}/orders`,
    body: { action, lines: [line], returnUrl: RETURN_URL },
    status: 201,
  });
  return body;
}

/** Pays an order of one line, which its console then provisions. Answers the resource. */
async function payAndAnswer(cast: Cast, order: string, expected: number): Promise<string> {
  const { body: payment } = await pay(cast, order, `pay-${order}`);
  cast.report.amount("paid", payment.amount, expected);
  const [line] = payment.lines;
  if (!line) throw new Error("the payment names no line");
  await answerProvisioning(cast, line.resource, { orderLine: line.line, status: "succeeded" });
  return line.resource;
}

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
