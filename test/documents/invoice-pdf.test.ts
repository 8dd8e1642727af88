import { describe, expect, it } from "vitest";
import { invoicePdf } from "../../src/documents/invoice-pdf.ts";
import { formatAmount, formatMoney } from "../../src/texts/locale.ts";
import { type PlacedText, read } from "./reading.ts";
import { ACCOUNT, INVOICE, longInvoice } from "./samples.ts";

const TIMEOUT_MS = 30_000;

describe("an invoice's PDF", { timeout: TIMEOUT_MS }, () => {
  it("says everything in Vietnamese", async () => {
    const { texts } = await read(await invoicePdf(INVOICE, ACCOUNT, "vi"));
    expect(texts).toEqual([
      [
        ...["Hóa đơn 202703-A1-7", "Thanh toán một phần"],
        ...["Bên bán", "edge-billing", "Khách hàng", "Nguyễn Thị Ánh Tuyết", "anh@example.com"],
        ...["Ngày phát hành", "10 tháng 3, 2027", "Hạn thanh toán", "25 tháng 3, 2027"],
        ...["Tài nguyên", "máy-chủ-đường-sắt", "vserver · server", "res_1"],
        ...["Kỳ sử dụng", "lúc 10:15 10 tháng 3, 2027", "đến lúc 10:15 10 tháng 5, 2027"],
        "Asia/Ho_Chi_Minh",
        ...["Hạng mục", "Số lượng", "Đơn giá", "Chiết khấu", "Thuế", "Thành tiền có thuế (VND)"],
        ...["Máy chủ 4 vCPU, 8 GB", "1", "650.000 / 30 ngày", "10%", "10%", "1.170.000"],
        ...["Ổ đĩa SSD", "45", "3.000 / GB và 30 ngày", "10%", "270.000"],
        ...["Bản quyền", "1", "7,7 / GB và giờ", "8%", "61.240"],
        ...["Tạm tính", "1.501.240 VND", "Mã giảm giá TET2027", "-90.000 VND"],
        ...["Tổng cộng", "1.411.240 VND", "Trong đó thuế", "137.295 VND"],
        ...["Đã thanh toán", "1.000.000 VND", "Còn phải trả", "411.240 VND"],
        ...["Hóa đơn 202703-A1-7", "1 / 1"],
      ],
    ]);
  });

  it("says everything in English", async () => {
    const { texts } = await read(await invoicePdf(INVOICE, ACCOUNT, "en", "Đại Việt Cloud"));
    expect(texts).toEqual([
      [
        ...["Invoice 202703-A1-7", "Partially paid"],
        ...["Seller", "Đại Việt Cloud", "Customer", "Nguyễn Thị Ánh Tuyết", "anh@example.com"],
        ...["Issued on", "10 March 2027", "Due on", "25 March 2027"],
        ...["Resource", "máy-chủ-đường-sắt", "vserver · server", "res_1"],
        ...["Period", "10 March 2027 at 10:15", "until 10 May 2027 at 10:15", "Asia/Ho_Chi_Minh"],
        ...["Item", "Quantity", "Unit price", "Discount", "Tax", "Amount with tax (VND)"],
        ...["Máy chủ 4 vCPU, 8 GB", "1", "650,000 / 30 days", "10%", "10%", "1,170,000"],
        ...["Ổ đĩa SSD", "45", "3,000 / GB and 30 days", "10%", "270,000"],
        ...["Bản quyền", "1", "7.7 / GB and hour", "8%", "61,240"],
        ...["Subtotal", "1,501,240 VND", "Coupon TET2027", "-90,000 VND"],
        ...["Total", "1,411,240 VND", "Tax included", "137,295 VND"],
        ...["Paid", "1,000,000 VND", "Still open", "411,240 VND"],
        ...["Invoice 202703-A1-7", "1 / 1"],
      ],
    ]);
  });

  it("is made out to whoever the customer named", async () => {
    const billedTo = {
      ...({ kind: "enterprise", name: "Công ty TNHH Ánh Dương", taxCode: "0101234567-001" } as const),
      ...{ address: "Số 5, đường Lê Lợi, phường Thuận Hóa, thành phố Huế", email: null },
    };
    const { texts } = await read(await invoicePdf({ ...INVOICE, billedTo }, ACCOUNT, "vi"));
    const words = texts[0]?.join(" ");
    expect(words).toContain(
      "Khách hàng Công ty TNHH Ánh Dương Mã số thuế 0101234567-001 Số 5, đường Lê Lợi, phường Thuận Hóa, thành phố Huế anh@example.com",
    );
    expect(words).not.toContain(ACCOUNT.name);
  });

  it("tells readers and search engines its title, seller and language", async () => {
    const { info } = await read(await invoicePdf(INVOICE, ACCOUNT, "vi"));
    expect(info).toMatchObject({ Title: "Hóa đơn 202703-A1-7", Author: "edge-billing", Language: "vi" });
  });

  it("is the same file whenever it is asked for", async () => {
    expect(await invoicePdf(INVOICE, ACCOUNT, "vi")).toEqual(await invoicePdf(INVOICE, ACCOUNT, "vi"));
  });

  it("has its days and instants on the account's clock", async () => {
    const { texts } = await read(
      await invoicePdf(INVOICE, { ...ACCOUNT, timeZone: "America/New_York" }, "en"),
    );
    expect(texts[0]).toEqual(
      expect.arrayContaining(["9 March 2027", "24 March 2027", "9 March 2027 at 22:15", "America/New_York"]),
    );
  });

  it("is in dollars and cents where the account is", async () => {
    const { texts } = await read(await invoicePdf({ ...INVOICE, currency: "USD" }, ACCOUNT, "en"));
    expect(texts[0]).toEqual(
      expect.arrayContaining(["Amount with tax (USD)", "11,700.00", "-900.00 USD", "14,112.40 USD"]),
    );
  });

  it("is silent about a coupon where there was none", async () => {
    const { texts } = await read(await invoicePdf({ ...INVOICE, coupon: null }, ACCOUNT, "vi"));
    expect(texts.flat().join("\n")).not.toMatch(/giảm giá|null/);
  });

  it("says what has corrected or superseded it", async () => {
    const corrected = {
      ...INVOICE,
      creditedBy: ["202704-A1-9", "202704-A1-10"] as never[],
      supersededBy: "202704-A1-11" as never,
    };
    const { texts } = await read(await invoicePdf(corrected, ACCOUNT, "vi"));
    expect(texts[0]).toEqual(
      expect.arrayContaining([
        "Được điều chỉnh bởi phiếu ghi có 202704-A1-9, 202704-A1-10.",
        "Được thay thế bởi hóa đơn 202704-A1-11.",
      ]),
    );
  });
});

