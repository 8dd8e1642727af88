import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { read } from "../documents/reading.ts";
import { cellsOf, readSpreadsheet } from "../documents/spreadsheet.ts";
import { admin, openAccount, putCatalogue, type TestAccount, userOf } from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { resetClock, setClock } from "./clock.ts";
import { download } from "./download.ts";
import { expectProblem } from "./expect-problem.ts";

const TIMEOUT_MS = 30_000;

beforeAll(putCatalogue);
afterEach(async () => void (await resetClock()));

const wordsOf = async (file: ArrayBuffer): Promise<string[]> =>
  (await read(new Uint8Array(file))).texts.flat();

/** Ten in the morning in Vietnam, on two days: a server each, on granted credit. */
async function invoiced(settings: object = { locale: "en", name: "Ánh" }): Promise<TestAccount> {
  await setClock("2027-03-10T03:00:00.000Z");
  const account = await openAccount(1_000_000, { settings });
  await account.serve({ name: "@alpha" });
  await setClock("2027-03-11T03:00:00.000Z");
  await account.serve({ name: "máy-chủ" });
  return account;
}

const CALLS = [
  ...["invoices.xlsx", "invoices.pdf"].map((file) => ({ file, action: "ExportBillings" })),
  ...["payments.xlsx", "payments.pdf"].map((file) => ({ file, action: "ExportPayments" })),
  ...["credit-transactions.xlsx", "credit-transactions.pdf"].map((file) => ({
    ...{ file, action: "ExportCredits" },
  })),
];

describe.each(CALLS)("GET …/$file", { timeout: TIMEOUT_MS }, ({ file, action }) => {
  it(`asks for ${action} alone`, async () => {
    const account = await openAccount();
    const others = ["ListBillings", "ListPayments", "ListCredits", "GetBilling"];
    expectProblem(await userOf(account.id, others).get(`${account.path}/${file}`), {
      ...{ status: 403, code: "forbidden" },
    });
    await download(account, file, [action]);
  });

  it("doesn't know an account that isn't there, and reads no filter that isn't one", async () => {
    expectProblem(await admin.get(`/v1/accounts/acc_none/${file}`), {
      ...{ status: 404, code: "account_not_found" },
    });
    expectProblem(await (await openAccount()).user.get(`${(await openAccount()).path}/${file}`), {
      ...{ status: 404, code: "account_not_found" },
    });
    const account = await openAccount();
    expectProblem(await account.user.get(`${account.path}/${file}?from=monday`), {
      ...{ status: 400, code: "invalid_request" },
    });
  });
});

describe("the billing history as a file", { timeout: TIMEOUT_MS }, () => {
  it("is a spreadsheet of real numbers and days", async () => {
    const account = await invoiced();
    const [second, first] = await account.invoices();
    const { file } = await download(account, "invoices.xlsx");
    const rows = await readSpreadsheet(file);
    expect(rows.map((row) => row["Invoice code"])).toEqual([second?.code, first?.code]);
    expect(rows[1]).toMatchObject({
      Date: new Date("2027-03-10T00:00:00Z"),
      Status: "Paid",
      Product: "vServer",
      "Resource name": "@alpha",
      "Period from": new Date("2027-03-10T10:00:00Z"),
      "Period until": new Date("2027-04-10T10:00:00Z"),
      "Tax included": first?.tax,
      "Coupon code": null,
      ...{ Total: SMALL_MONTH, Paid: SMALL_MONTH, Remaining: 0, Order: first?.order },
    });
    const { cells } = await cellsOf(file);
    expect(cells.filter(({ formula }) => formula !== undefined)).toEqual([]);
  });

  it("has the same filters as the list", async () => {
    const account = await invoiced();
    const names = async (query: string) =>
      (await readSpreadsheet((await download(account, `invoices.xlsx?${query}`)).file)).map(
        (row) => row["Resource name"],
      );
    expect(await names("q=ALPHA")).toEqual(["@alpha"]);
    expect(await names("from=2027-03-11T00:00:00%2B07:00")).toEqual(["máy-chủ"]);
    expect(await names("to=2027-03-11T00:00:00%2B07:00&product=vserver&status=paid")).toEqual(["@alpha"]);
    expect(await names("status=unpaid")).toEqual([]);
  });

  it("is a PDF that says whose it is, what was asked for, and what it comes to", async () => {
    const account = await invoiced();
    const [second, first] = await account.invoices();
    const { headers, file } = await download(account, "invoices.pdf?product=vserver&q=2027");
    expect(headers.get("Content-Type")).toBe("application/pdf");
    expect(headers.get("Content-Disposition")).toBe('attachment; filename="billing-history.pdf"');
    const words = await wordsOf(file);
    expect(words.slice(0, 11)).toEqual([
      ...["Billing history", "Account", "Ánh", "Time zone", "Asia/Ho_Chi_Minh"],
      ...["Currency", "VND"],
      ...["Product", "vserver", "Search", "2027"],
    ]);
    expect(words).toEqual(expect.arrayContaining(["10/03/2027", "máy-chủ", "90,000"]));
    // A code may need two lines.
    for (const { code } of [first, second].flatMap((invoice) => invoice ?? []))
      expect(words.join("")).toContain(code);
    expect(words.join(" ")).toContain("Total 180,000 VND Paid 180,000 VND Remaining 0 VND");
  });

  it("is in Vietnamese for whoever reads that", async () => {
    const account = await invoiced({ locale: "vi", name: "Ánh" });
    const words = await wordsOf((await download(account, "invoices.pdf")).file);
    expect(words).toEqual(
      expect.arrayContaining(["Lịch sử hóa đơn", "Mã hóa đơn", "10/03/2027", "90.000", "180.000 VND"]),
    );
  });
});

