import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { DAY_MS } from "../../src/domain/local-time.ts";
import { billsPath } from "../../src/portal/rooms.ts";
import { later, resetClock, setClock } from "../http/clock.ts";
import { bodyOf, openAccount, putCatalogue, type TestAccount } from "../support/api.ts";
import { billed } from "./billed.ts";
import { buy, rowsOf, visit } from "./visits.ts";

/** Ten in the morning in Hanoi. */
const START = "2027-03-10T03:00:00.000Z";

beforeAll(putCatalogue);
afterEach(async () => void (await resetClock()));

describe("the overview", () => {
  /** Two servers of which one ends within days, one that failed, one that is being set up. */
  async function busyAccount(): Promise<TestAccount> {
    await setClock(START);
    const account = await openAccount(1_000_000);
    await buy(account, { name: "ends-in-april" }, { name: "ends-in-may", period: { months: 2 } });
    const failed = await account.placeAndPay({ name: "never-came" });
    await account.provisionAll(failed.id, "failed");
    await account.placeAndPay({ name: "on-its-way" });
    await setClock(later(START, 26 * DAY_MS + 1));
    return account;
  }

  it("shows what there is, what ends soon and what happened last", async () => {
    const seen = await (await visit(await busyAccount())).see("/portal");
    expect(seen.text).toContain("Available credit 640,000 VND Held 0 VND Total 640,000 VND");
    expect(seen.text).toContain("Resources 3 Being set up 1 Active 2");
    expect(rowsOf(seen)).toEqual([
      ["ends-in-april vserver", "Ends soon", "10 April 2027 in 4 days", "Manual Renew"],
      [expect.stringMatching(/-2 ends-in-may · 10\/03\/2027$/), "Paid", "180,000 VND"],
      [expect.stringMatching(/-1 ends-in-april · 10\/03\/2027$/), "Paid", "90,000 VND"],
      ["10/03/2027, 10:00", "Payment", "Succeeded", "90,000 VND"],
      ["10/03/2027, 10:00", "Refund", "Succeeded", "-90,000 VND"],
      ["10/03/2027, 10:00", "Payment", "Succeeded", "90,000 VND"],
      ["10/03/2027, 10:00", "Payment", "Succeeded", "270,000 VND"],
    ]);
  });

  it("says what the month costs, how that changed, and what it comes to", async () => {
    await setClock(START);
    const account = await openAccount(1_000_000);
    await buy(account);
    await setClock(later(START, 10 * DAY_MS));
    // 10 of the 30 days that the month costs; in the ten days before there was nothing.
    const { text } = await (await visit(account)).see("/portal");
    expect(text).toContain("This month's cost 30,000 VND Against the time before – Forecast for March 2027");
    expect((await (await visit(account, ["ListBillings"])).see("/portal")).text).not.toContain("This month");
  });

  it("says what credit is held for", async () => {
    await setClock(START);
    const account = await openAccount(1_000_000);
    const item = { resourceType: "image", configuration: [{ sku: "image-gb", quantity: 1 }] };
    const order = await account.place({ ...item, period: undefined });
    bodyOf(await account.pay(order.id, { method: "hold" }), 200);
    await account.provisionAll(order.id, "succeeded");
    const { text } = await (await visit(account)).see("/portal");
    expect(text).toContain("Held 4,500 VND for use not billed yet 4,500 VND Total 1,000,000 VND");
  });

  it("lists the bills that are to be paid, with a way to pay them, for those who may", async () => {
    const { account, codes } = await billed(2);
    const seen = await (await visit(account)).see("/portal");
    expect(seen.text).toContain("Unpaid bills Pay them");
    expect(seen.html).toContain(billsPath(codes).replaceAll("&", "&amp;"));
    const others = await (await visit(account, ["ListBillings"])).see("/portal");
    expect(others.text).toContain("Unpaid bills");
    expect(others.text).not.toContain("Pay them");
  });

  it("asks the database the same few times, also with a thousand resources", async () => {
    const asked = async (account: TestAccount): Promise<number> => {
      const visitor = await visit(account);
      await visitor.see("/portal");
      const prepare = vi.spyOn(env.DB, "prepare");
      expect((await visitor.see("/portal")).status).toBe(200);
      const { calls } = prepare.mock;
      prepare.mockRestore();
      return calls.length;
    };
    const small = await openAccount(1_000_000);
    await buy(small);
    const large = await openAccount(200_000_000);
    for (let n = 0; n < 5; n += 1) await large.placeAndPay({ quantity: 200 });
    await buy(large, { quantity: 10 });
    const few = await asked(small);
    expect(few).toBeLessThanOrEqual(5);
    expect(await asked(large)).toBe(few);
    expect((await (await visit(large)).see("/portal")).text).toContain(
      "Resources 1010 Being set up 1000 Active 10",
    );
  }, 60_000);

  it("speaks Vietnamese", async () => {
    const seen = await (await visit(await busyAccount())).see("/portal", "vi");
    expect(seen.text).toContain("Số dư khả dụng 640.000 VND");
    expect(rowsOf(seen)[0]).toEqual([
      "ends-in-april vserver",
      "Sắp hết hạn",
      "10 tháng 4, 2027 sau 4 ngày nữa",
      "Thủ công Gia hạn",
    ]);
  });

  it("counts what has ended among what ends soon, until it is gone", async () => {
    const account = await busyAccount();
    await setClock(later(START, 31 * DAY_MS));
    expect(rowsOf(await (await visit(account)).see("/portal"))[0]?.[1]).toBe("Expired");
  });

  it.each([
    ["GetUserBalance", "Available credit"],
    ["ListBillings", "Latest documents"],
    ["ListPayments", "Latest payments"],
    ["ListCredits", "Credit history"],
  ] as const)("shows only to %s: %s", async (action, part) => {
    const account = await openAccount(500_000);
    await buy(account);
    const parts = ["Available credit", "Latest documents", "Latest payments"];
    const seen = await (await visit(account, [action])).see("/portal");
    expect(parts.filter((title) => seen.text.includes(title))).toEqual(
      parts.filter((title) => title === part),
    );
    const everything = await (await visit(account, [action, "GetUserBalance"])).see("/portal");
    expect(everything.text).toContain(part);
    expect(seen.text).not.toContain("Resources");
    const managing = await (await visit(account, [action, "ManageResources"])).see("/portal");
    expect(managing.text).toContain("Resources 1 Active 1");
  });

  it("is of use when there is nothing yet", async () => {
    const seen = await (await visit(await openAccount())).see("/portal");
    expect(seen.text).toContain("Available credit 0 VND");
    expect(seen.text).toContain("Nothing has happened here yet");
    expect(seen.text).toContain("Go to the console");
  });
});
