import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { GATEWAYS, type GatewayName } from "../../src/domain/gateway.ts";
import { resetClock } from "../http/clock.ts";
import { billed, JANUARY } from "../portal/billed.ts";
import {
  admin,
  bodyOf,
  type OrProblem,
  type Page,
  putCatalogue,
  type TestAccount,
  userOf,
} from "../support/api.ts";
import { recordLogs } from "../support/logs.ts";
import { contentsOf } from "../support/tables.ts";
import { type Begun, Customer } from "./customer.ts";
import { LinkingCustomer } from "./linking.ts";
import { behave } from "./paying.ts";
import { LINKABLE, PECULIARITIES } from "./peculiarities.ts";

beforeAll(putCatalogue);
beforeEach(() => {
  recordLogs();
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const name of GATEWAYS) await behave(name);
  await resetClock();
});

const BOTH = 2 * JANUARY;

const pay = async ({ path, user }: TestAccount, codes: readonly string[], how: object): Promise<Begun> =>
  bodyOf(
    await user.post<OrProblem<Begun>>(`${path}/invoices/pay`, { codes, ...how }),
    200,
  ) as unknown as Begun;

/** Begins to pay bills at a gateway, and follows the address. */
async function begin(customer: Customer, codes: readonly string[], how: object): Promise<Begun> {
  const begun = await pay(customer.account, codes, how);
  expect(begun).toMatchObject({ status: "pending", order: null });
  await customer.open(begun);
  return begun;
}

/** Everything that bills move: wallets, books, both histories and the bills themselves. */
async function moved({ account }: Customer) {
  const { wallets, otherBalances, payments, invoices, ledger } = await contentsOf(account.object);
  return {
    wallets: [wallets.available, wallets.held],
    receivable: otherBalances.receivable ?? 0,
    clearing: Object.entries(otherBalances).flatMap(([book, minor]) =>
      book.startsWith("clearing:") && minor !== 0 ? [[book, minor]] : [],
    ),
    payments: payments.map(({ kind, method, gateway, status, amount, lines }) => ({
      ...{ kind, method, gateway, status, amount },
      lines: lines.map(({ invoice, amount: part }) => [invoice, part]),
    })),
    credit: ledger.flatMap(({ credit }) => (credit ? [[credit.type, credit.amount]] : [])),
    invoices: invoices.map(({ code, status, paid, payment }) => [code, status, paid, payment]),
  };
}

const outstanding = async ({ account }: Customer) => (await account.balance()).outstanding;

/** What was written about something, as soon as there is any. */
const mailsAbout = (...parts: readonly string[]): Promise<readonly string[]> =>
  vi.waitFor(
    async () => {
      const path = "/v1/sandbox/mailbox?to=an@example.com";
      const { data } = bodyOf(await admin.get<Page<{ subject: string; text: string }>>(path), 200);
      const mails = data.map(({ subject, text }) => `${subject}\n${text}`);
      const found = mails.filter((mail) => parts.every((part) => mail.includes(part)));
      expect(found).not.toEqual([]);
      return found;
    },
    { timeout: 8_000, interval: 200 },
  );