describe("the payment history as a file", { timeout: TIMEOUT_MS }, () => {
  it("names what was paid for, the invoices it led to, and what came back", async () => {
    const account = await invoiced();
    const failing = await account.placeAndPay({ name: "no-room" });
    await account.provisionAll(failing.id, "failed");
    const [second, first] = await account.invoices();
    const rows = await readSpreadsheet((await download(account, "payments.xlsx")).file);
    expect(rows.map((row) => [row.Kind, row.For, row.Invoices, row.Amount, row.Method])).toEqual([
      ["Refund", "no-room", null, -SMALL_MONTH, "Credit"],
      ["Payment", "no-room", null, SMALL_MONTH, "Credit"],
      ["Payment", "máy-chủ", second?.code, SMALL_MONTH, "Credit"],
      ["Payment", "@alpha", first?.code, SMALL_MONTH, "Credit"],
    ]);
    const payments = await account.payments();
    expect(rows.map((row) => row.Payment)).toEqual(payments.map(({ id }) => id));
    const words = await wordsOf((await download(account, "payments.pdf")).file);
    for (const text of ["Payment history", "no-room", "-90,000", "Refund", "11/03/2027 10:00"])
      expect(words).toContain(text);
    expect(words.join("")).toContain(second?.code);
  });

  it("is of the time that was asked for", async () => {
    const account = await invoiced();
    const query = "from=2027-03-11T00:00:00%2B07:00&to=2027-03-12T00:00:00%2B07:00";
    const rows = await readSpreadsheet((await download(account, `payments.xlsx?${query}`)).file);
    expect(rows.map((row) => row.For)).toEqual(["máy-chủ"]);
    const words = await wordsOf((await download(account, `payments.pdf?${query}`)).file);
    expect(words.join(" ")).toContain("From 11 March 2027 at 00:00 Until 12 March 2027 at 00:00");
    expect(words).not.toContain("@alpha");
  });
});

describe("the credit history as a file", { timeout: TIMEOUT_MS }, () => {
  it("has every change with the balance after it", async () => {
    const account = await invoiced();
    const history = await account.creditTransactions();
    const rows = await readSpreadsheet((await download(account, "credit-transactions.xlsx")).file);
    expect(rows.map((row) => [row.Amount, row.Available, row.Held, row["Balance after"]])).toEqual(
      history.map(({ amount, balance }) => [amount, balance.available, balance.held, balance.total]),
    );
    expect(rows.map((row) => [row.Kind, row.For])).toEqual([
      ["Purchase", history[0]?.reference],
      ["Purchase", history[1]?.reference],
      ["Adjustment", "for a test"],
    ]);
    const words = await wordsOf((await download(account, "credit-transactions.pdf")).file);
    for (const text of ["Credit history", "for a test", "1,000,000", "-90,000", "820,000", "910,000"])
      expect(words.join(" ")).toContain(text);
  });
});
