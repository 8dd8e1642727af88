import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { ACTIONS } from "../../src/http/actions.ts";
import { Customer } from "../gateways/customer.ts";
import { behave } from "../gateways/paying.ts";
import { resetClock, setClock } from "../http/clock.ts";
import { openAccount, putCatalogue, type TestAccount } from "../support/api.ts";
import { contentsOf } from "../support/tables.ts";
import { billed, JANUARY, usingServers } from "./billed.ts";
import { enterPortal, type PortalVisit } from "./portal-visit.ts";
import { stateOf } from "./visit.ts";

beforeAll(putCatalogue);
afterEach(async () => {
  await resetClock();
  behave("momo");
});

const words = (minor: number): string => `${minor.toLocaleString("en-US")} VND`;

const billsPath = (codes: readonly string[]): string =>
  `/portal/billing/pay?${new URLSearchParams(codes.map((code) => ["bill", code]))}`;

interface Payer {
  readonly account: TestAccount;
  readonly codes: readonly string[];
  readonly visit: PortalVisit;
}

/** Somebody at the page where so many bills are paid. */
async function payer(count: number, credit = 0): Promise<Payer> {
  const { account, codes } = await billed(count);
  if (credit > 0) await account.grant(credit);
  const visit = await enterPortal(account);
  await visit.go(billsPath(codes));
  return { account, codes, visit };
}

/** What moves when bills are paid. */
async function booksOf({ object }: TestAccount) {
  const { wallets, ledger, payments, invoices, otherBalances } = await contentsOf(object);
  return {
    wallets,
    outstanding: otherBalances.receivable ?? 0,
    credit: ledger.slice(-1).map(({ credit }) => credit?.amount),
    payments: payments.map(({ kind, method, status, amount, lines }) => ({
      ...{ kind, method, status, amount },
      lines: lines.map(({ invoice, amount: part }) => [invoice, part]),
    })),
    invoices: invoices.map(({ code, status, paid }) => [code, status, paid]),
    ledger: ledger.length,
  };
}

const sound = ({ account }: Payer) => new Customer(account).expectSound();

describe("the billing history of a postpaid account", () => {
  it("says what remains of each bill and until when, and has several chosen without script", async () => {
    const { account, codes } = await billed(2);
    await account.grant(4_000);
    await account.user.post(`${account.path}/invoices/${codes[0]}/pay`, { method: "credit", amount: 4_000 });
    const visit = await enterPortal(account);
    const page = await visit.go("/portal/billing");
    const [second, first] = page.findAll("tbody tr").filter((row) => row.querySelector("[name=bill]"));
    for (const text of ["Partially paid", "16 February 2027", words(JANUARY - 4_000)])
      expect(first?.text).toContain(text);
    for (const text of ["Unpaid", "16 February 2027", words(JANUARY)]) expect(second?.text).toContain(text);
    const form = page.form("[name=bill]");
    expect(form.method).toBe("get");
    const boxes = page.findAll("[name=bill]").map((box) => box.getAttribute("value"));
    expect(boxes).toEqual([codes[1], codes[0]]);
    const chosen = await visit.send("[name=bill]", { bill: codes[0] ?? "" });
    expect([chosen.status, chosen.heading]).toEqual([200, "Pay bills"]);
    expect(chosen.text).toContain(`To be paid ${words(JANUARY - 4_000)}`);
    const unpaid = await visit.go("/portal/billing?status=unpaid");
    expect(unpaid.findAll("[name=bill]").map((box) => box.getAttribute("value"))).toEqual([codes[1]]);
  });

  it("offers no paying to those who may not, nor of what is paid", async () => {
    const { account, codes } = await billed(1);
    const others = ACTIONS.filter((action) => action !== "PayBilling");
    const reader = await enterPortal(account, others);
    expect((await reader.go("/portal/billing")).find("[name=bill]")).toBeNull();
    expect((await reader.go(`/portal/billing/${codes[0]}`)).find("#pay")).toBeNull();
    const visit = await enterPortal(account);
    const page = await visit.go(`/portal/billing/${codes[0]}`);
    expect(page.find("#pay")?.getAttribute("href")).toBe(billsPath(codes));
    await account.grant(JANUARY);
    await account.user.post(`${account.path}/invoices/${codes[0]}/pay`, { method: "credit" });
    expect((await visit.go(`/portal/billing/${codes[0]}`)).find("#pay")).toBeNull();
    expect((await visit.go("/portal/billing")).find("[name=bill]")).toBeNull();
    expect((await visit.go(billsPath(codes))).text).toContain("None of these bills is to be paid.");
  });

  it("shows what was used and isn't billed yet, by resource, at what its bill will say", async () => {
    const account = await usingServers(2);
    await setClock("2027-01-31T16:59:59.000Z");
    const visit = await enterPortal(account);
    const page = await visit.go("/portal/billing");
    const [usage] = page.findAll("table");
    const { data, total } = (
      await account.user.get<{ total: number; data: { total: number }[] }>(`${account.path}/usage`)
    ).body;
    expect(total).toBeGreaterThan(0);
    for (const text of ["web-1", "web-2", ...data.map((used) => words(used.total))])
      expect(usage?.text).toContain(text);
    expect(page.text).toContain(`Total so far ${words(total)}`);
    const uninformed = await enterPortal(account, ["ListBillings"]);
    expect((await uninformed.go("/portal/billing")).text).not.toContain("Total so far");
    expect((await (await enterPortal(await openAccount())).go("/portal/billing")).text).not.toContain(
      "web-1",
    );
  });
});

