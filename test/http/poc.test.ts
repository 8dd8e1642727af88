import { afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  type Answer,
  admin,
  bodyOf,
  type OrProblem,
  openAccount,
  type Page,
  putCatalogue,
  putCoupon,
  type TestAccount,
} from "../support/api.ts";
import { IMAGE_DAY, SMALL_MONTH } from "../support/catalogue.ts";
import { advanceClock, resetClock, setClock } from "./clock.ts";
import { expectProblem } from "./expect-problem.ts";

beforeAll(putCatalogue);
afterEach(async () => void (await resetClock()));

const START = "2027-03-06T03:00:00.000Z";
/** 20 days on: two thirds of a month. */
const END = "2027-03-26T03:00:00.000Z";
const WHOLE = (SMALL_MONTH * 2) / 3;

interface Wallet {
  readonly amount: number;
  readonly balance: number;
  readonly expiresAt: string;
}

const grant = (account: TestAccount, amount = 100_000, expiresAt = END) =>
  admin.put<OrProblem<Wallet>>(`${account.path}/poc-wallet`, { amount, expiresAt });

const stop = (account: TestAccount, resource: string, key?: string | null) =>
  account.user.post<OrProblem<{ state: string; refund: number; deletesAt: string }>>(
    `${account.path}/resources/${resource}/stop-poc`,
    undefined,
    key === undefined ? {} : { key },
  );

const history = async (account: TestAccount) => {
  const path = `${account.path}/poc-transactions`;
  const { data } = bodyOf(
    await account.user.get<Page<{ type: string; amount: number; balance: number }>>(path),
    200,
  );
  return data.map(({ type, amount, balance }) => [type, amount, balance]);
};

/** An account with a wallet, and a server that runs on it. */
async function trial(credit = 0): Promise<{ account: TestAccount; server: string }> {
  await setClock(START);
  const account = await openAccount(credit);
  bodyOf(await grant(account), 200);
  const order = await account.place();
  bodyOf(await account.pay(order.id, { method: "poc" }), 200);
  const [line] = (await account.provisionAll(order.id, "succeeded")).lines;
  return { account, server: line?.resourceId ?? "" };
}

const expectRefusal = (answer: Answer<unknown>, status: number, code: string) =>
  expectProblem(answer, { status, code });

const sound = async (account: TestAccount) => expect(await account.object.audit()).toEqual([]);

describe("trial money", () => {
  it("is granted in all, shown beside credit, and not refilled by saying so again", async () => {
    const { account } = await trial(5_000);
    const left = 100_000 - WHOLE;
    expect(bodyOf(await grant(account), 200)).toMatchObject({
      amount: 100_000,
      balance: left,
      expiresAt: END,
    });
    expect(await account.balance()).toMatchObject({
      credit: { available: 5_000 },
      poc: { balance: left, expiresAt: END },
    });
    expect(await history(account)).toEqual([
      ["purchase", -WHOLE, left],
      ["grant", 100_000, 100_000],
    ]);
    expect(await account.creditTransactions()).toHaveLength(1);
    expectRefusal(await grant(account, WHOLE - 1), 409, "poc_amount_below_used");
    expectRefusal(await grant(account, 100_000, "2027-03-25T03:00:00Z"), 409, "poc_wallet_in_use");
  });

  it.each([
    [{ amount: -1, expiresAt: END }, 400, "invalid_request"],
    [{ amount: 1.5, expiresAt: END }, 400, "invalid_request"],
    [{ amount: 1 }, 400, "invalid_request"],
    [{ amount: 1, expiresAt: "tomorrow" }, 400, "invalid_request"],
    [{ amount: 1, expiresAt: END, refill: true }, 400, "invalid_request"],
    [{ amount: 1, expiresAt: START }, 422, "period_in_the_past"],
    [{ amount: 1, expiresAt: "2033-01-01T00:00:00Z" }, 422, "period_too_long"],
  ])("isn't granted by %j", async (body, status, code) => {
    await setClock(START);
    const account = await openAccount();
    expectRefusal(await admin.put(`${account.path}/poc-wallet`, body), status, code);
    expect((await account.balance()).poc).toEqual({ balance: 0, expiresAt: null });
  });

  it("is granted by operations alone, to accounts there are", async () => {
    const account = await openAccount();
    expectRefusal(
      await account.user.put(`${account.path}/poc-wallet`, { amount: 1, expiresAt: END }),
      403,
      "forbidden",
    );
    expectRefusal(
      await admin.put("/v1/accounts/acc_nobody/poc-wallet", { amount: 1, expiresAt: "2027-12-01T00:00:00Z" }),
      404,
      "account_not_found",
    );
    const other = await openAccount();
    expectRefusal(await other.user.get(`${account.path}/poc-transactions`), 404, "account_not_found");
  });

  it("pays an order up to its end, without an invoice", async () => {
    const { account, server } = await trial();
    expect(await account.resource(server)).toMatchObject({ billing: "poc", state: "active", endAt: END });
    expect(await account.invoices()).toEqual([]);
    expect(await account.payments()).toMatchObject([
      { method: "poc", kind: "payment", amount: WHOLE, invoices: [] },
    ]);
    await sound(account);
  });

  it("is offered by the quote, where it may pay", async () => {
    await setClock(START);
    const account = await openAccount();
    expect((await account.place()).pocTotal).toBeNull();
    bodyOf(await grant(account), 200);
    const order = await account.place();
    expect(order).toMatchObject({ total: SMALL_MONTH, pocTotal: WHOLE });
    const coupon = await putCoupon({ amount: 1_000 });
    const withCoupon = await account.placeWith(coupon);
    expectRefusal(await account.pay(withCoupon.id, { method: "poc" }), 409, "coupon_not_allowed");
    bodyOf(await grant(account, WHOLE - 1), 200);
    const short = await account.pay(order.id, { method: "poc" });
    expectRefusal(short, 402, "insufficient_credit");
    expect(short.body).toMatchObject({ available: WHOLE - 1, missing: 1 });
  });

  it("goes back to its wallet where provisioning fails", async () => {
    await setClock(START);
    const account = await openAccount();
    bodyOf(await grant(account), 200);
    const order = await account.place();
    bodyOf(await account.pay(order.id, { method: "poc" }), 200);
    await account.provisionAll(order.id, "failed");
    expect(await account.balance()).toMatchObject({ credit: { total: 0 }, poc: { balance: 100_000 } });
    await sound(account);
  });
});

