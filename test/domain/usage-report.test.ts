import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addMonths } from "../../src/domain/calendar.ts";
import type { Invoice, InvoiceLine } from "../../src/domain/invoice.ts";
import { MINUTE_MS } from "../../src/domain/local-time.ts";
import { monthOf } from "../../src/domain/month.ts";
import { decimal, decimalText, ratio } from "../../src/domain/ratio.ts";
import { type UsageRow, usageRowsOf } from "../../src/domain/usage-report.ts";
import { INVOICE, itemOf } from "../documents/samples.ts";
import { instant, SAIGON } from "./samples.ts";

const total = (amounts: readonly number[]): number => amounts.reduce((a, b) => a + b, 0);

/** An invoice of one charge, with items of these amounts. */
function invoiceOf(
  amounts: readonly number[],
  discount: number,
  period: Invoice["period"],
  more: Partial<InvoiceLine> = {},
): Invoice {
  const gross = total(amounts);
  const items = amounts.map((amount, index) => itemOf(`item ${index}`, amount));
  const line = { taxRate: "10", gross, tax: 0, discount, items, ...more } as InvoiceLine;
  return { ...INVOICE, period, lines: [line], total: (gross - discount) as never };
}

const term = (start: string, end: string) => ({ startMs: instant(start), endMs: instant(end) });
/** Of each row the local day it begins at, its coupon and its total. */
const shown = (rows: readonly UsageRow[]) =>
  rows.map(({ period, coupon, total }) => [
    new Date(period.startMs + 7 * 3_600_000).toISOString().slice(0, 10),
    ...[coupon, total],
  ]);

describe("a coupon in the usage report", () => {
  test("is spread evenly over the months, the odd dong to the first", () => {
    const rows = usageRowsOf(
      invoiceOf([300_000], 100_000, term("2027-01-01T00:00", "2027-04-01T00:00")),
      SAIGON,
    );
    expect(shown(rows)).toEqual([
      ["2027-01-01", 33_334, 66_666],
      ["2027-02-01", 33_333, 66_667],
      ["2027-03-01", 33_333, 66_667],
    ]);
  });

  test("is spread over every month in which the resource ran, whatever part of it", () => {
    const rows = usageRowsOf(
      invoiceOf([300_000], 100_000, term("2027-01-16T00:00", "2027-04-16T00:00")),
      SAIGON,
    );
    expect(shown(rows)).toEqual([
      ["2027-01-16", 25_000, 25_000],
      ["2027-02-01", 25_000, 75_000],
      ["2027-03-01", 25_000, 75_000],
      ["2027-04-01", 25_000, 25_000],
    ]);
  });

  test("takes no month below zero: what it has no room for goes to the others", () => {
    const rows = usageRowsOf(
      invoiceOf([90_000], 80_000, term("2027-01-30T00:00", "2027-03-29T00:00")),
      SAIGON,
    );
    // One day, thirty, twenty-eight, of fifty-nine.
    expect(shown(rows)).toEqual([
      ["2027-01-30", 1_525, 0],
      ["2027-02-01", 39_238, 6_525],
      ["2027-03-01", 39_237, 3_475],
    ]);
  });

  test("is shared within a month by what its items come to", () => {
    const rows = usageRowsOf(
      invoiceOf([300_000, 100_000], 40_000, term("2027-01-01T00:00", "2027-02-01T00:00")),
      SAIGON,
    );
    expect(rows.map(({ item, coupon, total }) => [item.name, coupon, total])).toEqual([
      ["item 0", 30_000, 270_000],
      ["item 1", 10_000, 90_000],
    ]);
  });
});

describe("the months of an invoice", () => {
  test("cost the same on the prepaid calendar, however long they are", () => {
    const rows = usageRowsOf(invoiceOf([360_000], 0, term("2027-01-01T00:00", "2028-01-01T00:00")), SAIGON);
    expect(rows.map((row) => row.total)).toEqual(Array.from({ length: 12 }, () => 30_000));
  });

  test("don't have one of their own for a day that the calendar doesn't count", () => {
    const rows = usageRowsOf(invoiceOf([50_000], 0, term("2027-01-31T10:00", "2027-02-28T10:00")), SAIGON);
    expect(shown(rows)).toEqual([["2027-02-01", 0, 50_000]]);
    const day = usageRowsOf(invoiceOf([50_000], 0, term("2027-01-31T10:00", "2027-02-01T00:00")), SAIGON);
    expect(shown(day)).toEqual([["2027-01-31", 0, 50_000]]);
  });

  test("are those of its lines where these have periods of their own", () => {
    const period = term("2027-01-05T00:00", "2027-01-20T00:00");
    const bill = invoiceOf([50_000], 0, term("2027-01-01T00:00", "2027-02-01T00:00"), { period });
    expect(usageRowsOf(bill, SAIGON).map((row) => row.period)).toEqual([period]);
  });
});

