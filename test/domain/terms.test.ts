import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addMonths, anchorDayOf, MONTH_MINUTES, minutesBetween } from "../../src/domain/calendar.ts";
import { couponShares } from "../../src/domain/coupon.ts";
import { floorToMinute, localTime, MINUTE_MS } from "../../src/domain/local-time.ts";
import { money, subtract, sum } from "../../src/domain/money.ts";
import { type ConfiguredSku, grossOf, priceConfiguration } from "../../src/domain/pricing.ts";
import { exact, exactText, minus, ratio } from "../../src/domain/ratio.ts";
import { deleteRefund, priceResize, type Term, unusedValue } from "../../src/domain/terms.ts";
import { evenZones, instantsIn, zones } from "./instants.ts";
import { instant, percentOff, productOf, SAIGON, sku } from "./samples.ts";

const VND = "VND" as const;
const perMonth = (unitPrice: string, quantity = 1): ConfiguredSku[] => [
  { sku: sku("item", unitPrice), quantity },
];

/** A term by the month at a unit price, `couponPercent` of it not paid. */
function monthlyTerm(
  configuration: readonly ConfiguredSku[],
  from: { startMs: number; months: number; anchorDay: number; timeZone: string },
  couponPercent = 0,
): Term {
  const minutes = ratio(from.months * MONTH_MINUTES);
  const charges = priceConfiguration(configuration, minutes, VND);
  const shares = couponShares(percentOff(String(couponPercent)), productOf([]), charges, 0);
  if (!shares.ok) throw new Error(shares.error.code);
  const gross = grossOf(charges);
  return {
    startMs: from.startMs,
    endMs: addMonths(from.startMs, from.months, from.anchorDay, from.timeZone),
    billed: exactText(minutes),
    gross,
    paid: subtract(gross, sum(shares.value)),
    charges,
    invoice: null,
  };
}

/** A term of the example server, 181 000 a month, from the 6th of a month of 2023 on. */
function serverTerm(from: string, months: number, paid: number): Term {
  const at = { startMs: instant(from), months, anchorDay: 6, timeZone: SAIGON };
  return { ...monthlyTerm(perMonth("181000"), at), paid: money(paid) };
}

const at = (text: string) => ({ atMs: instant(text), timeZone: SAIGON });

describe("the unused value", () => {
  const terms = [serverTerm("2023-03-06", 1, 181_000), serverTerm("2023-04-06", 2, 342_000)];

  test.each([
    ["2023-03-01", 543_000, 523_000, 129_600],
    ["2023-03-06", 543_000, 523_000, 129_600],
    ["2023-03-21", 452_500, 432_500, 108_000],
    ["2023-04-06", 362_000, 342_000, 86_400],
    ["2023-04-16", 301_667, 285_000, 72_000],
    ["2023-06-05T23:59", 4, 4, 1],
    ["2023-06-06", 0, 0, 0],
    ["2023-07-01", 0, 0, 0],
  ])("of two stacked terms on %s is %d gross, %d paid, %d minutes", (on, gross, paid, minutes) => {
    const value = unusedValue(terms, instant(on), SAIGON);
    expect([value.gross, value.paid]).toEqual([gross, paid]);
    expect(minus(value.minutes, ratio(minutes)).num).toBe(0n);
  });

  test("is rounded for each term, half up", () => {
    const odd = [serverTerm("2023-03-06", 1, 5), serverTerm("2023-03-06", 1, 5)];
    expect(unusedValue(odd, instant("2023-03-21"), SAIGON).paid).toBe(6);
  });
});

describe("deleting", () => {
  const terms = [serverTerm("2023-03-06", 3, 500_000)];
  const refund = (on: string, refundable = true) => deleteRefund(terms, instant(on), SAIGON, refundable);

  test("pays back what was paid for the time left, not what the coupon took off", () => {
    expect(refund("2023-04-16")).toBe(277_778);
  });

  test("within the first minute pays back all that was paid, and not a dong more", () => {
    expect([refund("2023-03-06"), refund("2023-03-06T00:00:59")]).toEqual([500_000, 500_000]);
    expect(refund("2023-03-06T00:01")).toBe(499_996);
  });

  test("at the end or later pays back nothing", () => {
    expect([refund("2023-06-06"), refund("2024-01-01")]).toEqual([0, 0]);
  });

  test("pays back nothing where the type isn't refundable", () => {
    expect(refund("2023-04-16", false)).toBe(0);
  });
});

