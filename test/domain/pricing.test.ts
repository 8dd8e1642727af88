import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fitsUnit, METERINGS, type Sku, UNIT_MINUTES, type Unit } from "../../src/domain/catalogue.ts";
import type { Currency } from "../../src/domain/money.ts";
import { money } from "../../src/domain/money.ts";
import {
  type ConfiguredSku,
  exactPrice,
  grossOf,
  priceConfiguration,
  taxOf,
  taxWithin,
  usedFor,
} from "../../src/domain/pricing.ts";
import { minus, plus, ratio, times } from "../../src/domain/ratio.ts";
import { sku } from "./samples.ts";

const MONTH = 43_200;

const priced = (configuration: readonly ConfiguredSku[], minutes: number, currency: Currency = "VND") =>
  priceConfiguration(configuration, ratio(minutes), currency);

const grossAt = (
  unitPrice: string,
  minutes: number,
  quantity: number,
  more: Partial<Sku> = {},
  currency: Currency = "VND",
) => grossOf(priced([{ sku: sku("item", unitPrice, more), quantity }], minutes, currency));

describe("the price formula", () => {
  test.each<[string, string, number, number, Partial<Sku>, number]>([
    ["one month is one unit price", "181000", MONTH, 1, {}, 181_000],
    ["quantity multiplies", "35000", MONTH, 3, {}, 105_000],
    ["20 of 30 days", "181000", 28_800, 1, {}, 120_667],
    ["one minute", "181000", 1, 1, {}, 4],
    ["no time costs nothing", "181000", 0, 1, {}, 0],
    ["a fractional price per GB-hour", "7.7", 60, 100, { unit: "GB-hour" }, 770],
    ["a fractional price per GB-day", "58.3", 1_440, 10, { unit: "GB-day" }, 583],
    ["a price per GB and 30 days", "530", MONTH, 30, { unit: "GB-30-days" }, 15_900],
    ["a price per hour", "250", 90, 1, { unit: "hour" }, 375],
    ["exactly half a dong goes up", "0.5", MONTH, 1, {}, 1],
    ["just under half a dong goes down", "0.499999999", MONTH, 1, {}, 0],
    ["a fractional discount", "181000", MONTH, 1, { discount: "12.5" }, 158_375],
    ["a discount of everything", "181000", MONTH, 1, { discount: "100" }, 0],
    ["tax on top", "1000", MONTH, 1, { taxIncluded: false }, 1_100],
    ["tax on top of the discounted price", "1000", MONTH, 1, { taxIncluded: false, discount: "10" }, 990],
    ["a fractional tax rate on top", "1000", MONTH, 1, { taxIncluded: false, taxRate: "8.25" }, 1_083],
    ["no rounding before the tax: 0.7 + 10 % is 0.77", "0.7", MONTH, 1, { taxIncluded: false }, 1],
    ["no rounding before the tax: 0.45 + 10 % is 0.495", "0.45", MONTH, 1, { taxIncluded: false }, 0],
  ])("%s", (_rule, unitPrice, minutes, quantity, more, gross) => {
    expect(grossAt(unitPrice, minutes, quantity, more)).toBe(gross);
  });

  test.each<[string, number, number]>([
    ["19.99", MONTH, 1_999],
    ["19.99", MONTH / 2, 1_000],
    ["0.005", MONTH, 1],
    ["0.0049", MONTH, 0],
    ["0.0077", MONTH * 100, 77],
  ])("in dollars rounds to the cent: %s for %d minutes is %d", (unitPrice, minutes, cents) => {
    expect(grossAt(unitPrice, minutes, 1, {}, "USD")).toBe(cents);
  });

  test("has a divisor in minutes for every unit", () => {
    expect(UNIT_MINUTES).toEqual({
      "30 days": 43_200,
      "GB-30-days": 43_200,
      "GB-day": 1_440,
      hour: 60,
      "GB-hour": 60,
      GB: 1,
      connection: 1,
    });
  });
});

