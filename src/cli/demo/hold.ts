import { demoCatalogue } from "../demo-catalogue.ts";
import { answerProvisioning, assemble, bills, type Cast, checkBalance, sum } from "./cast.ts";
import type { CreditTransaction, Order, Page, Payment, Problem, Resource } from "./client.ts";
import { PRODUCT, RETURN_URL } from "./expected.ts";
import { HOLD, PLATFORM } from "./hold-expected.ts";
import { grouped, type Report } from "./report.ts";
import { saigon } from "./year-expected.ts";
import { advance, emailOf, grant, mailsSince, setClock } from "./year-time.ts";

const [ADDRESS, OTHER] = ["203.0.113.7", "203.0.113.8"];

/** Six weeks of what credit is held for, by a clock that is moved: used, resized, short of credit, suspended, captured, told late, deleted. */
export async function hold(baseUrl: string, authSecret: string, report: Report): Promise<void> {
  const cast = await assemble(baseUrl, authSecret, report);
  try {
    await setClock(cast, saigon(HOLD.start));
    const platform = await begin(cast);
    await use(cast, platform);
    await resize(cast, platform);
    await runShort(cast, platform);
    await comeback(cast, platform);
    await march(cast, platform);
    await toldLate(cast, platform);
    await goodbye(cast, platform);
    await reconcile(cast);
  } finally {
    await cast.admin.call({ method: "DELETE", path: "/v1/sandbox/clock", status: 200 });
  }
}

async function begin(cast: Cast): Promise<string> {
  const { admin, account, report } = cast;
  report.step("20 March, 9:00: a platform that is paid by its use: nothing is paid, three days are held");
  const { vserver } = demoCatalogue;
  await admin.call({
    method: "PUT",
    path: `/v1/catalog/products/${PRODUCT}`,
    body: { ...vserver, resourceTypes: [...(vserver?.resourceTypes ?? []), PLATFORM] },
    status: 200,
  });
  const body = { email: emailOf(cast), name: "Demo Company", locale: "en" };
  await admin.call({ method: "PUT", path: account, body, status: 200 });
  await grant(cast, HOLD.credit.first);
  const order = await place(cast, "create", { name: "shop", configuration: configurationOf(1) });
  report.amount("to pay", order.total, 0);
  report.amount("to be held", order.hold, HOLD.ordered);
  const platform = await confirm(cast, order);
  await checkBalance(cast, HOLD.credit.first - HOLD.ordered, HOLD.ordered);
  return platform;
}

async function use(cast: Cast, platform: string): Promise<void> {
  const { report } = cast;
  report.step("20 March, 15:00: its traffic is reported, one event twice; the next run holds what was used");
  await advance(cast, "2023-03-20T15:00", []);
  const sent = { sku: "sent", key: ADDRESS, at: saigon("2023-03-20T14:00") };
  const first = { id: "evt-1", ...sent, quantity: "2.6" };
  await tell(
    cast,
    platform,
    [
      first,
      { id: "evt-2", ...sent, quantity: "0.5" },
      { id: "evt-3", ...sent, key: OTHER, quantity: "1.9" },
      first,
    ],
    ["accepted", "accepted", "accepted", "duplicate"],
  );
  await checkBalance(cast, HOLD.credit.first - HOLD.ordered, HOLD.ordered);
  await advance(cast, "2023-03-21T12:00", HOLD.time.first);
  await checkHold(cast, platform, { ...HOLD.firstRun, missing: 0 });
  await checkBalance(cast, HOLD.credit.first - HOLD.firstRun.held, HOLD.firstRun.held);
}

async function resize(cast: Cast, platform: string): Promise<void> {
  const { customer, account, report } = cast;
  const { missing, more, held } = HOLD.resize;
  report.step("21 March, 12:00: more is kept; of yesterday something is told late; six nodes are too many");
  await tell(
    cast,
    platform,
    [
      { id: "evt-4", sku: "kept", quantity: "100", at: saigon("2023-03-21T10:00") },
      { id: "evt-5", sku: "sent", key: OTHER, quantity: "0.4", at: saigon("2023-03-20T20:00") },
    ],
    ["accepted", "accepted"],
  );
  const line = (nodes: number) => ({ resourceId: platform, configuration: configurationOf(nodes) });
  const six = await place(cast, "resize", line(6));
  const { body: refused } = await customer.call<Problem>({
    method: "POST",
    path: `${account}/orders/${six.id}/pay`,
    body: { method: "hold" },
    idempotencyKey: `pay-${six.id}`,
    status: 402,
  });
  report.amount(`${refused.code}: missing`, refused.missing, missing);
  await checkBalance(cast, HOLD.credit.first - HOLD.firstRun.held, HOLD.firstRun.held);
  report.step("Two nodes aren't: what they want more, and what was used up to now, is held at once");
  await confirm(cast, await place(cast, "resize", line(2)));
  await checkBalance(cast, HOLD.credit.first - HOLD.firstRun.held - more, held);
}

