import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { DAY_MS } from "../../src/domain/local-time.ts";
import { later, resetClock, setClock } from "../http/clock.ts";
import { openAccount, putCatalogue, type TestAccount } from "../support/api.ts";
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
    ["ListBillings", "Latest invoices"],
    ["ListPayments", "Latest payments"],
    ["ListCredits", "Credit history"],
  ] as const)("shows only to %s: %s", async (action, part) => {
    const account = await openAccount(500_000);
    await buy(account);
    const parts = ["Available credit", "Latest invoices", "Latest payments"];
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
