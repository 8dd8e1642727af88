import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { advanceClock, resetClock, setClock } from "../http/clock.ts";
import {
  admin,
  type BalanceView,
  bodyOf,
  type OrderView,
  type OrProblem,
  openAccount,
  type PaidView,
  putCatalogue,
  type ResourceView,
  type TestAccount,
} from "../support/api.ts";
import { balancer, eventOf, postpaidAccount, report, serveBalancer } from "./metered.ts";

beforeAll(putCatalogue);
afterEach(async () => void (await resetClock()));

const saigon = (text: string) =>
  new Date(`${text.length === 10 ? `${text}T00:00` : text}:00+07:00`).toISOString();
/** What a node costs: a dong a minute. */
const DAY = 1_440;

type Held = ResourceView & {
  readonly hold: { held: number; use: number; estimate: number; missing: number };
};

const order = async (account: TestAccount, action: string, line: object) =>
  bodyOf(
    await account.console.post<OrderView & { hold: number }>(`${account.path}/orders`, {
      ...{ action, returnUrl: "https://console.example/done" },
      lines: [{ resourceType: "balancer", ...line }],
    }),
    201,
  );

const payByHold = (account: TestAccount, { id }: { id: string }, key?: string) =>
  account.user.post<OrProblem<PaidView>>(
    `${account.path}/orders/${id}/pay`,
    { method: "hold" },
    key ? { key } : {},
  );

/** A balancer in service that credit is held for. */
async function served(at: string, credit: number, configuration = balancer()) {
  await setClock(saigon(at));
  const account = await openAccount(credit);
  const email = `${account.id}@example.com`;
  bodyOf(await admin.put(account.path, { email, name: "An" }), 200);
  const placed = await order(account, "create", { name: "lb", configuration });
  bodyOf(await payByHold(account, placed), 200);
  const [line] = (await account.provisionAll(placed.id, "succeeded")).lines;
  if (!line?.resourceId) throw new Error("an order without a resource");
  return { account, resource: line.resourceId };
}

const wallet = async (account: TestAccount) => {
  const { credit } = bodyOf(await account.user.get<BalanceView>(`${account.path}/balance`), 200);
  return [credit.available, credit.held];
};
const held = async (account: TestAccount, resource: string) => (await account.resource(resource)) as Held;
const sound = async (account: TestAccount) => expect(await account.object.audit()).toEqual([]);
const shortMails = async (account: TestAccount) => {
  const mails = await admin.get<{ data: { subject: string }[] }>(
    `/v1/sandbox/mailbox?to=${account.id}@example.com`,
  );
  return bodyOf(mails, 200).data.filter(({ subject }) => /Số dư ví không đủ|tạm ngưng/.test(subject)).length;
};

describe("an order of what credit is held for", () => {
  test("costs nothing, holds three days at once, and takes no other way to pay", async () => {
    await setClock(saigon("2027-03-05"));
    const account = await openAccount(10_000);
    const placed = await order(account, "create", { name: "lb", configuration: balancer() });
    expect(placed).toMatchObject({ total: 0, hold: 3 * DAY, status: "awaiting_payment" });
    expect((await account.pay(placed.id)).body.code).toBe("method_not_available");
    const answer = await payByHold(account, placed, "once");
    expect(answer.body).toMatchObject({ method: "hold", amount: 0 });
    expect((await payByHold(account, placed, "once")).replayed).toBe(true);
    expect(await wallet(account)).toEqual([10_000 - 3 * DAY, 3 * DAY]);
    await account.provisionAll(placed.id, "succeeded");
    expect(await wallet(account)).toEqual([10_000 - 3 * DAY, 3 * DAY]);
    expect((await account.invoices()).length).toBe(0);
    await sound(account);
  });

  test("without enough credit is refused and holds nothing; what is held can't be spent, or held, twice", async () => {
    await setClock(saigon("2027-03-05"));
    const account = await openAccount(3 * DAY + 10);
    const orders = [];
    for (let n = 0; n < 3; n += 1)
      orders.push(await order(account, "create", { name: "lb", configuration: balancer() }));
    const answers = await Promise.all(orders.map((placed) => payByHold(account, placed)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 402, 402]);
    const refused = answers.find(({ status }) => status === 402);
    expect(refused?.body).toMatchObject({
      code: "insufficient_credit",
      available: 10,
      missing: 3 * DAY - 10,
    });
    expect((await account.pay((await account.place()).id)).status).toBe(402);
    expect(await wallet(account)).toEqual([10, 3 * DAY]);
    await sound(account);
  });

  test("whose provisioning fails lets go what it held", async () => {
    await setClock(saigon("2027-03-05"));
    const account = await openAccount(10_000);
    const placed = await order(account, "create", { name: "lb", configuration: balancer() });
    bodyOf(await payByHold(account, placed), 200);
    await account.provisionAll(placed.id, "failed");
    expect(await wallet(account)).toEqual([10_000, 0]);
    await sound(account);
  });

  test("takes no coupon", async () => {
    const account = await openAccount(10_000);
    const placed = await order(account, "create", { name: "lb", configuration: balancer() });
    bodyOf(await admin.put("/v1/coupons/HELDNOT", { amount: 1_000 }), 200);
    expect(await account.change(placed.id, { coupon: "HELDNOT" })).toMatchObject({
      ...{ status: 409, body: { code: "coupon_not_allowed" } },
    });
  });
});