describe("a charge", () => {
  test("is rounded once for all its SKUs, not once for each", () => {
    const halves = ["a", "b", "c"].map((id) => ({ sku: sku(id, "0.4"), quantity: 1 }));
    const [charge] = priced(halves, MONTH);
    expect(charge?.gross).toBe(1);
    expect(charge?.items.map(({ amount }) => amount)).toEqual([1, 0, 0]);
  });

  test("shows SKU amounts by largest remainder, ties to the earlier", () => {
    const skus = [sku("a", "10.4"), sku("b", "10.8"), sku("c", "10.4")].map((one) => ({
      sku: one,
      quantity: 1,
    }));
    expect(priced(skus, MONTH)[0]?.items.map(({ amount }) => amount)).toEqual([11, 11, 10]);
  });

  test("shows SKU amounts by the remainders of their exact prices, not of their shares of the gross", () => {
    // 0.1 + 0.2 + 1.2 = 1.5, which is 2. Shares of that 2 would be 0.13, 0.27 and 1.6: 0, 0 and 2.
    const skus = ["0.1", "0.2", "1.2"].map((price) => ({ sku: sku(price, price), quantity: 1 }));
    const [charge] = priced(skus, MONTH);
    expect(charge?.gross).toBe(2);
    expect(charge?.items.map(({ amount }) => amount)).toEqual([0, 1, 1]);
  });

  test("shows each SKU as it was priced", () => {
    const [charge] = priced([{ sku: sku("disk", "35000", { discount: "10" }), quantity: 2 }], MONTH);
    expect(charge).toEqual({
      taxRate: "10",
      gross: 63_000,
      tax: 5_727,
      discount: 0,
      items: [
        {
          sku: "disk",
          name: "disk",
          quantity: 2,
          unit: "30 days",
          unitPrice: "35000",
          discount: "10",
          amount: 63_000,
        },
      ],
    });
  });

  test("is made for each tax rate, in the order they first occur, each with its own rounding and tax", () => {
    const charges = priced(
      [
        { sku: sku("server", "1000.5", { taxRate: "10" }), quantity: 1 },
        { sku: sku("licence", "100.5", { taxRate: "8" }), quantity: 1 },
        { sku: sku("disk", "10.5", { taxRate: "10.0" }), quantity: 1 },
        { sku: sku("training", "5.5", { taxRate: "0" }), quantity: 1 },
      ],
      MONTH,
    );
    expect(
      charges.map(({ taxRate, gross, tax, items }) => ({
        taxRate,
        gross,
        tax,
        of: items.map((item) => [item.sku, item.amount]),
      })),
    ).toEqual([
      {
        taxRate: "10",
        gross: 1_011,
        tax: 92,
        of: [
          ["server", 1_001],
          ["disk", 10],
        ],
      },
      { taxRate: "8", gross: 101, tax: 7, of: [["licence", 101]] },
      { taxRate: "0", gross: 6, tax: 0, of: [["training", 6]] },
    ]);
    expect([grossOf(charges), taxOf(charges)]).toEqual([1_118, 99]);
  });

  test("holds prices with and without tax of the same rate together", () => {
    const charges = priced(
      [
        { sku: sku("with", "1100"), quantity: 1 },
        { sku: sku("without", "1000", { taxIncluded: false }), quantity: 1 },
      ],
      MONTH,
    );
    expect(charges.map(({ gross, tax, items }) => [gross, tax, items.map(({ amount }) => amount)])).toEqual([
      [2_200, 200, [1_100, 1_100]],
    ]);
  });

  test.each([
    [1_100, "10", 100],
    [105, "10", 10],
    [104, "10", 9],
    [5, "10", 0],
    [6, "10", 1],
    [0, "10", 0],
    [1_000, "0", 0],
    [1_083, "8.25", 83],
    [167_244, "10", 15_204],
  ])("of %d at a tax rate of %s contains %d tax", (gross, taxRate, tax) => {
    expect(taxWithin(money(gross), taxRate)).toBe(tax);
  });
});

