import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { cellsOf, readSpreadsheet } from "../documents/spreadsheet.ts";
import { billed, JANUARY } from "../portal/billed.ts";
import {
  admin,
  bodyOf,
  openAccount,
  type Page,
  putCatalogue,
  putCoupon,
  type TestAccount,
  userOf,
} from "../support/api.ts";
import { resetClock, setClock } from "./clock.ts";
import { download } from "./download.ts";
import { expectProblem } from "./expect-problem.ts";

beforeAll(putCatalogue);
afterEach(async () => void (await resetClock()));

/** Ten in the morning of a sixteenth, in Vietnam: a month from there is half in one month and half in the next. */
const START = "2027-03-16T03:00:00.000Z";
const NAME = `=HYPERLINK("http://evil.example","web")`;

interface Row {
  readonly invoice: string;
  readonly item: string;
  readonly resourceName: string;
  readonly period: { readonly startAt: string; readonly endAt: string };
  readonly coupon: { readonly code: string | null; readonly amount: number };
  readonly total: number;
}

/** Two months of a server with a disk, of which a coupon pays a part, and one of a plain server later. */
async function invoiced(): Promise<{ account: TestAccount; coupon: string }> {
  await setClock(START);
  const account = await openAccount(1_000_000, { settings: { locale: "en" } });
  const coupon = await putCoupon({ amount: 10_000 });
  const configuration = [
    { sku: "small", quantity: 1 },
    { sku: "disk", quantity: 2 },
  ];
  const order = await account.placeWith(coupon, { name: NAME, configuration, period: { months: 2 } });
  bodyOf(await account.pay(order.id), 200);
  await account.provisionAll(order.id, "succeeded");
  await setClock("2027-05-20T03:00:00.000Z");
  await account.serve({ name: "later" });
  return { account, coupon };
}

const rowsOf = async (account: TestAccount, query = ""): Promise<readonly Row[]> =>
  bodyOf(await account.user.get<Page<Row>>(`${account.path}/usage-report${query}`), 200).data;

const total = (amounts: readonly number[]): number => amounts.reduce((a, b) => a + b, 0);

