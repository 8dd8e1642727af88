import { afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  admin,
  bodyOf,
  type OrProblem,
  openAccount,
  type PaymentView,
  putCatalogue,
  type TestAccount,
  userOf,
} from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { advanceClock, resetClock, setClock } from "./clock.ts";
import { expectProblem } from "./expect-problem.ts";

beforeAll(putCatalogue);
afterEach(async () => void (await resetClock()));

const saigon = (date: string) =>
  new Date(`${date.length === 10 ? `${date}T00:00` : date}:00+07:00`).toISOString();
/** From the 10th at 10:00 until January's end: 31 080 minutes. */
const JANUARY = Math.round((SMALL_MONTH * 31_080) / 43_200);

interface Usage {
  readonly total: number;
  readonly data: readonly {
    readonly resource: string;
    readonly total: number;
    readonly lines: readonly unknown[];
  }[];
}

async function postpaidAccount(more: object = {}): Promise<TestAccount> {
  await setClock(saigon("2027-01-10T10:00"));
  const account = await openAccount();
  await configure(account, more);
  return account;
}

const configure = async (account: TestAccount, more: object = {}) =>
  bodyOf(
    await admin.put(account.path, {
      ...{ email: "an@example.com", name: "An", billingMode: "postpaid", ...more },
    }),
    200,
  );

/** A server that is used from now on; its id. */
async function use(account: TestAccount): Promise<string> {
  const order = await account.place({ period: undefined as never });
  expect(order).toMatchObject({ status: "provisioning", total: 0, payment: null, checkoutUrl: null });
  const [line] = (await account.provisionAll(order.id, "succeeded")).lines;
  if (!line?.resourceId) throw new Error("an order without a resource");
  return line.resourceId;
}

async function billed(more: object = {}): Promise<{ account: TestAccount; code: string }> {
  const account = await postpaidAccount(more);
  await use(account);
  await advanceClock(saigon("2027-02-01T03:00"));
  const [bill] = await account.invoices();
  if (!bill) throw new Error("there is no bill");
  return { account, code: bill.code };
}

const payBill = (account: TestAccount, code: string, body: object = {}, key?: string) =>
  account.user.post<OrProblem<PaymentView>>(
    `${account.path}/invoices/${code}/pay`,
    { method: "credit", ...body },
    key === undefined ? undefined : { key },
  );

const sound = async (account: TestAccount) => expect(await account.object.audit()).toEqual([]);

describe("a postpaid account", () => {
  it("uses first: orders are confirmed at once, and what is used so far is what the bill says", async () => {
    const account = await postpaidAccount();
    const server = await use(account);
    expect(await account.resource(server)).toMatchObject({
      ...{ state: "active", billing: "postpaid", endAt: null, startAt: saigon("2027-01-10T10:00") },
    });
    await setClock(saigon("2027-02-01T01:59"));
    const usage = bodyOf(await account.user.get<Usage>(`${account.path}/usage`), 200);
    const [january] = usage.data;
    expect(january).toMatchObject({ resource: server, total: JANUARY });
    await setClock(saigon("2027-01-31T23:59"));
    await advanceClock(saigon("2027-02-01T02:00"));
    const [bill, ...others] = await account.invoices();
    expect(others).toEqual([]);
    expect(bill).toMatchObject({
      ...{ status: "unpaid", total: JANUARY, paid: 0, payment: null, resource: server, tags: {} },
      ...{ issuedAt: saigon("2027-02-01T02:00"), dueAt: saigon("2027-02-16T02:00") },
      lines: january?.lines,
    });
    expect(await account.balance()).toMatchObject({ outstanding: JANUARY });
    await sound(account);
  });

  it("refuses what belongs to paying in advance", async () => {
    const account = await postpaidAccount();
    const order = (line: object, more: object = {}) =>
      account.console.post<OrProblem<unknown>>(`${account.path}/orders`, {
        ...{ action: "create", returnUrl: "https://console.example/done", ...more },
        lines: [
          {
            ...{ resourceType: "server", name: "web", configuration: [{ sku: "small", quantity: 1 }] },
            ...line,
          },
        ],
      });
    expectProblem(await order({ period: { months: 1 } }), { status: 422, code: "period_not_allowed" });
    const autoRenew = { enabled: true, months: 1 };
    expectProblem(await order({ autoRenew }), { status: 422, code: "not_auto_renewable" });
    expectProblem(await order({}, { coupon: "SAVE10" }), { status: 400, code: "invalid_request" });
    const server = await use(account);
    expectProblem(await account.placeFor("renew", server, { period: { months: 1 } }), {
      ...{ status: 422, code: "action_not_available" },
    });
    expect(await account.resources()).toHaveLength(1);
  });
});

