import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { Customer } from "../gateways/customer.ts";
import { behave } from "../gateways/paying.ts";
import { putCatalogue, type TestAccount } from "../support/api.ts";
import { contentsOf } from "../support/tables.ts";
import { enterPortal, type PortalVisit } from "./portal-visit.ts";
import { openEnglish, stateOf } from "./visit.ts";

beforeAll(putCatalogue);
afterEach(() => behave("momo"));

const BUY = "/portal/credits/buy";

/** Somebody at the form that buys credit. */
async function buyer(credit = 0): Promise<{ account: TestAccount; visit: PortalVisit }> {
  const account = await openEnglish(credit);
  const visit = await enterPortal(account);
  await visit.go(BUY);
  return { account, visit };
}

const buy = (visit: PortalVisit, amount: string, gateway = "momo") =>
  visit.send("[name=amount]", { amount, gateway });

/** Decides on the gateway's page, and goes where it leads back to, with what it adds to the address. */
async function decide(account: TestAccount, visit: PortalVisit, decision: "approve" | "refuse") {
  const [attempt] = (await contentsOf(account.object)).attempts;
  if (!attempt?.redirectUrl) throw new Error("nothing was begun");
  const customer = new Customer(account);
  const begun = await customer.payment(attempt.id);
  await customer.open({ ...begun, redirectUrl: attempt.redirectUrl });
  await customer.decide(begun, decision);
  return visit.go(`${new URL(attempt.returnUrl).pathname}?resultCode=0&status=1`);
}

describe("buying credit", () => {
  it("leads to the gateway and back, and the credit is there", async () => {
    const { account, visit } = await buyer(50_000);
    const hop = await buy(visit, "200,000");
    const [attempt] = (await contentsOf(account.object)).attempts;
    expect([hop.status, hop.heading]).toEqual([200, "Taking you to MoMo…"]);
    expect(hop.headers.get("Refresh")).toBe(`0; url=${attempt?.redirectUrl}`);
    const waiting = await visit.go(`${BUY}/${attempt?.id}`);
    expect(waiting.heading).toBe("Waiting for your payment at MoMo");
    expect(waiting.find("[data-refresh]")).not.toBeNull();
    expect(waiting.html).toContain('http-equiv="refresh"');
    const page = await decide(account, visit, "approve");
    expect(page.url).toMatch(new RegExp(`${BUY}/${attempt?.id}$`));
    expect(page.heading).toBe("Thank you! 200,000 VND is in your credit");
    expect(page.text).toContain("Available credit 250,000 VND");
    expect(await account.available()).toBe(250_000);
  });

  it.each([
    ["vnpay", "VNPay"],
    ["zalopay", "ZaloPay"],
  ])("that %s refuses says why, and has what was asked for ready again", async (gateway, title) => {
    const { account, visit } = await buyer();
    await buy(visit, "200000", gateway);
    const page = await decide(account, visit, "refuse");
    expect(page.heading).toBe("No credit was bought");
    expect(page.text).toContain(`${title} took no money.`);
    const again = await visit.go(page.find("main a.primary")?.getAttribute("href") ?? "");
    expect(again.form("[name=amount]").fields).toMatchObject({ amount: "200000", gateway });
    expect(await account.available()).toBe(0);
  });

  it("shows in the payment history as what it is, and leads back to where it is waited for", async () => {
    const { account, visit } = await buyer();
    await buy(visit, "200000");
    const [attempt] = (await contentsOf(account.object)).attempts;
    const page = await visit.go("/portal/payments");
    const row = page.textOf("tbody tr") ?? "";
    for (const text of ["Deposit", "Buy credit", "Payment gateway · MoMo", "Pending", "200,000 VND"])
      expect(row).toContain(text);
    expect(page.find("tbody a")?.getAttribute("href")).toBe(`${BUY}/${attempt?.id}`);
  });

  it("twice with one press begins one payment", async () => {
    const { account, visit } = await buyer();
    const form = visit.page.form("[name=amount]");
    const entered = { amount: "200000", gateway: "momo" };
    await Promise.all([visit.browser.send(form, entered), visit.browser.send(form, entered)]);
    expect((await contentsOf(account.object)).attempts).toHaveLength(1);
  });

  it.each([
    ["", "momo", "amount", "An amount in whole numbers, please."],
    ["0", "momo", "amount", "An amount in whole numbers, please."],
    ["-5", "momo", "amount", "An amount in whole numbers, please."],
    ["12.5", "momo", "amount", "An amount in whole numbers, please."],
    ["1e9", "momo", "amount", "An amount in whole numbers, please."],
    ["99999999999999999999", "momo", "amount", "An amount in whole numbers, please."],
    ["999", "momo", "amount", "MoMo takes 1,000 VND at least."],
    ["50000001", "momo", "amount", "MoMo takes 50,000,000 VND at most each time."],
    ["4999", "vnpay", "amount", "VNPay takes 5,000 VND at least."],
    ["200000", "nobody", "gateway", "Please choose where you want to pay."],
  ])("of %s at %s is refused at its field, and nothing begins", async (amount, gateway, field, why) => {
    const { account, visit } = await buyer();
    const before = await stateOf(account);
    const page = await buy(visit, amount, gateway);
    expect([page.status, page.textOf(`#${field}-error`)]).toEqual([422, why]);
    expect(page.form("[name=amount]").fields).toMatchObject({ amount });
    expect(await stateOf(account)).toEqual(before);
  });

  it("isn't another account's to look at, nor is an order's payment shown as such", async () => {
    const { account, visit } = await buyer();
    await buy(visit, "200000");
    const [attempt] = (await contentsOf(account.object)).attempts;
    const stranger = await enterPortal(await openEnglish());
    expect((await stranger.go(`${BUY}/${attempt?.id}`)).status).toBe(404);
    const order = await account.place();
    const { id } = await new Customer(account).begin(order.id);
    expect((await visit.go(`${BUY}/${id}`)).status).toBe(404);
  });
});