async function runShort(cast: Cast, platform: string): Promise<void> {
  const { report } = cast;
  report.step("24 March: credit doesn't cover it any more. A mail a run, and the third suspends it");
  await advance(cast, "2023-03-26T12:00", HOLD.time.short);
  const mails = await mailsSince(cast, "2023-03-24T00:00", HOLD.shortages.length);
  for (const { total, missing } of HOLD.shortages) {
    const facts = [`To be held: ${grouped(total)} VND`, `Missing: ${grouped(missing)} VND`];
    const told = mails.filter(({ text }) => facts.every((fact) => text.includes(fact)));
    report.same(facts.join(", "), told.length, 1);
  }
  const { use = 0, missing = 0 } = HOLD.shortages.at(-1) ?? {};
  await checkState(cast, platform, "suspended");
  await checkHold(cast, platform, { use, missing, estimate: HOLD.estimate, held: HOLD.credit.first });
  await checkBalance(cast, 0, HOLD.credit.first);
}

async function comeback(cast: Cast, platform: string): Promise<void> {
  const { report } = cast;
  const { tooLittle, enough, all } = HOLD.credit;
  report.step("28 March, 10:00: too little credit changes nothing; what covers it has it run at once");
  await advance(cast, "2023-03-28T10:00", HOLD.time.suspended);
  const meanwhile = { id: "evt-6", sku: "sent", quantity: "1", at: saigon("2023-03-27T12:00") };
  await tell(cast, platform, [meanwhile], ["resource_not_in_service"]);
  await grant(cast, tooLittle);
  await checkState(cast, platform, "suspended");
  await checkBalance(cast, tooLittle, HOLD.credit.first);
  await grant(cast, enough);
  await checkState(cast, platform, "active");
  await checkBalance(cast, all - HOLD.resumed, HOLD.resumed);
}

async function march(cast: Cast, platform: string): Promise<void> {
  const { report } = cast;
  const { lines, total } = HOLD.march;
  report.step("1 April: at two the month is closed, and its bill paid from what is held for it");
  await advance(cast, "2023-04-01T12:00", HOLD.time.march);
  const [bill] = await bills(cast);
  const grosses = bill?.lines.map(({ gross }) => gross) ?? [];
  report.amount("a node, 27 hours", grosses[0], lines[0]);
  report.amount("two nodes, 108 hours", grosses[1], lines[1]);
  report.amount("two nodes, 86 hours, once it ran again", grosses[2], lines[2]);
  report.amount("traffic, five whole gigabytes", grosses[3], lines[3]);
  report.amount("the bill", bill?.total, total);
  report.same("status", bill?.status, "paid");
  await checkCaptured(cast, total);
  await checkHold(cast, platform, { use: 0, estimate: HOLD.estimate, held: HOLD.estimate, missing: 0 });
  await checkBalance(cast, HOLD.credit.all - total - HOLD.estimate, HOLD.estimate);
}

async function toldLate(cast: Cast, platform: string): Promise<void> {
  const { report } = cast;
  const { use, held, difference } = HOLD.late;
  report.step("2 April: something of March is told late; March's bill stands, and the next run holds for it");
  await advance(cast, "2023-04-02T10:00", HOLD.time.second);
  const late = { id: "evt-7", sku: "sent", key: ADDRESS, quantity: "0.9", at: saigon("2023-03-31T22:00") };
  await tell(cast, platform, [late, late], ["accepted", "duplicate"]);
  await advance(cast, "2023-04-03T12:00", HOLD.time.third);
  report.amount("March's bill", (await bills(cast))[0]?.total, HOLD.march.total);
  await checkHold(cast, platform, { use, held, estimate: HOLD.estimate, missing: 0 });
  await checkBalance(cast, HOLD.credit.all - HOLD.march.total - held, held);
  report.note(`${grouped(difference)} VND of it are March's`);
}

async function goodbye(cast: Cast, platform: string): Promise<void> {
  const { customer, account, report } = cast;
  const { own, total } = HOLD.april;
  report.step("3 April, 12:00: deleted: the three days are let go, what was used stays held until 1 May");
  await customer.call({ method: "DELETE", path: `${account}/resources/${platform}`, status: 200 });
  await checkBalance(cast, HOLD.credit.all - HOLD.march.total - total, total);
  await advance(cast, "2023-05-01T12:00", HOLD.time.april);
  const [bill] = await bills(cast);
  report.amount("April's own use", bill?.lines[0]?.gross, own);
  report.amount("March's gigabyte that was told late", bill?.lines[1]?.gross, HOLD.late.difference);
  report.amount("the bill", bill?.total, total);
  report.same("status", bill?.status, "paid");
  await checkCaptured(cast, total);
}