describe("GET …/usage-report", () => {
  it("lists invoices by item and month, newest invoice first, summing to them", async () => {
    const { account, coupon } = await invoiced();
    const rows = await rowsOf(account);
    const [later, first] = await account.invoices();
    expect(rows.map(({ item, period, total: amount }) => [item, period.startAt, amount])).toEqual([
      ["small", "2027-05-20T03:00:00.000Z", expect.any(Number)],
      ["small", "2027-05-31T17:00:00.000Z", expect.any(Number)],
      ["small", START, expect.any(Number)],
      ["disk", START, expect.any(Number)],
      ["small", "2027-03-31T17:00:00.000Z", expect.any(Number)],
      ["disk", "2027-03-31T17:00:00.000Z", expect.any(Number)],
      ["small", "2027-04-30T17:00:00.000Z", expect.any(Number)],
      ["disk", "2027-04-30T17:00:00.000Z", expect.any(Number)],
    ]);
    const own = rows.filter(({ invoice }) => invoice === first?.code);
    expect(total(own.map((row) => row.total))).toBe(first?.total);
    expect(total(rows.map((row) => row.total))).toBe((first?.total ?? 0) + (later?.total ?? 0));
    expect(own[0]).toMatchObject({
      ...{ status: "paid", resource: first?.resource, resourceName: NAME, product: "vserver" },
      ...{ resourceType: "server", sku: "small", unit: "30 days", unitPrice: "90000", quantity: "1" },
      ...{ discount: "0", taxRate: "10", currency: "VND", issuedAt: first?.issuedAt },
    });
    // Three months that it runs in share the coupon.
    const shares = Map.groupBy(own, ({ period }) => period.startAt);
    expect([...shares.values()].map((month) => total(month.map((row) => row.coupon.amount)))).toEqual([
      3_334, 3_333, 3_333,
    ]);
    expect(own.map((row) => row.coupon.code)).toEqual(own.map(() => coupon));
  });

  it.each([
    ["?month=2027-03", ["small 16", "disk 16"]],
    ["?month=2027-05", ["small 20", "small 30", "disk 30"]],
    ["?from=2027-05-01T00:00:00%2B07:00", ["small 20", "small 31", "small 30", "disk 30"]],
    ["?to=2027-04-01T00:00:00%2B07:00", ["small 16", "disk 16"]],
    ["?month=2027-05&from=2027-05-10T00:00:00Z", ["small 20"]],
    ["?month=2027-01", []],
    ["?q=LATER", ["small 20", "small 31"]],
    ["?product=vmonitor", []],
    ["?status=unpaid", []],
    ["?product=vserver&status=paid&q=later&month=2027-06", ["small 31"]],
  ])("finds by %s, months being the account's own", async (query, expected) => {
    const { account } = await invoiced();
    const rows = await rowsOf(account, query);
    expect(rows.map(({ item, period }) => `${item} ${period.startAt.slice(8, 10)}`)).toEqual(expected);
  });

  it("is turned page by page, whatever invoice a page ends in", async () => {
    const { account } = await invoiced();
    const all = await rowsOf(account);
    const paged: Row[] = [];
    let cursor: string | null = "";
    for (let pages = 0; cursor !== null && pages < all.length; pages += 1) {
      const more: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const page: Page<Row> = bodyOf(
        await account.user.get<Page<Row>>(`${account.path}/usage-report?limit=3${more}`),
        200,
      );
      paged.push(...page.data);
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(all);
  });

  it("has a bill's lines with the time they are about", async () => {
    const { account, codes } = await billed(1);
    const [row, ...others] = await rowsOf(account);
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      ...{ invoice: codes[0], status: "unpaid", total: JANUARY, coupon: { code: null, amount: 0 } },
      period: { startAt: "2027-01-10T03:00:00.000Z", endAt: "2027-01-31T17:00:00.000Z" },
    });
  });

  it("finds a line about an earlier month by that month", async () => {
    const { account } = await billed(1);
    const line = `{"taxRate": "10", "gross": -500, "tax": -45, "discount": 0,
      "period": {"startMs": ${Date.UTC(2026, 11, 5)}, "endMs": ${Date.UTC(2026, 11, 6)}},
      "items": [{"sku": "traffic-gb", "name": "traffic", "quantity": 0, "metered": "-1/2", "unit": "GB",
        "unitPrice": "1000", "discount": "0", "amount": -500}]}`;
    await env.DB.prepare(
      "UPDATE invoices SET body = json_insert(body, '$.lines[#]', json(?)) WHERE account = ?",
    )
      .bind(line, account.id)
      .run();
    const ofDecember = await rowsOf(account, "?month=2026-12");
    expect(ofDecember).toMatchObject([{ item: "traffic", quantity: "-0.5", total: -500 }]);
    expect((await rowsOf(account, "?month=2027-01")).map(({ item }) => item)).toEqual(["small"]);
    expect(await rowsOf(account)).toHaveLength(2);
  });

  it.each([
    "?month=2027-13",
    "?month=march",
    "?from=yesterday",
    "?status=open",
    "?limit=0",
    "?cursor=nonsense",
  ])("refuses %s", async (query) => {
    const account = await openAccount();
    expectProblem(await account.user.get(`${account.path}/usage-report${query}`), {
      ...{ status: 400, code: "invalid_request" },
    });
  });

  it("doesn't know an account that isn't there", async () => {
    expectProblem(await admin.get("/v1/accounts/acc_none/usage-report"), {
      ...{ status: 404, code: "account_not_found" },
    });
  });
});