describe("what is held", () => {
  test("is use not invoiced and three days more, daily at the type's hour; meters count from then on", async () => {
    const { account, resource } = await served("2027-03-05", 100_000);
    await setClock(saigon("2027-03-05T12:00"));
    bodyOf(
      await report(account, [
        eventOf(resource, { quantity: "5.56", key: "203.0.113.7", at: saigon("2027-03-05T11:00") }),
      ]),
      200,
    );
    expect(await wallet(account)).toEqual([100_000 - 3 * DAY, 3 * DAY]);
    await advanceClock(saigon("2027-03-06"));
    const hold = { held: 4 * DAY + 5_000, use: DAY + 5_000, estimate: 3 * DAY, missing: 0 };
    expect((await held(account, resource)).hold).toEqual(hold);
    await advanceClock(saigon("2027-03-08"));
    expect(await wallet(account)).toEqual([100_000 - 6 * DAY - 5_000, 6 * DAY + 5_000]);
    await sound(account);
  });

  test("follows a change of configuration at once: more when it is confirmed, less when it is made, back when it fails", async () => {
    const { account, resource } = await served("2027-03-05", 4 * 3 * DAY);
    await setClock(saigon("2027-03-06"));
    const resize = (node: number) =>
      order(account, "resize", { resourceId: resource, configuration: balancer({ node }) });
    const much = await resize(4);
    expect((await payByHold(account, much)).body).toMatchObject({
      code: "insufficient_credit",
      missing: DAY,
    });
    const twice = await resize(2);
    bodyOf(await payByHold(account, twice), 200);
    expect(await wallet(account)).toEqual([5 * DAY, 7 * DAY]);
    await account.answer(twice.id, "failed");
    expect(await wallet(account)).toEqual([9 * DAY, 3 * DAY]);
    const again = await resize(2);
    bodyOf(await payByHold(account, again), 200);
    await account.answer(again.id);
    expect(await wallet(account)).toEqual([5 * DAY, 7 * DAY]);
    const less = await resize(1);
    bodyOf(await payByHold(account, less), 200);
    expect(await wallet(account)).toEqual([5 * DAY, 7 * DAY]);
    await account.answer(less.id);
    expect(await wallet(account)).toEqual([8 * DAY, 4 * DAY]);
    await sound(account);
  });

  test("is captured at month close, and the rest stays held for what goes on", async () => {
    const { account, resource } = await served("2027-03-30", 100_000);
    await advanceClock(saigon("2027-04-01T02:00"));
    const [bill] = await account.invoices();
    expect(bill).toMatchObject({ status: "paid", total: 2 * DAY, paid: 2 * DAY, resource });
    expect(await wallet(account)).toEqual([100_000 - 5 * DAY, 3 * DAY]);
    const kinds = (await account.creditTransactions()).map(({ type, amount }) => [type, amount]);
    expect(kinds.slice(0, 2).sort()).toEqual([
      ["purchase", -2 * DAY],
      ["release", 2 * DAY],
    ]);
    await sound(account);
  });

  test("for what will be used is let go by a deletion; use stays held until its month is closed", async () => {
    const { account, resource } = await served("2027-03-05", 100_000);
    await setClock(saigon("2027-03-05T12:00"));
    bodyOf(
      await report(account, [eventOf(resource, { quantity: "2", at: saigon("2027-03-05T11:00") })]),
      200,
    );
    bodyOf(await account.remove(resource), 200);
    expect(await wallet(account)).toEqual([100_000 - DAY / 2 - 2_000, DAY / 2 + 2_000]);
    await advanceClock(saigon("2027-04-01T02:00"));
    expect(await wallet(account)).toEqual([100_000 - DAY / 2 - 2_000, 0]);
    expect((await account.invoices())[0]).toMatchObject({ status: "paid", total: DAY / 2 + 2_000 });
    await sound(account);
  });
});

