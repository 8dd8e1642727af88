import { describe, expect, test } from "vitest";
import { addMonths, anchorDayOf, MONTH_MINUTES, minutesBetween } from "../../src/domain/calendar.ts";
import { couponShares, withDiscount } from "../../src/domain/coupon.ts";
import { money } from "../../src/domain/money.ts";
import { grossOf, priceConfiguration, taxOf } from "../../src/domain/pricing.ts";
import { quoteOrder } from "../../src/domain/quotes/quote-order.ts";
import { exact, exactText, ratio } from "../../src/domain/ratio.ts";
import { firstTermTime } from "../../src/domain/resource.ts";
import { priceResize, type Term } from "../../src/domain/terms.ts";
import metering from "../fixtures/metering.json" with { type: "json" };
import pricing from "../fixtures/pricing.json" with { type: "json" };
import {
  accountOf,
  amountOff,
  instant,
  itemOf,
  orderId,
  productOf,
  resourceType,
  SAIGON,
  sku,
} from "./samples.ts";

const perMonth = (unitPrice: string) => [{ sku: sku("item", unitPrice), quantity: 1 }];

const priceOf = (unitPrice: string, minutes: number) =>
  priceConfiguration(perMonth(unitPrice), ratio(minutes), "VND");

/** A term paid in full at its price, between two local dates. */
function paidTerm(unitPrice: string, from: string, to: string): Term {
  const [startMs, endMs] = [instant(from), instant(to)];
  const billed = minutesBetween(startMs, endMs, SAIGON);
  const charges = priceOf(unitPrice, billed);
  const gross = grossOf(charges);
  return { startMs, endMs, billed: exactText(ratio(billed)), gross, paid: gross, charges, invoice: null };
}

describe("creation", () => {
  for (const example of pricing.create) {
    test(example.case, () => {
      const fromMs = instant("from" in example ? (example.from as string) : "2023-03-06");
      const months =
        "months" in example ? (example.months as number) : (example.minutes as number) / MONTH_MINUTES;
      const skus = example.lines.map((line) => sku(line.item.replaceAll(" ", "-"), line.unitPrice));
      const items = [
        itemOf("server", Object.fromEntries(skus.map(({ id }) => [id, 1])), { period: { months } }),
      ];
      const quote = quoteOrder({
        action: "create",
        billing: "prepaid",
        resource: () => null,
        order: orderId("ord_1"),
        items,
        product: productOf([resourceType("server", skus)]),
        coupon: "coupon" in example ? amountOff(example.coupon as number) : null,
        account: accountOf(),
        pocEndMs: null,
        nowMs: fromMs,
      });
      if (!quote.ok) throw new Error(quote.error.code);
      expect(quote.value.total).toBe(example.total);
      if ("gross" in example) expect(quote.value.subtotal).toBe(example.gross);
      if ("to" in example) {
        const toMs = instant(example.to as string);
        expect(quote.value.lines.map((line) => line.billedMinutes)).toEqual([example.minutes]);
        expect(firstTermTime({ months }, fromMs, SAIGON)).toMatchObject({ startMs: fromMs, endMs: toMs });
        expect(minutesBetween(fromMs, toMs, SAIGON)).toBe(example.minutes);
      }
    });
  }
});

describe("coupon split", () => {
  for (const example of pricing.couponSplit) {
    test(example.case, () => {
      const charges = example.lines.flatMap((gross) => priceOf(String(gross), MONTH_MINUTES));
      const shares = couponShares(amountOff(example.coupon), productOf([]), charges, 0);
      if (!shares.ok) throw new Error(shares.error.code);
      expect(shares.value).toEqual(example.split);
      if (!example.net) return;
      const discounted = charges.map((charge, index) =>
        withDiscount(charge, shares.value[index] ?? money(0)),
      );
      expect(discounted.map(({ gross, discount }) => gross - discount)).toEqual(example.net);
    });
  }
});

describe("resize", () => {
  for (const example of pricing.resize) {
    const histories: Record<string, Term[]> = {
      "one term of three months": [paidTerm(example.old, "2023-03-06", example.end)],
      "a month and a renewal of two": [
        paidTerm(example.old, "2023-03-06", "2023-04-06"),
        paidTerm(example.old, "2023-04-06", example.end),
      ],
    };
    for (const [history, terms] of Object.entries(histories)) {
      test(`${example.case}, after ${history}`, () => {
        const at = { atMs: instant(example.at), timeZone: SAIGON };
        const rules = { currency: "VND", refundable: true } as const;
        const price = priceResize(terms, perMonth(example.new), at, rules);
        expect(price).toMatchObject({ toPay: example.toPay, refund: 0 });
        expect(price.oldValue).toMatchObject({ gross: example.oldValue, paid: example.oldValue });
        expect(price.term).toMatchObject({ gross: example.newValue, paid: example.newValue });
        expect(exact(price.term.billed)).toEqual({ num: BigInt(example.minutesLeft), den: 1n });
        expect([price.term.startMs, price.term.endMs]).toEqual([instant(example.at), instant(example.end)]);
      });
    }
  }
});

describe("renewal", () => {
  for (const example of pricing.renew) {
    test(example.case, () => {
      const [endMs, newEndMs] = [instant(example.end), instant(example.newEnd)];
      const minutes = minutesBetween(endMs, newEndMs, SAIGON);
      const months = minutes / MONTH_MINUTES;
      expect(addMonths(endMs, months, anchorDayOf(endMs, SAIGON), SAIGON)).toBe(newEndMs);
      expect(grossOf(priceOf(example.unitPrice, minutes))).toBe(example.toPay);
    });
  }
});

describe("metered use at the same formula", () => {
  test("a server used for two weeks by a postpaid account, tax on top", () => {
    const { minutes, unitPrice, quantity, discount, taxRate, ...expected } = metering.postpaid.example;
    const used = sku("server", unitPrice, {
      discount: String(discount),
      taxRate: String(taxRate),
      taxIncluded: false,
    });
    const charges = priceConfiguration([{ sku: used, quantity }], ratio(minutes), "VND");
    const [total, tax] = [grossOf(charges), taxOf(charges)];
    expect({ beforeTax: total - tax, tax, total }).toEqual(expected);
  });

  test(metering.gbHour.case, () => {
    const snapshot = [{ sku: sku("snapshot", "7.7", { unit: "GB-hour" }), quantity: 100 }];
    const costOf = (minutes: number) => grossOf(priceConfiguration(snapshot, ratio(minutes), "VND"));
    const { perHour, perDay, per30days } = metering.gbHour;
    expect([costOf(60), costOf(1_440), costOf(43_200)]).toEqual([perHour, perDay, per30days]);
  });

  test(`the three-day estimate of ${metering.hold3days.case}`, () => {
    const cluster = [{ sku: sku("cluster", "18000000"), quantity: 1 }];
    const costOf = (days: number) => grossOf(priceConfiguration(cluster, ratio(days * 1_440), "VND"));
    const rows = metering.hold3days.rows.map((row, daysUsed) => ({
      ...row,
      actualToDate: costOf(daysUsed),
      estimate3days: costOf(3),
      hold: costOf(daysUsed) + costOf(3),
    }));
    expect(metering.hold3days.rows).toEqual(rows);
  });
});