describe("a trial", () => {
  it("is stopped once: the rest goes back, the resource into the trash", async () => {
    const { account, server } = await trial();
    await setClock("2027-03-16T03:00:00Z");
    expectRefusal(await stop(account, server, null), 400, "idempotency_key_required");
    const stopped = await stop(account, server, "stop-once");
    expect(bodyOf(stopped, 200)).toMatchObject({
      ...{ state: "suspended", billing: "poc", refund: WHOLE / 2, deletesAt: "2027-03-23T03:00:00.000Z" },
    });
    const again = await stop(account, server, "stop-once");
    expect([again.replayed, again.body.refund]).toEqual([true, WHOLE / 2]);
    expectRefusal(await stop(account, server), 409, "resource_in_trash");
    expect((await account.balance()).poc.balance).toBe(100_000 - WHOLE / 2);
    await sound(account);
  });

  it("is stopped by its own customer alone, and what is paid for isn't", async () => {
    const { account, server } = await trial(SMALL_MONTH);
    const other = await openAccount();
    expectRefusal(
      await other.user.post(`${account.path}/resources/${server}/stop-poc`),
      404,
      "account_not_found",
    );
    expectRefusal(
      await account.console.post(`${account.path}/resources/${server}/stop-poc`),
      403,
      "forbidden",
    );
    expectRefusal(await stop(account, "res_never"), 404, "resource_not_found");
    expectRefusal(await stop(account, await account.serve()), 409, "resource_not_on_poc");
  });

  it("is converted in the transaction that pays, and invoiced when the console has answered", async () => {
    const { account, server } = await trial(SMALL_MONTH);
    await setClock("2027-03-16T03:00:00Z");
    const { order } = await account.act("convert_poc", server, { period: { months: 1 } });
    expect(await account.balance()).toMatchObject({
      credit: { available: 0 },
      poc: { balance: 100_000 - WHOLE / 2 },
    });
    expect(await account.resource(server)).toMatchObject({
      billing: "prepaid",
      endAt: "2027-04-16T03:00:00.000Z",
    });
    await account.answer(order);
    expect(await account.order(order)).toMatchObject({ status: "completed" });
    expect(await account.invoices()).toMatchObject([{ total: SMALL_MONTH, resource: server }]);
    await sound(account);
  });

  it("needs its resource and a period to be converted", async () => {
    const { account, server } = await trial(SMALL_MONTH);
    const unnamed = {
      action: "convert_poc",
      lines: [{ resourceType: "server" }],
      returnUrl: "https://console.example/",
    };
    expectRefusal(await account.console.post(`${account.path}/orders`, unnamed), 400, "invalid_request");
    expectRefusal(await account.placeFor("convert_poc", server), 422, "period_required");
  });

  it("ends with its wallet, after notices, and is recovered as paid within 7 days", async () => {
    const { account, server } = await trial(SMALL_MONTH);
    await advanceClock("2027-03-27T03:00:00Z");
    expect(await account.resource(server)).toMatchObject({
      ...{ state: "suspended", billing: "poc", deletesAt: "2027-04-02T03:00:00.000Z" },
    });
    expect((await account.balance()).poc).toEqual({ balance: 0, expiresAt: END });
    expect((await history(account)).at(0)).toEqual(["expiry", WHOLE - 100_000, 0]);
    const { order } = await account.act("recover", server, { period: { months: 1 } });
    await account.answer(order);
    expect(await account.resource(server)).toMatchObject({
      state: "active",
      billing: "prepaid",
      deletesAt: null,
    });
    await sound(account);
  });

  it("of what is metered is converted to hold, or deleted with its wallet", async () => {
    await setClock(START);
    const account = await openAccount(SMALL_MONTH);
    bodyOf(await grant(account), 200);
    const line = { resourceType: "image", name: "iso", configuration: [{ sku: "image-gb", quantity: 1 }] };
    const order = await account.place({ ...line, quantity: 2, period: undefined });
    expect(order).toMatchObject({ total: 0, hold: 2 * 3 * IMAGE_DAY, pocTotal: 2 * 20 * IMAGE_DAY });
    expectRefusal(await account.pay(order.id, { method: "credit" }), 422, "method_not_available");
    bodyOf(await account.pay(order.id, { method: "poc" }), 200);
    const tried = (await account.provisionAll(order.id, "succeeded")).lines;
    const [kept = "", left = ""] = tried.map(({ resourceId }) => resourceId ?? "");
    await setClock("2027-03-16T03:00:00Z");
    const type = { resourceType: "image" };
    const convert = bodyOf(await account.placeFor("convert_poc", kept, type), 201);
    expect(convert).toMatchObject({ total: 0, hold: 3 * IMAGE_DAY });
    bodyOf(await account.pay(convert.id, { method: "hold" }), 200);
    expect(await account.balance()).toMatchObject({
      credit: { available: SMALL_MONTH - 3 * IMAGE_DAY, held: 3 * IMAGE_DAY },
      poc: { balance: 100_000 - 30 * IMAGE_DAY },
    });
    await account.answer(convert.id);
    await advanceClock("2027-03-27T03:00:00Z");
    expect(await account.resource(kept)).toMatchObject({ state: "active", billing: "hold", endAt: null });
    expect(await account.resource(left)).toMatchObject({ state: "deleted", deletesAt: null });
    expect((await account.balance()).poc.balance).toBe(0);
    await advanceClock("2027-04-01T03:00:00Z");
    // From 16 March 10:00 to the month's end, real minutes.
    const used = IMAGE_DAY * 15 + (IMAGE_DAY * 14) / 24;
    expect(await account.invoices()).toMatchObject([{ resource: kept, total: used, status: "paid" }]);
    await sound(account);
  });

  it("is renewed after an extension, and resized, in its wallet", async () => {
    const { account, server } = await trial();
    bodyOf(await grant(account, 200_000, "2027-04-06T03:00:00Z"), 200);
    const renewal = bodyOf(await account.placeFor("renew", server, { period: { months: 1 } }), 201);
    expect(renewal).toMatchObject({ total: SMALL_MONTH / 3, lines: [{ endAt: "2027-04-06T03:00:00.000Z" }] });
    expectRefusal(await account.pay(renewal.id), 422, "method_not_available");
    bodyOf(await account.pay(renewal.id, { method: "poc" }), 200);
    const resize = { configuration: [{ sku: "small", quantity: 2 }] };
    const order = bodyOf(await account.placeFor("resize", server, resize), 201);
    bodyOf(await account.pay(order.id, { method: "poc" }), 200);
    await account.answer(order.id);
    expect((await account.balance()).poc.balance).toBe(200_000 - 2 * SMALL_MONTH);
    expect(await account.invoices()).toEqual([]);
    await sound(account);
  });
});
