import { env, exports } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { MAX_DOCUMENTS } from "../../src/http/exports.ts";
import type { Locale } from "../../src/texts/locale.ts";
import { read } from "../documents/reading.ts";
import { readSpreadsheet } from "../documents/spreadsheet.ts";
import { resetClock, setClock } from "../http/clock.ts";
import { bodyOf, openAccount, putCatalogue, putCoupon, type TestAccount } from "../support/api.ts";
import { ORIGIN, rowsOf, type Seen, type Visitor, visit } from "./visits.ts";

const TIMEOUT_MS = 60_000;

beforeAll(putCatalogue);
afterEach(async () => void (await resetClock()));

/** Two months of a server from the middle of March on, of which a coupon pays a part; and a server in May. */
async function invoiced(): Promise<{ account: TestAccount; coupon: string }> {
  await setClock("2027-03-16T03:00:00.000Z");
  const account = await openAccount(1_000_000, { settings: { name: "Ánh" } });
  const coupon = await putCoupon({ amount: 9_000 });
  const order = await account.placeWith(coupon, { name: "=web", period: { months: 2 } });
  bodyOf(await account.pay(order.id), 200);
  await account.provisionAll(order.id, "succeeded");
  await setClock("2027-05-01T00:00:00.000Z");
  await account.serve({ name: "later" });
  return { account, coupon };
}

/** A file as the visitor's browser gets it. */
async function fileOf({ cookie }: Visitor, path: string, locale: Locale = "en") {
  const { status, headers, body } = await exports.default.fetch(`${ORIGIN}${path}`, {
    headers: { Cookie: `${cookie}; lang=${locale}` },
    redirect: "manual",
  });
  return { status, headers, file: await new Response(body).arrayBuffer() };
}

const linksOf = ({ html }: Seen): string[] =>
  [...html.matchAll(/href="([^"]+)" download/g)].map(([, href = ""]) => href.replaceAll("&amp;", "&"));

describe("the page of the usage report", () => {
  it("lists what was invoiced, by item and month", async () => {
    const { account, coupon } = await invoiced();
    const visitor = await visit(account);
    const [later, first] = await account.invoices();
    const rows = rowsOf(await visitor.see("/portal/use/report"));
    expect(rows.map(([code, resource, item]) => [code, resource, item])).toEqual([
      [`${later?.code} 01/05/2027 Paid`, `later vServer · server ${later?.resource}`, "small"],
      [`${later?.code} 01/05/2027 Paid`, `later vServer · server ${later?.resource}`, "small"],
      ...["March", "April", "May"].map(() => [
        `${first?.code} 16/03/2027 Paid`,
        ...[`=web vServer · server ${first?.resource}`, "small"],
      ]),
    ]);
    expect(rows[3]?.slice(3)).toEqual([
      ...["01/04/2027, 00:00 – 01/05/2027, 00:00", "1 × 90,000 per 30 days", "0% / 10%"],
      ...[`3,000 VND ${coupon}`, "87,000 VND"],
    ]);
  });

  it.each([
    ["month=2027-04", ["=web"]],
    ["q=LATER&month=2027-05", ["later"]],
    ["from=2027-05-01&to=2027-05-31", ["later", "=web"]],
    ["status=unpaid", []],
    ["product=vmonitor", []],
  ])("finds by %s, and so do its files", async (query, expected) => {
    const { account } = await invoiced();
    const visitor = await visit(account);
    const seen = await visitor.see(`/portal/use/report?${query}`);
    expect(rowsOf(seen).map(([, resource]) => resource?.split(" ")[0])).toEqual(expected);
    expect(linksOf(seen)).toEqual([`/portal/use/report.xlsx?${query}`, `/portal/use/report.csv?${query}`]);
    const { file } = await fileOf(visitor, linksOf(seen)[0] ?? "");
    expect((await readSpreadsheet(file)).map((row) => row["Resource name"])).toEqual(expected);
  });

  it("is led to from what is used this month, and says when there is nothing", async () => {
    const visitor = await visit(await openAccount());
    expect((await visitor.see("/portal/use")).html).toContain('href="/portal/use/report"');
    expect((await visitor.see("/portal/use/report")).text).toContain("Nothing was invoiced yet");
  });
});