describe("resizing", () => {
  const terms = [serverTerm("2023-03-06", 3, 500_000)];
  const resize = (unitPrice: string, refundable = true) =>
    priceResize(terms, perMonth(unitPrice), at("2023-04-16"), { currency: VND, refundable });

  test("up charges the whole difference of value, coupon or not", () => {
    expect(resize("520000")).toMatchObject({
      toPay: 565_000,
      refund: 0,
      oldValue: { gross: 301_667, paid: 277_778 },
      term: {
        startMs: instant("2023-04-16"),
        endMs: instant("2023-06-06"),
        billed: "72000",
        gross: 866_667,
        paid: 842_778,
        invoice: null,
      },
    });
  });

  test("down pays back the difference in the proportion that was really paid", () => {
    // (301 667 − 150 000) × 277 778 / 301 667 = 139 656.4
    const term = { gross: 150_000, paid: 138_122, billed: "72000" };
    expect(resize("90000")).toMatchObject({ toPay: 0, refund: 139_656, term });
  });

  test("down pays back nothing where the type isn't refundable, and the old value stays", () => {
    const price = resize("90000", false);
    expect(price).toMatchObject({ toPay: 0, refund: 0, term: { gross: 301_667, paid: 277_778 } });
    const backUp = priceResize([price.term], perMonth("520000"), at("2023-04-16"), {
      currency: VND,
      refundable: false,
    });
    expect(backUp).toMatchObject({ toPay: 565_000, refund: 0, term: { gross: 866_667, paid: 842_778 } });
  });

  test("down to nothing pays back what was paid for the time left", () => {
    expect(resize("0")).toMatchObject({ toPay: 0, refund: 277_778, term: { gross: 0, paid: 0 } });
  });

  test("up from nothing charges the new value", () => {
    const free = [{ ...serverTerm("2023-03-06", 3, 0), gross: money(0) }];
    const rules = { currency: VND, refundable: true };
    expect(priceResize(free, perMonth("90000"), at("2023-04-16"), rules)).toMatchObject({
      toPay: 150_000,
      refund: 0,
    });
  });

  test("to the same configuration at the same price moves no money", () => {
    expect(resize("181000")).toMatchObject({ toPay: 0, refund: 0, term: { gross: 301_667, paid: 277_778 } });
  });

  test("replaces stacked terms by one to the last end", () => {
    const stacked = [serverTerm("2023-03-06", 1, 181_000), serverTerm("2023-04-06", 2, 342_000)];
    const price = priceResize(stacked, perMonth("362000"), at("2023-03-21"), {
      currency: VND,
      refundable: true,
    });
    // 108 000 minutes are left: 905 000 at the new price against 452 500.
    expect(price).toMatchObject({ toPay: 452_500, refund: 0 });
    expect(price.term).toMatchObject({
      gross: 905_000,
      paid: 885_000,
      billed: "108000",
      endMs: instant("2023-06-06"),
    });
  });

  test("keeps fractions of minutes that a 31st makes, exactly", () => {
    // 31 Jan to 28 Feb bills 43 200 minutes over 38 880 counted ones; 18 days less a minute, 25 919, are left.
    const from = { startMs: instant("2023-01-31"), months: 1, anchorDay: 31, timeZone: SAIGON };
    const price = priceResize(
      [monthlyTerm(perMonth("181000"), from)],
      perMonth("181000"),
      at("2023-02-10T00:01"),
      {
        currency: VND,
        refundable: true,
      },
    );
    expect(price.term.billed).toBe("259190/9");
  });

  test("a resource without time left is a bug and throws", () => {
    const rules = { currency: VND, refundable: true };
    expect(() => priceResize(terms, perMonth("1"), at("2023-06-06"), rules)).toThrow(RangeError);
    expect(() => priceResize([], perMonth("1"), at("2023-04-16"), rules)).toThrow(RangeError);
  });
});