describe("too little credit", () => {
  test("is told at every run, suspends at the third, and a deposit that covers it resumes at once", async () => {
    const { account, resource } = await served("2027-03-05", 4 * DAY + 40);
    await advanceClock(saigon("2027-03-06"));
    expect((await held(account, resource)).hold).toMatchObject({ held: 4 * DAY, missing: 0 });
    await advanceClock(saigon("2027-03-08"));
    expect(await held(account, resource)).toMatchObject({ state: "active", hold: { missing: 2 * DAY - 40 } });
    expect(await shortMails(account)).toBe(2);
    await advanceClock(saigon("2027-03-09"));
    expect(await held(account, resource)).toMatchObject({
      state: "suspended",
      hold: { missing: 3 * DAY - 40 },
    });
    await sound(account);
    await advanceClock(saigon("2027-03-11"));
    expect(await shortMails(account)).toBe(3);
    await account.grant(3 * DAY - 41);
    expect((await account.resource(resource)).state).toBe("suspended");
    await account.grant(1);
    expect(await held(account, resource)).toMatchObject({
      state: "active",
      hold: { held: 7 * DAY, missing: 0 },
    });
    expect(await wallet(account)).toEqual([0, 7 * DAY]);
    await account.grant(100_000);
    await advanceClock(saigon("2027-04-01T02:00"));
    // The two days that it was suspended cost nothing.
    expect((await account.invoices())[0]).toMatchObject({ status: "paid", total: (27 - 2) * DAY });
    await sound(account);
  });

  test("at month close leaves the bill partly paid", async () => {
    const { account, resource } = await served("2027-03-01", 40 * DAY);
    await advanceClock(saigon("2027-03-31T23:00"));
    const late = eventOf(resource, { quantity: "100", at: saigon("2027-03-31T22:00") });
    bodyOf(await report(account, [late]), 200);
    await advanceClock(saigon("2027-04-01T02:00"));
    const [bill] = await account.invoices();
    expect(bill).toMatchObject({ status: "partially_paid", total: 31 * DAY + 100_000, paid: 40 * DAY });
    expect(await wallet(account)).toEqual([0, 0]);
    await sound(account);
  });
});

describe("an account that becomes prepaid again", () => {
  test("has a metered resource held for from the next month on, at the level that it was told last", async () => {
    await setClock(saigon("2027-03-10"));
    const account = await postpaidAccount();
    const resource = await serveBalancer(account, balancer({ node: 1, "cache-gb": 10 }));
    await account.grant(1_000_000);
    await setClock(saigon("2027-03-20"));
    const told = eventOf(resource, { sku: "cache-gb", quantity: "30", at: saigon("2027-03-20") });
    bodyOf(await report(account, [told]), 200);
    const email = `${account.id}@example.com`;
    bodyOf(await admin.put(account.path, { email, name: "An", billingMode: "prepaid" }), 200);
    await advanceClock(saigon("2027-04-01T02:00"));
    const cache = (hours: number, level: number) => hours * level * 7.7;
    const march = Math.round(22 * DAY + cache(240, 10) + cache(288, 30));
    expect(await account.invoices()).toMatchObject([{ status: "unpaid", total: march }]);
    // Two hours of April, and three days more.
    const hold = { use: 120 + cache(2, 30), estimate: Math.round(3 * DAY + cache(72, 30)), missing: 0 };
    expect(await held(account, resource)).toMatchObject({ state: "active", billing: "hold", hold });
    await sound(account);
    await advanceClock(saigon("2027-04-01T09:00"));
    expect((await account.invoices())[0]).toMatchObject({ status: "paid" });
    await advanceClock(saigon("2027-04-03"));
    expect((await held(account, resource)).hold.use).toBe(Math.round(2 * DAY + cache(48, 30)));
    await sound(account);
  });
});
