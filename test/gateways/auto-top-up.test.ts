import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { HOUR_MS, MINUTE_MS } from "../../src/domain/local-time.ts";
import { expectProblem } from "../http/expect-problem.ts";
import { bodyOf, type OrProblem, openAccount, putCatalogue } from "../support/api.ts";
import { recordLogs } from "../support/logs.ts";
import { LinkingCustomer } from "./linking.ts";
import { behave } from "./paying.ts";

beforeAll(putCatalogue);
beforeEach(() => {
  recordLogs();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await behave("momo");
});

interface AutoTopUpView {
  readonly enabled: boolean;
  readonly chargedThisMonth: number;
}

const OFF = {
  ...{ enabled: false, threshold: null, amount: null, monthlyCap: null, linkedAccount: null },
  chargedThisMonth: 0,
};
const SETTINGS = { threshold: 50_000, amount: 100_000, monthlyCap: 250_000 };

async function customerWith(credit: number) {
  const customer = new LinkingCustomer(await openAccount(credit), "momo");
  const { id: linkedAccount } = await customer.link();
  const { user, path } = customer.account;
  const put = (more: object = {}) =>
    user.put<OrProblem<AutoTopUpView>>(`${path}/auto-top-up`, { ...SETTINGS, linkedAccount, ...more });
  const get = async () => bodyOf(await user.get<AutoTopUpView>(`${path}/auto-top-up`), 200);
  return { customer, linkedAccount, put, get, user, path };
}

describe("automatic top-up", () => {
  it("buys credit once it is low, from the linked account, and again only when it is low again", async () => {
    const { customer, linkedAccount, put, get } = await customerWith(60_000);
    expect(await get()).toEqual(OFF);
    const on = { enabled: true, ...SETTINGS, linkedAccount, chargedThisMonth: 0 };
    expect(bodyOf(await put(), 200)).toEqual(on);
    await customer.wait(Date.now());
    expect(await customer.wallet()).toEqual({ available: 60_000, held: 0 });
    await customer.account.grant(-20_000);
    await customer.wait(Date.now());
    await vi.waitFor(async () => expect(await customer.wallet()).toEqual({ available: 140_000, held: 0 }));
    expect(await get()).toMatchObject({ enabled: true, chargedThisMonth: 100_000 });
    await customer.wait(Date.now() + HOUR_MS);
    expect((await customer.account.payments()).map(({ method }) => method)).toEqual(["linked"]);
    await customer.expectSound();
  });

  it("that fails is tried again later", async () => {
    const { customer, put, get } = await customerWith(0);
    await behave("momo", { charge: "refuses" });
    bodyOf(await put(), 200);
    await customer.wait(Date.now());
    const statuses = async () => (await customer.account.payments()).map(({ status }) => status);
    await vi.waitFor(async () => expect(await statuses()).toEqual(["failed"]));
    expect(await get()).toMatchObject({ enabled: true, chargedThisMonth: 0 });
    await behave("momo");
    await customer.wait(Date.now() + 30 * MINUTE_MS);
    expect(await statuses()).toEqual(["failed"]);
  });

  it("is refused where it can't work, and is off again when it is told so", async () => {
    const { put, get, user, path } = await customerWith(100_000);
    const unavailable = { status: 422, code: "method_not_available", path: "linkedAccount" };
    expectProblem(await put({ linkedAccount: "another" }), unavailable);
    const low = { status: 422, code: "monthly_cap_below_amount", path: "monthlyCap" };
    expectProblem(await put({ monthlyCap: 99_999 }), low);
    expectProblem(await put({ threshold: 0 }), { status: 400, code: "invalid_request" });
    bodyOf(await put(), 200);
    expect(bodyOf(await user.delete(`${path}/auto-top-up`), 200)).toEqual(OFF);
    expect(await get()).toEqual(OFF);
  });
});