describe("letters in an invoice's PDF", { timeout: TIMEOUT_MS }, () => {
  it("are whole where a name came in pieces", async () => {
    const name = "Nguyễn Thị Hường Đặng Ỷ Ẵ ữ ợ".normalize("NFD");
    const { texts } = await read(await invoicePdf(INVOICE, { ...ACCOUNT, name }, "vi"));
    expect(texts[0]).toContain(name.normalize("NFC"));
  });

  it("that its font lacks are shown as replaced, one sign a letter", async () => {
    const resourceName = "máy 漢字 👩‍👩‍👧 \u202eok";
    const { texts } = await read(await invoicePdf({ ...INVOICE, resourceName }, ACCOUNT, "vi"));
    expect(texts[0]).toContain("máy \ufffd\ufffd \ufffd \ufffdok");
  });

  it("go on the next line where a name is longer than one", async () => {
    const name = "Công ty Trách nhiệm hữu hạn Một thành viên Thương mại Dịch vụ Công nghệ Thông tin Đại Việt";
    const { texts } = await read(await invoicePdf(INVOICE, { ...ACCOUNT, name }, "vi"));
    expect(texts[0]?.join(" ").replaceAll(/\s+/g, " ")).toContain(name);
  });
});

describe("an invoice of many items", { timeout: TIMEOUT_MS }, () => {
  const ITEMS = 300;
  const invoice = longInvoice(ITEMS);
  const head = "Thành tiền có thuế (VND)";

  it("goes over numbered pages, each with the head of the table, and leaves no item out", async () => {
    const { texts } = await read(await invoicePdf(invoice, ACCOUNT, "vi"));
    expect(texts.length).toBeGreaterThan(3);
    texts.forEach((page, index) => {
      expect(page.at(-1)).toBe(`${index + 1} / ${texts.length}`);
      expect(page.filter((text) => text === head)).toHaveLength(1);
    });
    const shown = texts.flat();
    const items = invoice.lines.flatMap((line) => line.items);
    expect(items).toHaveLength(ITEMS);
    for (const { name, amount } of items) {
      expect(shown).toContain(name);
      expect(shown).toContain(formatAmount(amount, "VND", "vi"));
    }
    expect(shown).toContain(formatMoney(invoice.total, "VND", "vi"));
  });

  it("has its amounts below each other, digit by digit", async () => {
    const { pages } = await read(await invoicePdf(invoice, ACCOUNT, "vi"));
    const amounts = new Set(
      invoice.lines.flatMap((line) => line.items.map(({ amount }) => formatAmount(amount, "VND", "vi"))),
    );
    const placed: PlacedText[] = pages.flat().filter(({ text }) => amounts.has(text));
    expect(placed).toHaveLength(ITEMS);
    expect(new Set(placed.map(({ right }) => right.toFixed(1))).size).toBe(1);
  });

  it.each([16, 17, 18, 19, 20, 21, 22, 23, 24, 25])("of %i keeps its totals together", async (count) => {
    const { texts } = await read(await invoicePdf(longInvoice(count), ACCOUNT, "vi"));
    const pagesOf = ["Tạm tính", "Tổng cộng", "Đã thanh toán", "Còn phải trả"].map((label) =>
      texts.findLastIndex((page) => page.includes(label)),
    );
    expect(new Set(pagesOf)).toEqual(new Set([texts.length - 1]));
  });
});
