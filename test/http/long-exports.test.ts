import { env } from "cloudflare:workers";
import { streamXlsxRows } from "hucre/xlsx";
import { beforeAll, describe, expect, it } from "vitest";
import { MAX_DOCUMENTS } from "../../src/http/exports.ts";
import { bodyOf, openAccount, putCatalogue, putCoupon, type TestAccount } from "../support/api.ts";
import { resetClock, setClock } from "./clock.ts";
import { download } from "./download.ts";
import { expectProblem } from "./expect-problem.ts";

const TIMEOUT_MS = 300_000;
/** Of an invoice of two items that touches three months. */
const ROWS_EACH = 6;
const INVOICES = Math.ceil(100_000 / ROWS_EACH);

let account: TestAccount;
let total: number;

/** A hundred thousand rows: an invoice of a real purchase, and copies of it in D1. */
beforeAll(async () => {
  await putCatalogue();
  await setClock("2027-03-16T03:00:00.000Z");
  account = await openAccount(1_000_000, { settings: { locale: "en" } });
  const coupon = await putCoupon({ amount: 10_000 });
  const configuration = [
    { sku: "small", quantity: 1 },
    { sku: "disk", quantity: 2 },
  ];
  const order = await account.placeWith(coupon, { configuration, period: { months: 2 } });
  bodyOf(await account.pay(order.id), 200);
  await account.provisionAll(order.id, "succeeded");
  total = (await account.invoices())[0]?.total ?? 0;
  await resetClock();
  await env.DB.prepare(
    `INSERT INTO invoices (account, n, code, product, status, resource_name, issued_at_ms, body)
      WITH RECURSIVE copies (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM copies WHERE i < ?1)
      SELECT account, i, 'COPY-' || i, product, status, resource_name, issued_at_ms,
        json_set(body, '$.n', i, '$.code', 'COPY-' || i)
      FROM copies, invoices WHERE account = ?2 AND n = 1`,
  )
    .bind(INVOICES, account.id)
    .run();
}, TIMEOUT_MS);

describe("a hundred thousand rows", { timeout: TIMEOUT_MS }, () => {
  it("are a spreadsheet that leaves none out", async () => {
    const { file } = await download(account, "usage-report.xlsx");
    let [rows, sum] = [0, 0];
    for await (const { values } of streamXlsxRows(new Uint8Array(file))) {
      rows += 1;
      if (rows > 1) sum += Number(values.at(-1));
    }
    expect([rows, sum]).toEqual([1 + INVOICES * ROWS_EACH, INVOICES * total]);
  });

  it("are a CSV that leaves none out", async () => {
    const { file } = await download(account, "usage-report.csv");
    const [, ...lines] = new TextDecoder().decode(file).split("\r\n");
    const totals = lines.map((line) => Number(line.split(",").at(-1)));
    expect([lines.length, totals.reduce((a, b) => a + b, 0)]).toEqual([
      INVOICES * ROWS_EACH,
      INVOICES * total,
    ]);
  });

  it("are too long for a PDF, which says how many it has room for", async () => {
    const answer = await account.user.get<{ detail: string }>(`${account.path}/invoices.pdf`);
    expectProblem(answer, { status: 422, code: "export_too_long" });
    expect(answer.body.detail).toContain(`${INVOICES} documents`);
    expect(answer.body.detail).toContain(`${MAX_DOCUMENTS.pdf} at most`);
  });
});
