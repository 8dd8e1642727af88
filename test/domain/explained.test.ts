import { describe, expect, test } from "vitest";
import { type Explained, explainedLine } from "../../src/domain/explained.ts";
import type { InvoiceLine } from "../../src/domain/invoice.ts";
import { MINUTE_MS } from "../../src/domain/local-time.ts";
import { money } from "../../src/domain/money.ts";
import type { ChargeItem } from "../../src/domain/pricing.ts";
import type { ExactText } from "../../src/domain/ratio.ts";
import { formatExact } from "../../src/texts/units.ts";
import { sku } from "./samples.ts";

const item = (more: Partial<ChargeItem> = {}): ChargeItem => {
  const { id, name, unit, unitPrice, discount } = sku("general", "181000");
  return { ...{ sku: id, name, unit, unitPrice, discount, quantity: 1, amount: money(0) }, ...more };
};

const line = (gross: number, items: readonly ChargeItem[], minutes?: number): InvoiceLine => ({
  ...{ taxRate: "10", gross: money(gross), tax: money(0), discount: money(0), items },
  ...(minutes === undefined ? {} : { period: { startMs: 0, endMs: minutes * MINUTE_MS } }),
});

const explained = (of: InvoiceLine, billedMinutes?: string, currency: "VND" | "USD" = "VND") =>
  explainedLine(
    { currency, ...(billedMinutes === undefined ? {} : { billedMinutes: billedMinutes as ExactText }) },
    of,
  );

const inNumbers = (of: Explained | null) =>
  of && {
    minutes: of.minutes && formatExact(of.minutes, "en"),
    items: of.items.map(({ price }) => formatExact(price, "en")),
    sum: formatExact(of.sum, "en"),
    tax: formatExact(of.tax, "en"),
  };

describe("a line of an invoice", () => {
  test("that was used is explained by its own minutes", () => {
    expect(inNumbers(explained(line(130_219, [item()], 31_080)))).toEqual({
      ...{ minutes: "31,080", items: ["130,219.444444…"], sum: "130,219.444444…", tax: "11,838.090909…" },
    });
  });

  test("that was paid in advance is explained by the minutes that were billed, in parts that add up", () => {
    const items = [item({ quantity: 2, discount: "7.5" }), item({ unitPrice: "35000.5" })];
    expect(inNumbers(explained(line(184_925, items), "21600"))).toEqual({
      ...{ minutes: "21,600", items: ["167,425", "17,500.25"], sum: "184,925.25", tax: "16,811.363636…" },
    });
  });

  test("with tax on top says so, in whole units of a currency that has parts", () => {
    const of = line(1_375, [item({ unitPrice: "12.5", taxAdded: true })], 43_200);
    expect(inNumbers(explained(of, undefined, "USD"))).toMatchObject({ sum: "13.75", tax: "1.25" });
  });

  test("of meters is explained by what was metered, whatever was configured", () => {
    const metered = item({ unit: "GB", unitPrice: "7.7", quantity: 0, metered: "100/3" as ExactText });
    expect(inNumbers(explained(line(257, [metered], 1_440)))).toMatchObject({
      ...{ minutes: null, items: ["256.666666…"] },
    });
    expect(explained(line(257, [metered], 1_440))?.items[0]).toMatchObject({ unitMinutes: 1 });
  });

  test("that a resize kept at more than it would be says that, and no bill is ever more", () => {
    expect(explained(line(200_000, [item()]), "43200")).toMatchObject({ isKept: true });
    expect(explained(line(200_000, [item()], 43_200))).toBeNull();
  });

  test("isn't explained by what it can't have come from", () => {
    expect(explained(line(180_999, [item()]), "43200")).toBeNull();
    expect(explained(line(181_001, [item()], 43_200))).toBeNull();
    expect(explained(line(181_000, [item()]))).toBeNull();
    expect(explained(line(181_000, [item()]), "43200")).toMatchObject({ isKept: false });
  });
});