describe("paying bills", () => {
  it("by credit pays all that were chosen", async () => {
    const at = await payer(2, 500_000);
    const { account, codes, visit } = at;
    const page = await visit.send("#pay", { method: "credit" });
    expect([page.status, page.heading]).toEqual([200, `Thank you! ${words(2 * JANUARY)} is paid`]);
    expect(page.url).toMatch(/\/portal\/billing\/payments\/pay_\w+$/);
    expect(await booksOf(account)).toEqual({
      wallets: { available: 500_000 - 2 * JANUARY, held: 0, poc: 0 },
      outstanding: 0,
      credit: [-2 * JANUARY],
      payments: [
        {
          ...{ kind: "payment", method: "credit", status: "succeeded", amount: 2 * JANUARY },
          lines: codes.map((code) => [code, JANUARY]),
        },
      ],
      invoices: codes.map((code) => [code, "paid", JANUARY]),
      ledger: 4,
    });
    const history = await visit.go("/portal/payments");
    for (const code of codes) expect(history.textOf("tbody tr")).toContain(code);
    await sound(at);
  });

  it("by credit that is short pays the oldest first, and says what remains", async () => {
    const credit = JANUARY + 4_000;
    const at = await payer(2, credit);
    const { account, codes, visit } = at;
    expect(visit.page.textOf("#method-credit-more")).toBe("Not enough credit.");
    expect(visit.page.text).toContain(`${words(JANUARY - 4_000)} remains to be paid`);
    const page = await visit.send("#pay", { method: `credit:${credit}` });
    expect(page.heading).toBe(`Thank you! ${words(credit)} is paid`);
    expect(page.text).toContain(words(JANUARY - 4_000));
    expect(await booksOf(account)).toMatchObject({
      wallets: { available: 0, held: 0 },
      credit: [-credit],
      payments: [
        {
          amount: credit,
          lines: [
            [codes[0], JANUARY],
            [codes[1], 4_000],
          ],
        },
      ],
      invoices: [
        [codes[0], "paid", JANUARY],
        [codes[1], "partially_paid", 4_000],
      ],
    });
    const rest = await visit.go(page.find("main a.primary")?.getAttribute("href") ?? "");
    expect(rest.text).toContain(`To be paid ${words(JANUARY - 4_000)}`);
    await sound(at);
  });

  it.each(["gateway:momo", "top_up_and_pay:momo"])(
    "by %s leads there and back, and they are paid",
    async (method) => {
      const at = await payer(2, 40_000);
      const { account, codes, visit } = at;
      const hop = await visit.send("#pay", { method });
      const [attempt] = (await contentsOf(account.object)).attempts;
      if (!attempt?.redirectUrl) throw new Error("nothing was begun");
      expect([hop.status, hop.heading]).toEqual([200, "Taking you to MoMo…"]);
      expect(hop.headers.get("Refresh")).toBe(`0; url=${attempt.redirectUrl}`);
      const path = new URL(attempt.returnUrl).pathname;
      expect(path).toBe(`/portal/billing/payments/${attempt.id}`);
      const waiting = await visit.go(path);
      expect(waiting.heading).toBe("Waiting for your payment at MoMo");
      const other = await visit.go(waiting.find("#another-way")?.getAttribute("href") ?? "");
      expect(other.textOf(".notice")).toContain("isn't decided yet");
      const history = await visit.go("/portal/payments");
      expect(history.find(`tbody a[href="${path}"]`)).not.toBeNull();
      const customer = new Customer(account);
      await customer.open({ ...(await customer.payment(attempt.id)), redirectUrl: attempt.redirectUrl });
      await customer.decide({ id: attempt.id, gateway: "momo" }, "approve");
      const page = await visit.go(`${path}?resultCode=0`);
      expect(page.heading).toBe(`Thank you! ${words(2 * JANUARY)} is paid`);
      expect(await booksOf(account)).toMatchObject({
        wallets: { available: method === "gateway:momo" ? 40_000 : 0, held: 0 },
        invoices: codes.map((code) => [code, "paid", JANUARY]),
      });
      await sound(at);
    },
  );

  it("that the gateway refuses says why, and has the same ready again", async () => {
    const { account, codes, visit } = await payer(1);
    await visit.send("#pay", { method: "gateway:vnpay" });
    const before = (await booksOf(account)).invoices;
    const [attempt] = (await contentsOf(account.object)).attempts;
    if (!attempt?.redirectUrl) throw new Error("nothing was begun");
    const customer = new Customer(account);
    await customer.open({ ...(await customer.payment(attempt.id)), redirectUrl: attempt.redirectUrl });
    await customer.decide({ id: attempt.id, gateway: "vnpay" }, "refuse");
    const page = await visit.go(`/portal/billing/payments/${attempt.id}`);
    expect(page.heading).toBe("No bill was paid");
    expect(page.text).toContain("VNPay took no money.");
    const again = await visit.go(page.find("main a.primary")?.getAttribute("href") ?? "");
    expect(again.form("#pay").fields).toMatchObject({ bill: codes[0], method: "gateway:vnpay" });
    expect((await booksOf(account)).invoices).toEqual(before);
  });

  it("twice with one press pays once", async () => {
    const at = await payer(2, 500_000);
    const form = at.visit.page.form("#pay");
    const sends = [1, 2].map(() => at.visit.browser.send(form, { method: "credit" }));
    const pages = await Promise.all(sends);
    expect(pages.map(({ heading }) => heading)).toContain(`Thank you! ${words(2 * JANUARY)} is paid`);
    expect(await booksOf(at.account)).toMatchObject({
      wallets: { available: 500_000 - 2 * JANUARY },
      payments: [{ amount: 2 * JANUARY }],
    });
    await sound(at);
  });

  it("of which one was paid meanwhile shows the others anew, and takes nothing", async () => {
    const { account, codes, visit } = await payer(2, 500_000);
    await account.user.post(`${account.path}/invoices/${codes[0]}/pay`, { method: "credit" });
    const before = await stateOf(account);
    const page = await visit.send("#pay", { method: "credit" });
    expect([page.status, page.textOf(".notice")]).toEqual([
      409,
      "These bills were changed meanwhile. Please look at them again before you pay.",
    ]);
    expect(page.form("#pay").pairs.filter(([name]) => name === "bill")).toEqual([["bill", codes[1]]]);
    expect({ ...(await stateOf(account)), keys: before.keys }).toEqual(before);
  });

  it.each([
    ["a method there isn't", { method: "beans" }, 400],
    ["no total", { method: "gateway:momo", total: null }, 400],
    ["a total below zero", { method: "credit", total: "-5" }, 400],
    ["more than there is", { method: "credit", total: "99999999" }, 409],
    ["more credit than there is", { method: "credit" }, 409],
    ["a part that there isn't", { method: "credit:5" }, 409],
    ["a part of nothing", { method: "credit:0" }, 400],
    ["no bill", { method: "credit", bill: null }, 400],
    ["another account's bill", { method: "credit", bill: "202701-NOBODY-1" }, 409],
    ["a gateway there isn't", { method: "gateway:nobody" }, 422],
    ["no press", { method: "gateway:momo", attempt: null }, 400],
  ] as const)("with %s is refused, and nothing moves", async (_, entered, status) => {
    const { account, visit } = await payer(1);
    const before = await stateOf(account);
    const page = await visit.send("#pay", entered);
    expect([page.status, page.heading]).toEqual([status, "Pay bills"]);
    expect(page.find(".notice")).not.toBeNull();
    expect({ ...(await stateOf(account)), keys: before.keys }).toEqual(before);
  });

  it("isn't another account's to look at", async () => {
    const { codes, account, visit } = await payer(1, 500_000);
    const paid = await visit.send("#pay", { method: "credit" });
    const stranger = await enterPortal(await openAccount(1_000));
    expect((await stranger.go(new URL(paid.url).pathname)).status).toBe(404);
    expect((await stranger.go(billsPath(codes))).text).not.toContain("web-1");
    expect(await account.payments()).toHaveLength(1);
  });
});
