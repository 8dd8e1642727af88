import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { DAY_MS } from "../../src/domain/local-time.ts";
import { Faults } from "../crash/faults.ts";
import { resetClock, setClock } from "../http/clock.ts";
import { admin, bodyOf, openAccount, putCatalogue, type TestAccount } from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { recordLogs } from "../support/logs.ts";

beforeAll(putCatalogue);

let faults: Faults;
beforeEach(() => {
  recordLogs();
  faults = new Faults();
  faults.install();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await resetClock();
});

const START = "2025-03-06T03:00:00Z";
const END_MS = Date.parse("2025-03-26T03:00:00Z");
const AMOUNT = 100_000;
/** A server for the wallet's 20 days. */
const WHOLE = (SMALL_MONTH * 2) / 3;
const TIMES = 20;

const grant = (account: TestAccount) =>
  admin.put(`${account.path}/poc-wallet`, { amount: AMOUNT, expiresAt: new Date(END_MS).toISOString() });

const stop = (account: TestAccount, server: string) =>
  account.user.post(`${account.path}/resources/${server}/stop-poc`);

async function trial(credit = 0): Promise<{ account: TestAccount; server: string }> {
  await setClock(START);
  const account = await openAccount(credit);
  bodyOf(await grant(account), 200);
  const order = await account.place();
  bodyOf(await account.pay(order.id, { method: "poc" }), 200);
  const [line] = (await account.provisionAll(order.id, "succeeded")).lines;
  return { account, server: line?.resourceId ?? "" };
}

const atOnce = <T>(act: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: TIMES }, () => act()));

const pocOf = async (account: TestAccount) => (await account.balance()).poc.balance;
const sound = async (account: TestAccount) => expect(await account.object.audit()).toEqual([]);

describe("2: the same top-up sent twice credits twice", () => {
  test("a grant that is sent again and again, also at once and after use, is one", async () => {
    const { account } = await trial();
    for (const { status } of await atOnce(() => grant(account))) expect(status).toBe(200);
    expect(await pocOf(account)).toBe(AMOUNT - WHOLE);
    await sound(account);
  });
});

describe("4: two refunds of one payment both succeed", () => {
  test("a trial that is stopped many times at once, under keys of their own, gives back once", async () => {
    const { account, server } = await trial();
    const answers = await atOnce(() => stop(account, server));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await pocOf(account)).toBe(AMOUNT);
    await sound(account);
  });

  test("a trial that is stopped while its conversion is paid gives back once, and is one or the other", async () => {
    const { account, server } = await trial(SMALL_MONTH);
    const order = bodyOf(await account.placeFor("convert_poc", server, { period: { months: 1 } }), 201);
    const [stopped, paid] = await Promise.all([stop(account, server), account.pay(order.id)]);
    expect([stopped.status, paid.status].sort()).toEqual([200, 409]);
    expect(await pocOf(account)).toBe(AMOUNT);
    expect(await account.available()).toBe(paid.status === 200 ? 0 : SMALL_MONTH);
    await sound(account);
  });
});

describe("11: paid, yet still suspended", () => {
  test("what is converted out of the trash runs, and its former deletion never comes", async () => {
    const { account, server } = await trial(SMALL_MONTH);
    bodyOf(await stop(account, server), 200);
    const { order } = await account.act("convert_poc", server, { period: { months: 1 } });
    await account.answer(order);
    await account.object.runDue(Date.parse(START) + 8 * DAY_MS, true);
    expect(await account.resource(server)).toMatchObject({ state: "active", deletesAt: null });
  });
});

describe("17: the refundable amount counts money that was promotional", () => {
  test("whatever trial money pays for gives back no credit: stopped, deleted or failed", async () => {
    const { account, server } = await trial();
    bodyOf(await stop(account, server), 200);
    const order = await account.place();
    bodyOf(await account.pay(order.id, { method: "poc" }), 200);
    await account.provisionAll(order.id, "failed");
    const other = await account.place();
    bodyOf(await account.pay(other.id, { method: "poc" }), 200);
    const [line] = (await account.provisionAll(other.id, "succeeded")).lines;
    bodyOf(await account.remove(line?.resourceId ?? ""), 200);
    expect(await account.balance()).toMatchObject({ credit: { total: 0 }, poc: { balance: AMOUNT } });
    expect(await account.creditTransactions()).toEqual([]);
    await sound(account);
  });
});

describe("18: overdue is judged before the payment just made is seen", () => {
  test("a conversion that is paid in the moment the wallet ends keeps its server, or is refused whole", async () => {
    const { account, server } = await trial(SMALL_MONTH);
    await setClock(new Date(END_MS).toISOString());
    const { body: order } = await account.placeFor("convert_poc", server, { period: { months: 1 } });
    const [paid] = await Promise.all([account.pay(order.id), account.object.runDue(END_MS, true)]);
    const isPaid = paid.status === 200;
    expect(await account.resource(server)).toMatchObject({ state: isPaid ? "active" : "suspended" });
    expect(await account.available()).toBe(isPaid ? 0 : SMALL_MONTH);
    await sound(account);
  });
});

describe("21: one reminder is sent four times", () => {
  test("whoever runs what is due, a customer is told once of each notice of the wallet and its end", async () => {
    const { account } = await trial();
    for (const days of [-7, -3, -1, 0]) {
      const atMs = END_MS + days * DAY_MS;
      await Promise.all(Array.from({ length: 4 }, () => account.object.runDue(atMs, true)));
    }
    const keys = faults
      .jobsOf(account.id)
      .flatMap((job) => (job.type === "send_mail" ? job.notice : []))
      .filter(({ template }) => template === "poc_ending" || template === "poc_ended")
      .map(({ key }) => key);
    expect(keys).toHaveLength(4);
    expect(new Set(keys).size).toBe(4);
  });
});
