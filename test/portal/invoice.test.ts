import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { invoicePath } from "../../src/portal/rooms.ts";
import { advanceClock, resetClock, setClock } from "../http/clock.ts";
import { openAccount, putCatalogue, putCoupon } from "../support/api.ts";
import { balancer, eventOf, report, serveBalancer } from "../usage/metered.ts";
import { buy, rowsOf, visit } from "./visits.ts";

/** The first PDF takes a while: what writes it is loaded. */
const TIMEOUT_MS = 30_000;

/** Ten in the morning in Hanoi. */
const START = "2027-03-10T03:00:00.000Z";

beforeAll(putCatalogue);
afterEach(async () => void (await resetClock()));

describe("an invoice", { timeout: TIMEOUT_MS }, () => {
  it("shows everything its amounts are made of", async () => {
    await setClock(START);
    const account = await openAccount(1_000_000);
    const coupon = await putCoupon({ amount: 30_000 });
    const order = await account.placeWith(coupon, {
      name: "db",
      configuration: [
        { sku: "small", quantity: 1 },
        { sku: "disk", quantity: 2 },
        { sku: "licence", quantity: 5 },
      ],
      period: { endAt: "2027-04-25T10:00:00+07:00" },
    });
    await account.pay(order.id);
    await account.provisionAll(order.id, "succeeded");
    const [invoice] = await account.invoices();
    const seen = await (await visit(account)).see(invoicePath(invoice?.code ?? ""));
    expect(rowsOf(seen)).toEqual([
      ["small", "1", "90,000 per 30 days", "45 days", "–", "10%", "135,000"],
      ["disk", "2", "35,000 per 30 days", "45 days", "–", "10%", "105,000"],
      ["licence", "5", "1,000 per 30 days", "45 days", "–", "8%", "8,100"],
    ]);
    expect(seen.text).toContain(`Subtotal 248,100 VND Coupon ${coupon} (this invoice's share) -30,000 VND`);
    expect(seen.text).toContain("Total 218,100 VND Tax included (10%) 21,818 VND Tax included (8%) 600 VND");
    expect(seen.text).toContain("Paid 218,100 VND");
    expect(seen.text).not.toContain("Still open");
    expect(seen.text).toContain("10 March 2027 at 10:00 – 25 April 2027 at 10:00 Asia/Ho_Chi_Minh");
    expect(seen.text).toContain("Customer An an@example.com");
    expect(seen.text).toContain(`Order ${order.id}`);
    expect(seen.html).toContain('data-print=""');
    for (const step of [
      "45 days were paid for: that is 64,800 minutes",
      "small: 1 × 90,000 × 64,800 / 43,200 = 135,000",
      "Its items come to 240,000 together. That is 240,000 VND; nothing had to be rounded.",
      "licence: 5 × 1,000 × 64,800 / 43,200 × (1 + 8/100) = 8,100",
      "The tax in it is 240,000 × 10 / (100 + 10) = 21,818.181818…, rounded 21,818 VND.",
      `The coupon ${coupon} pays 29,021 VND of it`,
      "That leaves 7,121 VND.",
    ])
      expect(seen.text).toContain(step);
  });

  it("says of a bill when each item was used, what was metered, and why it costs that", async () => {
    await setClock("2027-03-01T00:00:00+07:00");
    const account = await openAccount(0, { settings: { billingMode: "postpaid", locale: "en" } });
    const resource = await serveBalancer(account, balancer({ node: 1 }));
    await setClock("2027-03-31T23:00:00+07:00");
    await report(account, [eventOf(resource, { quantity: "5.9", at: "2027-03-20T00:00:00+07:00" })]);
    await advanceClock("2027-04-01T02:00:00+07:00");
    const [bill] = await account.invoices();
    const seen = await (await visit(account)).see(invoicePath(bill?.code ?? ""));
    const march = "01/03/2027, 00:00 – 01/04/2027, 00:00";
    expect(rowsOf(seen)).toEqual([
      ["node", "1", "43,200 per 30 days", march, "–", "10%", "44,640"],
      ["traffic-gb", "5 metered", "1,000 per GB", march, "–", "10%", "5,000"],
    ]);
    for (const step of [
      "It was used from 1 March 2027 at 00:00 to 1 April 2027 at 00:00: that is 44,640 minutes",
      "node: 1 × 43,200 × 44,640 / 43,200 = 44,640",
      "traffic-gb: 5 × 1,000 = 5,000",
    ])
      expect(seen.text).toContain(step);
  });

  it("leads to its payment, at the top of the history's page", async () => {
    const account = await openAccount(1_000_000);
    await buy(account, { name: "first" });
    await buy(account, { name: "second" });
    const [second, first] = await account.invoices();
    const visitor = await visit(account);
    for (const invoice of [first, second]) {
      const { html } = await visitor.see(invoicePath(invoice?.code ?? ""));
      const [, href = "", payment] = /href="(\/portal\/payments[^"#]*)#([^"]+)"/.exec(html) ?? [];
      expect(payment).toBe(invoice?.payment);
      const history = await visitor.see(href);
      expect(history.html).toMatch(new RegExp(`<tbody><tr id="${payment}">`));
    }
  });

  it("doesn't lead where its reader may not go", async () => {
    const account = await openAccount(1_000_000);
    await buy(account);
    const [invoice] = await account.invoices();
    const seen = await (await visit(account, ["GetBilling"])).see(invoicePath(invoice?.code ?? ""));
    expect(seen.status).toBe(200);
    expect(seen.html).not.toContain("/portal/payments");
    expect(seen.html).not.toContain('href="/portal/billing"');
  });

  it("is a file to keep, too", async () => {
    const account = await openAccount(1_000_000);
    await buy(account);
    const [invoice] = await account.invoices();
    const visitor = await visit(account);
    const path = `${invoicePath(invoice?.code ?? "")}.pdf`;
    expect((await visitor.see(invoicePath(invoice?.code ?? ""))).html).toContain(`href="${path}"`);
    const { status, headers, html } = await visitor.see(path);
    expect([status, headers.get("Content-Type"), html.slice(0, 5)]).toEqual([
      200,
      "application/pdf",
      "%PDF-",
    ]);
    expect(headers.get("Content-Disposition")).toBe(`attachment; filename="invoice-${invoice?.code}.pdf"`);
  });

  it("names nothing of another account's, however its code is guessed", async () => {
    const [account, other] = [await openAccount(1_000_000), await openAccount(1_000_000)];
    await Promise.all([buy(account), buy(other)]);
    const [theirs] = await other.invoices();
    const visitor = await visit(account);
    for (const end of ["", ".pdf"])
      expect((await visitor.see(`${invoicePath(theirs?.code ?? "")}${end}`)).status).toBe(404);
  });
});