describe("files of lists", { timeout: TIMEOUT_MS }, () => {
  it.each([
    ["/portal/use/report", "ListUsages", "ExportUsages", ["report.xlsx", "report.csv"]],
    ["/portal/billing", "ListBillings", "ExportBillings", ["billing.xlsx", "billing.pdf"]],
    ["/portal/payments", "ListPayments", "ExportPayments", ["payments.xlsx", "payments.pdf"]],
    ["/portal/credits", "ListCredits", "ExportCredits", ["credits.xlsx", "credits.pdf"]],
  ] as const)("of %s are offered to whoever may have them", async (path, lists, saves, files) => {
    const account = await openAccount();
    const both = linksOf(await (await visit(account, [lists, saves])).see(`${path}?from=2027-03-01`));
    expect(both).toEqual(files.map((file) => expect.stringMatching(`/${file}\\?from=2027-03-01$`)));
    expect(linksOf(await (await visit(account, [lists])).see(path))).toEqual([]);
    const visitor = await visit(account, [saves]);
    for (const href of both) expect((await fileOf(visitor, href)).status).toBe(200);
  });

  it.each([
    ["month=2027-03", ["=web"]],
    ["time=this_month", ["later"]],
    ["time=last_3_months", ["later", "=web"]],
    ["from=2027-03-17&q=later", ["later"]],
  ])("of the billing history are of the time that its page shows: %s", async (query, expected) => {
    const { account } = await invoiced();
    const visitor = await visit(account);
    const [href = ""] = linksOf(await visitor.see(`/portal/billing?${query}`));
    const rows = await readSpreadsheet((await fileOf(visitor, href)).file);
    expect(rows.map((row) => row["Resource name"])).toEqual(expected);
  });

  it("are in the page's language, whatever the account's", async () => {
    const { account } = await invoiced();
    const visitor = await visit(account);
    const english = await read(new Uint8Array((await fileOf(visitor, "/portal/billing.pdf")).file));
    expect(english.texts.flat()).toEqual(expect.arrayContaining(["Billing history", "=web", "Paid"]));
    const { headers, file } = await fileOf(visitor, "/portal/billing.pdf", "vi");
    expect(headers.get("Content-Disposition")).toBe('attachment; filename="billing-history.pdf"');
    expect((await read(new Uint8Array(file))).texts.flat()).toEqual(
      expect.arrayContaining(["Lịch sử hóa đơn", "=web", "Đã thanh toán"]),
    );
    const [row] = await readSpreadsheet((await fileOf(visitor, "/portal/credits.xlsx", "vi")).file);
    expect(row).toMatchObject({ Loại: "Mua dịch vụ", "Số tiền": -90_000 });
  });

  it("aren't made with a filter that can't be read: its page says so", async () => {
    const visitor = await visit(await openAccount());
    const { status, headers } = await fileOf(visitor, "/portal/billing.xlsx?from=monday&q=web");
    expect([status, headers.get("Location")]).toEqual([303, "/portal/billing?from=monday&q=web"]);
  });

  it("that would be too long are refused by a page that says how long they may be", async () => {
    const { account } = await invoiced();
    await env.DB.prepare(
      `INSERT INTO invoices (account, n, code, product, status, resource_name, issued_at_ms, body)
        WITH RECURSIVE copies (i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM copies WHERE i <= ?1)
        SELECT account, i, 'COPY-' || i, product, status, resource_name, issued_at_ms, body
        FROM copies, invoices WHERE account = ?2 AND n = 1`,
    )
      .bind(MAX_DOCUMENTS.pdf, account.id)
      .run();
    const visitor = await visit(account);
    const seen = await visitor.see("/portal/billing.pdf?product=vserver");
    expect(seen.status).toBe(422);
    expect(seen.text).toContain(
      "These filters find 2,001 entries, and a file of this kind has room for 2,000.",
    );
    expect(seen.html).toContain('href="/portal/billing?product=vserver"');
    expect((await fileOf(visitor, "/portal/billing.pdf?q=later")).status).toBe(200);
  });
});