const ZONES = [SAIGON, "UTC", "America/New_York", "Australia/Lord_Howe", "America/St_Johns"];
const minutes = fc.integer({ min: Date.UTC(2005, 0, 1) / MINUTE_MS, max: Date.UTC(2031, 0, 1) / MINUTE_MS });
const amounts = fc.array(fc.integer({ min: 0, max: 5_000_000 }), { minLength: 1, maxLength: 6 });

/** Invoices of several charges and any length, with any part of them discounted. */
const invoices = fc
  .record({
    timeZone: fc.constantFrom(...ZONES),
    startMs: minutes.map((minute) => minute * MINUTE_MS),
    months: fc.integer({ min: 0, max: 14 }),
    extraMinutes: fc.integer({ min: 1, max: 60 * 24 * 40 }),
    charges: fc.array(fc.record({ amounts, discounted: fc.integer({ min: 0, max: 100 }) }), {
      minLength: 1,
      maxLength: 3,
    }),
  })
  .map(({ timeZone, startMs, months, extraMinutes, charges }) => {
    const endMs = addMonths(startMs, months, 31, timeZone) + extraMinutes * MINUTE_MS;
    const period = { startMs, endMs: Math.max(endMs, startMs + MINUTE_MS) };
    const lines = charges.flatMap(
      ({ amounts: parts, discounted }) =>
        invoiceOf(parts, Math.floor((total(parts) * discounted) / 100), period).lines,
    );
    const due = total(lines.map(({ gross, discount }) => gross - discount));
    return { timeZone, invoice: { ...INVOICE, period, lines, total: due as never } };
  });

describe("the usage report of any invoice", () => {
  test("sums to the invoice, item by item, and its coupons to the coupon", () => {
    fc.assert(
      fc.property(invoices, ({ invoice, timeZone }) => {
        const rows = usageRowsOf(invoice, timeZone);
        expect(total(rows.map((row) => row.total))).toBe(invoice.total);
        expect(total(rows.map((row) => row.coupon))).toBe(
          total(invoice.lines.map(({ discount }) => discount)),
        );
        for (const item of invoice.lines.flatMap(({ items }) => items)) {
          const own = rows.filter((row) => row.item === item);
          expect(total(own.map((row) => row.total + row.coupon))).toBe(item.amount);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("spreads the coupon evenly wherever there is room, and no row is below zero", () => {
    fc.assert(
      fc.property(invoices, ({ invoice, timeZone }) => {
        const rows = usageRowsOf(invoice, timeZone);
        expect(rows.filter((row) => row.total < 0 || row.coupon < 0)).toEqual([]);
        const months = Map.groupBy(rows, ({ period }) => monthOf(period.startMs, timeZone).startMs);
        const shares = [...months.values()].map((month) => ({
          coupon: total(month.map(({ coupon }) => coupon)),
          isFull: month.every((row) => row.total === 0),
        }));
        const open = shares.filter(({ isFull }) => !isFull).map(({ coupon }) => coupon);
        expect(Math.max(0, ...open) - Math.min(...open, Math.max(0, ...open))).toBeLessThanOrEqual(1);
        // A month that is full has no more than the others.
        const most = Math.max(...shares.map(({ coupon }) => coupon));
        expect(most).toBeLessThanOrEqual(open.length > 0 ? Math.max(...open) + 1 : most);
      }),
      { numRuns: 500 },
    );
  });

  test("has its rows in order, each within one month of the invoice's own period", () => {
    fc.assert(
      fc.property(invoices, ({ invoice, timeZone }) => {
        const rows = usageRowsOf(invoice, timeZone);
        for (const { period } of rows) {
          expect(period.startMs).toBeGreaterThanOrEqual(invoice.period.startMs);
          expect(period.endMs).toBeLessThanOrEqual(invoice.period.endMs);
        }
        const starts = rows.map(({ period }) => period.startMs);
        expect(starts).toEqual(starts.toSorted((a, b) => a - b));
      }),
    );
  });
});

test("what a bill makes good of an earlier month is that month's, also where it is less than nothing", () => {
  const period = term("2027-02-01T00:00", "2027-03-01T00:00");
  const earlier = { startMs: instant("2027-01-01T00:00"), endMs: instant("2027-02-01T00:00") };
  const [own] = invoiceOf([50_000], 0, period).lines;
  const [late] = invoiceOf([-3_000], 0, period, { period: earlier }).lines;
  const bill = { ...INVOICE, period, lines: [own, late] as Invoice["lines"], total: 47_000 as never };
  expect(shown(usageRowsOf(bill, SAIGON))).toEqual([
    ["2027-01-01", 0, -3_000],
    ["2027-02-01", 0, 50_000],
  ]);
});

test("a quantity that was metered is shown rounded, without zeros that say nothing", () => {
  expect(
    [ratio(72_000), ratio(100, 7), ratio(0), ratio(1, 1_000_000_000), decimal("7.70"), ratio(-5, 2)].map(
      (r) => decimalText(r, 6),
    ),
  ).toEqual([...["72000", "14.285714", "0", "0", "7.7", "-2.5"]]);
});