describe("over any configuration", () => {
  const percents = fc.integer({ min: 0, max: 10_000 }).map((hundredths) => String(hundredths / 100));
  const skus = fc
    .record({
      unitPrice: fc
        .tuple(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 0, max: 999 }))
        .map(([whole, thousandths]) => `${whole}.${String(thousandths).padStart(3, "0")}`),
      unit: fc.constantFrom<Unit>("30 days", "GB-30-days", "GB-day", "hour", "GB-hour"),
      discount: percents,
      taxRate: fc.constantFrom("0", "8", "10", "10.00", "8.25"),
      taxIncluded: fc.boolean(),
    })
    .map((fields) => sku("item", "0", fields));
  const items = fc.record({ sku: skus, quantity: fc.integer({ min: 0, max: 500 }) });
  const configurations = fc.array(items, { minLength: 1, maxLength: 6 });
  const minutes = fc.integer({ min: 0, max: 60 * MONTH });
  const currencies = fc.constantFrom<Currency>("VND", "USD");

  test("the items of a charge sum to its gross, and its tax is inside it", () => {
    fc.assert(
      fc.property(configurations, minutes, currencies, (configuration, billed, currency) => {
        for (const charge of priced(configuration, billed, currency)) {
          expect(charge.items.reduce((total, { amount }) => total + amount, 0)).toBe(charge.gross);
          expect(charge.tax).toBeGreaterThanOrEqual(0);
          expect(charge.tax).toBeLessThanOrEqual(charge.gross);
        }
      }),
    );
  });

  test("every SKU is in exactly one charge, shown within one minor unit of its exact price", () => {
    fc.assert(
      fc.property(configurations, minutes, currencies, (configuration, billed, currency) => {
        const numbered = configuration.map((item, index) => ({
          ...item,
          sku: { ...item.sku, id: sku(`${index}`, "0").id },
        }));
        const shown = priced(numbered, billed, currency).flatMap((charge) => charge.items);
        expect(shown.map((item) => item.sku).sort()).toEqual(numbered.map((item) => item.sku.id).sort());
        for (const item of numbered) {
          const amount = shown.find((candidate) => candidate.sku === item.sku.id)?.amount ?? Number.NaN;
          const { num, den } = minus(exactPrice(usedFor(item, ratio(billed)), currency), ratio(amount));
          expect(num > -den && num < den).toBe(true);
        }
      }),
    );
  });

  test("prices are linear in quantity and in time", () => {
    fc.assert(
      fc.property(items, minutes, minutes, currencies, (item, first, second, currency) => {
        const price = (of: ConfiguredSku, billed: number) => exactPrice(usedFor(of, ratio(billed)), currency);
        const apart = plus(price(item, first), price(item, second));
        expect(minus(apart, price(item, first + second)).num).toBe(0n);
        const threefold = price({ ...item, quantity: 3 * item.quantity }, first);
        expect(minus(threefold, times(ratio(3), price(item, first))).num).toBe(0n);
      }),
    );
  });

  test("a period priced in two parts is never more than one minor unit from the whole", () => {
    fc.assert(
      fc.property(items, minutes, minutes, currencies, (item, first, second, currency) => {
        const gross = (billed: number) => grossOf(priced([item], billed, currency));
        expect(Math.abs(gross(first) + gross(second) - gross(first + second))).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("more time or a higher quantity never costs less", () => {
    fc.assert(
      fc.property(items, minutes, minutes, currencies, (item, billed, more, currency) => {
        const base = grossOf(priced([item], billed, currency));
        expect(grossOf(priced([item], billed + more, currency))).toBeGreaterThanOrEqual(base);
        expect(
          grossOf(priced([{ ...item, quantity: item.quantity + 1 }], billed, currency)),
        ).toBeGreaterThanOrEqual(base);
      }),
    );
  });
});

test("what is measured over time has a unit with a duration, and what is counted has none", () => {
  const perPiece: Unit[] = ["GB", "connection"];
  for (const metering of METERINGS) {
    const overTime = metering === "configuration" || metering === "gauge_hours";
    for (const unit of Object.keys(UNIT_MINUTES) as Unit[]) {
      expect(fitsUnit(metering, unit), `${metering} per ${unit}`).toBe(perPiece.includes(unit) !== overTime);
    }
  }
});