type Step =
  | { readonly kind: "renew"; readonly months: number; readonly couponPercent: number }
  | { readonly kind: "resize"; readonly quantity: number; readonly unitPrice: string }
  | { readonly kind: "wait"; readonly minutes: number };

const unitPrices = fc.constantFrom("0", "1", "7.7", "0.333", "90000", "181000", "520000", "1234567.89");
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("renew" as const),
    months: fc.integer({ min: 1, max: 12 }),
    couponPercent: fc.constantFrom(0, 0, 10, 33, 100),
  }),
  fc.record({
    kind: fc.constant("resize" as const),
    quantity: fc.integer({ min: 1, max: 20 }),
    unitPrice: unitPrices,
  }),
  fc.record({
    kind: fc.constant("wait" as const),
    minutes: fc.oneof(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 3 * MONTH_MINUTES })),
  }),
);

const livesIn = (zone: fc.Arbitrary<string>) =>
  zone.chain((timeZone) =>
    fc.record({
      timeZone: fc.constant(timeZone),
      startMs: instantsIn(timeZone).map(floorToMinute),
      refundable: fc.boolean(),
      unitPrice: unitPrices,
      months: fc.integer({ min: 1, max: 6 }),
      couponPercent: fc.constantFrom(0, 0, 25, 100),
      steps: fc.array(steps, { minLength: 1, maxLength: 10 }),
    }),
  );

/** One resource's life with its till: every step is played, and what came in and went out is counted. */
class Life {
  readonly timeZone: string;
  readonly refundable: boolean;
  readonly anchorDay: number;
  configuration: ConfiguredSku[];
  terms: Term[];
  atMs: number;
  paidIn: number;
  paidBack = 0;

  constructor(seed: {
    timeZone: string;
    startMs: number;
    refundable: boolean;
    unitPrice: string;
    months: number;
    couponPercent: number;
  }) {
    this.timeZone = seed.timeZone;
    this.refundable = seed.refundable;
    this.atMs = seed.startMs;
    this.anchorDay = anchorDayOf(seed.startMs, seed.timeZone);
    this.configuration = perMonth(seed.unitPrice);
    const first = monthlyTerm(this.configuration, { ...this, ...seed }, seed.couponPercent);
    this.terms = [first];
    this.paidIn = first.paid;
  }

  get endMs() {
    return Math.max(...this.terms.map((term) => term.endMs));
  }

  value() {
    return unusedValue(this.terms, this.atMs, this.timeZone);
  }

  price(configuration: readonly ConfiguredSku[]) {
    return priceResize(this.terms, configuration, this, { currency: VND, refundable: this.refundable });
  }

  play(step: Step) {
    if (step.kind === "wait") this.atMs += step.minutes * MINUTE_MS;
    else if (step.kind === "renew") {
      const renewal = monthlyTerm(
        this.configuration,
        { ...this, startMs: this.endMs, months: step.months },
        step.couponPercent,
      );
      this.terms = [...this.terms, renewal];
      this.paidIn += renewal.paid;
    } else if (this.endMs > this.atMs) {
      this.configuration = perMonth(step.unitPrice, step.quantity);
      const { toPay, refund, term } = this.price(this.configuration);
      this.terms = [term];
      this.paidIn += toPay;
      this.paidBack += refund;
    }
  }
}