async function reconcile(cast: Cast): Promise<void> {
  const { admin, customer, account, report } = cast;
  report.step("The books");
  const { billed, balance } = HOLD.books;
  const all = async <T>(list: string) => (await customer.get<Page<T>>(`${account}/${list}?limit=200`)).data;
  const credit = await all<CreditTransaction>("credit-transactions");
  const of = (...types: string[]) => sum(credit.filter(({ type }) => types.includes(type)));
  report.amount("billed", sum((await bills(cast)).map(({ total }) => ({ amount: total }))), billed);
  report.amount("paid, all of it from what was held", sum(await all<Payment>("payments")), billed);
  report.amount("credit given", of("adjustment"), HOLD.credit.all);
  report.amount("purchases", of("purchase"), -billed);
  report.amount("holds and releases", of("hold", "release"), 0);
  await checkBalance(cast, balance);
  const { body: verified } = await admin.call<{ findings: object[] }>({
    method: "POST",
    path: "/v1/admin/verify",
    body: { account: account.slice(account.lastIndexOf("/") + 1) },
    status: 200,
  });
  report.same("findings of verify", verified.findings, []);
  report.note(`${grouped(balance)} VND are left in the wallet`);
}

/** So many nodes; what the meters of the others begin at. */
const configurationOf = (nodes: number) => [
  { sku: "node", quantity: nodes },
  { sku: "kept", quantity: 55 },
  { sku: "sent", quantity: 0 },
];

async function place({ product, account }: Cast, action: "create" | "resize", line: object) {
  const { body } = await product.call<Order & { hold: number }>({
    method: "POST",
    path: `${account}/orders`,
    body: { action, lines: [{ resourceType: PLATFORM.id, ...line }], returnUrl: RETURN_URL },
    status: 201,
  });
  return body;
}

/** Has credit held for an order, and its console make it so. Answers the resource. */
async function confirm(cast: Cast, { id }: Order): Promise<string> {
  const { body: payment } = await cast.customer.call<Payment>({
    method: "POST",
    path: `${cast.account}/orders/${id}/pay`,
    body: { method: "hold" },
    idempotencyKey: `pay-${id}`,
    status: 200,
  });
  cast.report.amount("paid", payment.amount, 0);
  const [paid] = payment.lines;
  if (!paid) throw new Error("the payment names no resource");
  await answerProvisioning(cast, paid.resource, { orderLine: paid.line, status: "succeeded" });
  return paid.resource;
}

/** Reports what a resource used; each event must be answered as expected. */
async function tell(
  { product, account, report }: Cast,
  resource: string,
  events: readonly object[],
  expected: readonly string[],
): Promise<void> {
  const { body } = await product.call<{ results: { status: string; code?: string }[] }>({
    method: "POST",
    path: `${account}/usage-events`,
    body: { events: events.map((event) => ({ ...event, resource })) },
    status: 200,
  });
  const answers = body.results.map(({ status, code }) => code ?? status);
  report.same("events", answers.join(", "), expected.join(", "));
}

async function checkState(cast: Cast, resource: string, expected: string): Promise<void> {
  const { state } = await cast.customer.get<Resource>(`${cast.account}/resources/${resource}`);
  cast.report.same("state", state, expected);
}

type Held = Record<"use" | "estimate" | "held" | "missing", number>;

/** What a resource wants held, and what of it is, as it says itself. */
async function checkHold({ customer, account, report }: Cast, id: string, expected: Held): Promise<void> {
  const { hold } = await customer.get<Resource & { hold: Held }>(`${account}/resources/${id}`);
  report.amount("used and not invoiced", hold.use, expected.use);
  report.amount("the next three days", hold.estimate, expected.estimate);
  report.amount("held for them", hold.held, expected.held);
  report.amount("missing", hold.missing, expected.missing);
}

/** The credit history's latest: the hold that is let go, and the purchase that it pays for. */
async function checkCaptured({ customer, account, report }: Cast, total: number): Promise<void> {
  const { data } = await customer.get<Page<CreditTransaction>>(`${account}/credit-transactions?limit=2`);
  report.amount(`${data[1]?.type}: ${data[1]?.description}`, data[1]?.amount, total);
  report.amount(`${data[0]?.type}: ${data[0]?.description}`, data[0]?.amount, -total);
}