describe("bills", () => {
  it("are paid in parts and at once, by credit, and once a key", async () => {
    const { account, code } = await billed();
    expectProblem(await payBill(account, code), { status: 402, code: "insufficient_credit" });
    await account.grant(500_000);
    const first = await payBill(account, code, { amount: 4_000 }, "part");
    expect(bodyOf(first, 200)).toMatchObject({
      ...{ status: "succeeded", amount: 4_000, order: null, invoices: [code] },
    });
    expect((await payBill(account, code, { amount: 4_000 }, "part")).replayed).toBe(true);
    const path = `${account.path}/invoices/pay`;
    const rest = await account.user.post<PaymentView>(path, { method: "credit", codes: [code] });
    expect(bodyOf(rest, 200)).toMatchObject({ amount: JANUARY - 4_000 });
    expectProblem(await payBill(account, code), { status: 409, code: "invoice_already_paid" });
    expect(await account.invoices()).toMatchObject([{ status: "paid", paid: JANUARY }]);
    expect(await account.balance()).toMatchObject({
      ...{ outstanding: 0, credit: { available: 500_000 - JANUARY } },
    });
    expect(await account.payments()).toMatchObject([
      { amount: JANUARY - 4_000, lines: [{ invoice: code }] },
      { amount: 4_000, lines: [{ invoice: code }] },
    ]);
    await sound(account);
  });

  it("that two pay in the same moment are paid once", async () => {
    const { account, code } = await billed();
    await account.grant(500_000);
    const answers = await Promise.all([1, 2, 3].map(() => payBill(account, code)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect(await account.available()).toBe(500_000 - JANUARY);
  });

  it("that a customer pays while time pays them are paid once", async () => {
    const { account, code } = await billed();
    await account.grant(500_000);
    await setClock(saigon("2027-02-01T09:00"));
    await Promise.all([
      payBill(account, code),
      account.object.runDue(Date.parse(saigon("2027-02-01T09:00")), true),
    ]);
    expect(await account.available()).toBe(500_000 - JANUARY);
    expect(await account.payments()).toHaveLength(1);
    await sound(account);
  });

  it("are paid by themselves each morning, and the customer is told what remains", async () => {
    const { account } = await billed();
    await account.grant(4_000);
    await advanceClock(saigon("2027-02-01T09:00"));
    expect(await account.invoices()).toMatchObject([{ status: "partially_paid", paid: 4_000 }]);
    expect(await account.payments()).toMatchObject([{ method: "credit", amount: 4_000 }]);
    expect(await account.creditTransactions()).toMatchObject([
      { type: "purchase", amount: -4_000 },
      { type: "adjustment" },
    ]);
    expect(await account.available()).toBe(0);
  });

  it("may be paid another way, which operations record once a reference", async () => {
    const { account, code } = await billed();
    const path = `${account.path}/invoices/${code}/outside-payments`;
    const transfer = { amount: 4_000, reference: "FT 27032/08 & more" };
    expect(bodyOf(await admin.post<PaymentView>(path, transfer), 201)).toMatchObject({
      ...{ method: "outside", reference: transfer.reference, amount: 4_000, invoices: [code] },
    });
    bodyOf(await admin.post(path, transfer), 201);
    expect(await account.invoices()).toMatchObject([{ paid: 4_000 }]);
    const other = await admin.post<OrProblem<unknown>>(path, { ...transfer, amount: 5 });
    expectProblem(other, { status: 409, code: "outside_payment_differs" });
    const tooMuch = await admin.post<OrProblem<unknown>>(path, { amount: JANUARY, reference: "FT 2" });
    expectProblem(tooMuch, { status: 409, code: "amount_exceeds_open" });
    expectProblem(await account.user.post<OrProblem<unknown>>(path, transfer), {
      ...{ status: 403, code: "forbidden" },
    });
    await sound(account);
  });

  it("are nobody else's, and need the action", async () => {
    const { account, code } = await billed();
    const path = `${account.path}/invoices/${code}/pay`;
    const wish = { method: "credit" };
    expectProblem(await userOf("acc_other").post<OrProblem<unknown>>(path, wish), {
      status: 404,
      code: "account_not_found",
    });
    expectProblem(await userOf(account.id, ["ListBillings"]).post<OrProblem<unknown>>(path, wish), {
      ...{ status: 403, code: "forbidden" },
    });
    expectProblem(await account.user.post<OrProblem<unknown>>(path, wish, { key: null }), {
      ...{ status: 400, code: "idempotency_key_required" },
    });
    expectProblem(await payBill(account, "209901-NONE-1"), { status: 404, code: "invoice_not_found" });
    expectProblem(await payBill(account, code, { amount: 0 }), { status: 400, code: "invalid_request" });
    expectProblem(await payBill(account, code, { method: "gateway" }), {
      ...{ status: 422, code: "method_not_available" },
    });
  });

  it("that are overdue stop new spending, then by policy the service, until they are paid", async () => {
    const { account, code } = await billed({ suspendOverdueDays: 20 });
    await advanceClock(saigon("2027-03-02T03:00"));
    const refused = await account.console.post<OrProblem<unknown>>(`${account.path}/orders`, {
      ...{ action: "create", returnUrl: "https://console.example/done" },
      lines: [{ resourceType: "server", name: "b", configuration: [{ sku: "small", quantity: 1 }] }],
    });
    expectProblem(refused, { status: 402, code: "overdue" });
    await advanceClock(saigon("2027-03-08T03:00"));
    expect(await account.resources()).toMatchObject([{ state: "suspended" }]);
    await account.grant(900_000);
    bodyOf(await payBill(account, code), 200);
    expect(await account.resources()).toMatchObject([{ state: "active" }]);
    await use(account);
    await sound(account);
  });
});

it("the time zone can't change while a resource lives, the mode can", async () => {
  const account = await postpaidAccount();
  await use(account);
  const elsewhere = {
    ...{ email: "an@example.com", name: "An", billingMode: "postpaid", timeZone: "Europe/Paris" },
  };
  const refused = await admin.put<OrProblem<unknown>>(account.path, elsewhere);
  expectProblem(refused, { status: 409, code: "account_time_zone_fixed" });
  await configure(account, { billingMode: "prepaid" });
  await advanceClock(saigon("2027-02-01T03:00"));
  expect(await account.resources()).toMatchObject([
    { billing: "prepaid", state: "restricted", endAt: saigon("2027-02-01") },
  ]);
});