describe("over any life of a resource", () => {
  test("refunds never exceed what was paid, at any point, deletion included", () => {
    fc.assert(
      fc.property(livesIn(zones), ({ steps, ...seed }) => {
        const life = new Life(seed);
        for (const step of steps) {
          life.play(step);
          const onDelete = deleteRefund(life.terms, life.atMs, life.timeZone, life.refundable);
          expect(onDelete).toBeGreaterThanOrEqual(0);
          expect(life.paidBack + onDelete).toBeLessThanOrEqual(life.paidIn);
          if (!life.refundable) expect(life.paidBack + onDelete).toBe(0);
        }
      }),
    );
  });

  test("what was paid never exceeds the gross, and the unused value neither of them", () => {
    fc.assert(
      fc.property(livesIn(zones), ({ steps, ...seed }) => {
        const life = new Life(seed);
        for (const step of steps) {
          life.play(step);
          for (const { gross, paid } of life.terms) expect(0 <= paid && paid <= gross).toBe(true);
          const { gross, paid } = life.value();
          expect(0 <= paid && paid <= gross).toBe(true);
          expect(gross).toBeLessThanOrEqual(sum(life.terms.map((term) => term.gross)));
          expect(paid).toBeLessThanOrEqual(sum(life.terms.map((term) => term.paid)));
        }
      }),
    );
  });

  test("a resize charges or refunds, never both, keeps the end and the minutes left, and leaves no value unaccounted for", () => {
    fc.assert(
      fc.property(
        livesIn(zones),
        fc.integer({ min: 1, max: 20 }),
        unitPrices,
        ({ steps, ...seed }, quantity, unitPrice) => {
          const life = new Life(seed);
          for (const step of steps) life.play(step);
          fc.pre(life.endMs > life.atMs);
          const before = life.value();
          const { toPay, refund, term } = life.price(perMonth(unitPrice, quantity));
          expect(Math.min(toPay, refund)).toBe(0);
          expect(term.endMs).toBe(life.endMs);
          const after = unusedValue([term], life.atMs, life.timeZone);
          expect(after.paid).toBe(before.paid + toPay - refund);
          expect(after.gross).toBe(term.gross);
          expect(minus(after.minutes, before.minutes).num).toBe(0n);
          expect(minus(exact(term.billed), before.minutes).num).toBe(0n);
        },
      ),
    );
  });

  test("resizing up and at once back down never gains money", () => {
    fc.assert(
      fc.property(livesIn(zones), fc.integer({ min: 2, max: 50 }), ({ steps, ...seed }, factor) => {
        const life = new Life({ ...seed, refundable: true });
        // No change of price or size before: the way back is to the very prices that were paid.
        for (const step of steps) if (step.kind !== "resize") life.play(step);
        fc.pre(life.endMs > life.atMs);
        const termCount = life.terms.length;
        const refundBefore = life.value().paid;
        const [{ sku: original }] = life.configuration as [ConfiguredSku];
        life.paidIn = 0;
        life.play({ kind: "resize", quantity: factor, unitPrice: original.unitPrice });
        life.play({ kind: "resize", quantity: 1, unitPrice: original.unitPrice });
        const gainedNow = life.paidBack - life.paidIn;
        expect(gainedNow + life.value().paid).toBeLessThanOrEqual(refundBefore);
        // Only the roundings of the terms that were merged can come out, a dong each.
        expect(gainedNow).toBeLessThanOrEqual(termCount + 1);
      }),
    );
  });

  test("what a deletion would pay back never grows while time passes", () => {
    fc.assert(
      fc.property(
        livesIn(evenZones),
        fc.array(fc.integer({ min: 0, max: 20_000 })),
        ({ steps, ...seed }, waits) => {
          const life = new Life(seed);
          for (const step of steps) life.play(step);
          let before = life.value();
          for (const minutes of waits) {
            life.play({ kind: "wait", minutes });
            const now = life.value();
            expect(now.paid).toBeLessThanOrEqual(before.paid);
            expect(now.gross).toBeLessThanOrEqual(before.gross);
            before = now;
          }
        },
      ),
    );
  });

  test("the unused minutes of stacked terms are the minutes to the last end, at every cut", () => {
    const cuts = fc.array(fc.integer({ min: 0, max: 12 * MONTH_MINUTES }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(livesIn(evenZones), cuts, ({ steps, ...seed }, waits) => {
        fc.pre(localTime(seed.startMs, seed.timeZone).day <= 28);
        const life = new Life(seed);
        for (const step of steps) if (step.kind === "renew") life.play(step);
        for (const minutes of waits) {
          const atMs = seed.startMs + minutes * MINUTE_MS;
          const left = Math.max(0, minutesBetween(atMs, life.endMs, seed.timeZone));
          const value = unusedValue(life.terms, atMs, seed.timeZone);
          expect(minus(value.minutes, ratio(left)).num).toBe(0n);
        }
      }),
    );
  });

  test("deleting right after creation pays back exactly what was paid", () => {
    fc.assert(
      fc.property(livesIn(zones), ({ steps: _, ...seed }) => {
        const life = new Life(seed);
        expect(life.value().paid).toBe(life.paidIn);
      }),
    );
  });
});