describe.each(GATEWAYS)("bills at %s", (gateway) => {
  const its = PECULIARITIES[gateway];

  async function owing(credit = 0): Promise<{ customer: Customer; codes: readonly string[] }> {
    const { account, codes } = await billed(2);
    if (credit > 0) await account.grant(credit);
    return { customer: new Customer(account), codes };
  }

  it("are paid together by one payment, and the wallet stays as it is", async () => {
    const { customer, codes } = await owing(40_000);
    const begun = await begin(customer, codes, { method: "gateway", gateway });
    expect(begun.amount).toBe(BOTH);
    await customer.decide(begun, "approve", "twice");
    await customer.query(begun.id);
    expect(await moved(customer)).toEqual({
      wallets: [40_000, 0],
      receivable: 0,
      clearing: [[`clearing:${gateway}`, -BOTH]],
      payments: [
        {
          ...{ kind: "payment", method: "gateway", gateway, status: "succeeded", amount: BOTH },
          lines: codes.map((code) => [code, JANUARY]),
        },
      ],
      credit: [["adjustment", 40_000]],
      invoices: codes.map((code) => [code, "paid", JANUARY, null]),
    });
    expect(await customer.payment(begun.id)).toMatchObject({ invoices: codes, status: "succeeded" });
    expect(await outstanding(customer)).toBe(0);
    await customer.expectSound();
  });

  it("are topped up and paid: all credit, and what is missing from there", async () => {
    const { customer, codes } = await owing(40_000);
    const begun = await begin(customer, codes, { method: "top_up_and_pay", gateway });
    const missing = BOTH - 40_000;
    expect(begun.amount).toBe(missing);
    expect(await moved(customer)).toMatchObject({ wallets: [0, 40_000], receivable: -BOTH });
    await customer.decide(begun, "approve");
    expect(await moved(customer)).toEqual({
      wallets: [0, 0],
      receivable: 0,
      clearing: [[`clearing:${gateway}`, -missing]],
      payments: [
        {
          ...{ kind: "payment", method: "top_up_and_pay", gateway, status: "succeeded", amount: missing },
          lines: codes.map((code) => [code, JANUARY]),
        },
      ],
      credit: [
        ["adjustment", 40_000],
        ["hold", -40_000],
        ["deposit", missing],
        ["release", 40_000],
        ["purchase", -BOTH],
      ],
      invoices: codes.map((code) => [code, "paid", JANUARY, null]),
    });
    await customer.expectSound();
  });

  it("are paid in part, the oldest first; the rest is refused there, and nothing of that moves", async () => {
    const { customer, codes } = await owing();
    const part = JANUARY + 20_000;
    const first = await begin(customer, codes, { method: "gateway", gateway, amount: part });
    await customer.decide(first, "approve");
    const { payments: _, ...before } = await moved(customer);
    expect(before).toMatchObject({
      ...{ receivable: part - BOTH, clearing: [[`clearing:${gateway}`, -part]] },
      invoices: [
        [codes[0], "paid", JANUARY, null],
        [codes[1], "partially_paid", 20_000, null],
      ],
    });
    const second = await begin(customer, codes.slice(1), { method: "gateway", gateway });
    expect(second.amount).toBe(BOTH - part);
    await customer.decide(second, "refuse");
    if (!its.tellsOfAll) await customer.query(second.id);
    expect(await customer.payment(second.id)).toMatchObject({ status: "failed", invoices: [] });
    expect(await moved(customer)).toMatchObject(before);
    expect(await outstanding(customer)).toBe(BOTH - part);
    await customer.expectSound();
  });

  it("that were paid meanwhile need the money no more: all of it is a deposit, with a mail", async () => {
    const { customer, codes } = await owing(BOTH);
    const { account } = customer;
    const begun = await begin(customer, codes, { method: "gateway", gateway });
    await pay(account, codes.slice(0, 1), { method: "credit" });
    await customer.decide(begun, "approve");
    expect(await moved(customer)).toMatchObject({
      wallets: [JANUARY + BOTH, 0],
      receivable: -JANUARY,
      clearing: [[`clearing:${gateway}`, -BOTH]],
      credit: [
        ["adjustment", BOTH],
        ["purchase", -JANUARY],
        ["deposit", BOTH],
      ],
      invoices: [
        [codes[0], "paid", JANUARY, null],
        [codes[1], "unpaid", 0, null],
      ],
    });
    expect(await customer.payment(begun.id)).toMatchObject({
      ...{ kind: "deposit", status: "succeeded", amount: BOTH, invoices: [] },
    });
    expect(await mailsAbout(codes[1] ?? "", "Credit was added")).toHaveLength(1);
    await customer.expectSound();
  });
});

describe.each(LINKABLE)("bills paid from an account linked at %s", (gateway: GatewayName) => {
  async function owing() {
    const { account, codes } = await billed(2);
    const customer = new LinkingCustomer(account, gateway);
    return { customer, codes, link: await customer.link() };
  }

  it("are paid in one request, without going there", async () => {
    const { customer, codes, link } = await owing();
    const paid = await pay(customer.account, codes, { method: "linked", linkedAccount: link.id });
    if (paid.status === "pending") await customer.query(paid.id);
    expect(paid.redirectUrl).toBeUndefined();
    expect(await moved(customer)).toEqual({
      wallets: [0, 0],
      receivable: 0,
      clearing: [[`clearing:${gateway}`, -BOTH]],
      payments: [
        {
          ...{ kind: "payment", method: "linked", gateway, status: "succeeded", amount: BOTH },
          lines: codes.map((code) => [code, JANUARY]),
        },
      ],
      credit: [],
      invoices: codes.map((code) => [code, "paid", JANUARY, null]),
    });
    await customer.expectSound();
  });

  it("stay as they are where the charge is refused, and can be paid another way", async () => {
    const { customer, codes } = await owing();
    await behave(gateway, { charge: "refuses" });
    const failed = await pay(customer.account, codes, { method: "linked" });
    expect(failed).toMatchObject({ status: "failed" });
    expect(await moved(customer)).toMatchObject({ receivable: -BOTH, clearing: [], credit: [] });
    await customer.account.grant(BOTH);
    await pay(customer.account, codes, { method: "credit" });
    expect(await outstanding(customer)).toBe(0);
    await customer.expectSound();
  });
});

describe("13: a new payment method doesn't retry what's unpaid", () => {
  it("whoever links an account is told of the bills that it could pay, and it pays them", async () => {
    const { account, codes } = await billed(2);
    const customer = new LinkingCustomer(account, "stripe");
    expect((await customer.links()).unpaidBills.map(({ code }) => code)).toEqual(codes);
    const { id, label } = await customer.link();
    const mail = (await mailsAbout(codes[0] ?? "", "is linked"))[0];
    for (const part of [`Stripe ${label}`, ...codes, `To pay: ${BOTH.toLocaleString("en")} VND`])
      expect(mail).toContain(part);
    await pay(account, codes, { method: "linked", linkedAccount: id });
    expect((await customer.links()).unpaidBills).toEqual([]);
    const second = await customer.link();
    expect(second.status).toBe("active");
    expect(await mailsAbout(codes[0] ?? "", "is linked")).toHaveLength(1);
    await customer.expectSound();
  });

  it("names them to nobody who may not pay them", async () => {
    const { account } = await billed(1);
    const user = userOf(account.id, ["ManageLinkedAccounts"]);
    const { unpaidBills } = bodyOf(
      await user.get<{ unpaidBills: unknown[] }>(`${account.path}/linked-accounts`),
      200,
    );
    expect(unpaidBills).toEqual([]);
  });
});