describe("GET …/usage-report.xlsx", () => {
  it("is the same with real numbers and instants, on the account's clock", async () => {
    const { account, coupon } = await invoiced();
    const { headers, file } = await download(account, "usage-report.xlsx");
    expect(headers.get("Content-Type")).toBe(
      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    );
    expect(headers.get("Content-Disposition")).toBe('attachment; filename="usage-report.xlsx"');
    expect(headers.get("Cache-Control")).toBe("no-store");
    const rows = await readSpreadsheet(file);
    const [later, first] = await account.invoices();
    expect(rows.map((row) => row.Total)).toEqual((await rowsOf(account)).map((row) => row.total));
    expect(rows[3]).toEqual({
      "Invoice code": first?.code,
      Date: new Date("2027-03-16T00:00:00Z"),
      Status: "Paid",
      "Resource name": NAME,
      "Resource ID": first?.resource,
      Product: "vServer",
      Service: "server",
      Item: "disk",
      Unit: "30 days",
      "Period from": new Date("2027-03-16T10:00:00Z"),
      "Period until": new Date("2027-04-01T00:00:00Z"),
      "Unit price": 35_000,
      Quantity: 2,
      "Discount (%)": 0,
      "Tax (%)": 10,
      "Coupon value": expect.any(Number),
      "Coupon code": coupon,
      Total: expect.any(Number),
    });
    expect(rows[0]?.["Invoice code"]).toBe(later?.code);
  });

  it("has no formulas, whatever a name begins with, also where it is edited", async () => {
    const { account } = await invoiced();
    const { file } = await download(account, "usage-report.xlsx?month=2027-03");
    const { cells, widths, frozenRows } = await cellsOf(file);
    expect(cells.filter(({ formula }) => formula !== undefined)).toEqual([]);
    expect(cells[3]).toEqual({ type: "string", formula: undefined, format: "@" });
    expect(cells.at(-1)).toEqual({ type: "number", formula: undefined, format: "#,##0" });
    expect(cells[1]).toEqual({ type: "date", formula: undefined, format: "dd/mm/yyyy" });
    expect([widths?.length, frozenRows]).toEqual([18, 1]);
  });

  it("honours the list's filters", async () => {
    const { account } = await invoiced();
    const { file } = await download(account, "usage-report.xlsx?q=later&month=2027-05");
    expect((await readSpreadsheet(file)).map((row) => row["Resource name"])).toEqual(["later"]);
  });

  it("has its head alone where there is nothing", async () => {
    const { file } = await download(await openAccount(), "usage-report.xlsx");
    expect(await readSpreadsheet(file)).toEqual([]);
  });

  it("is in the account's language", async () => {
    const { account } = await billed(1);
    bodyOf(
      await admin.put(account.path, { email: "an@example.com", name: "An", billingMode: "postpaid" }),
      200,
    );
    const [row] = await readSpreadsheet((await download(account, "usage-report.xlsx")).file);
    expect(row).toMatchObject({
      "Trạng thái": "Chưa thanh toán",
      "Đơn vị": "30 ngày",
      "Thành tiền": JANUARY,
    });
  });

  it("asks for ExportUsages alone", async () => {
    const account = await openAccount();
    const path = `${account.path}/usage-report.xlsx`;
    expectProblem(await userOf(account.id, ["ListUsages", "ExportBillings"]).get(path), {
      ...{ status: 403, code: "forbidden" },
    });
    await download(account, "usage-report.xlsx", ["ExportUsages"]);
  });
});

describe("GET …/usage-report.csv", () => {
  it("says the same in commas, names that a spreadsheet would take for formulas escaped", async () => {
    const { account } = await invoiced();
    const { headers, file } = await download(account, "usage-report.csv?month=2027-03");
    expect(headers.get("Content-Type")).toBe("text/csv; charset=utf-8");
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(file);
    expect(text.startsWith("\ufeffInvoice code,Date,Status,")).toBe(true);
    const [, first] = text.split("\r\n");
    expect(first).toContain(`"'=HYPERLINK(""http://evil.example"",""web"")"`);
    expect(first).toContain(",2027-03-16 10:00,2027-04-01 00:00,90000,1,0,10,");
    const [, invoice] = await account.invoices();
    expect(first?.startsWith(`${invoice?.code},2027-03-16,Paid,`)).toBe(true);
    const [row] = await rowsOf(account, "?month=2027-03");
    expect(Number(first?.split(",").at(-1))).toBe(row?.total);
  });
});
