import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MINUTE_MS } from "../../../src/domain/local-time.ts";
import { monthOf } from "../../../src/domain/month.ts";
import { type Segment, switchTo, usedMonths } from "../../../src/domain/usage.ts";
import { instant, SAIGON, sku } from "../samples.ts";

// Zones with and without daylight saving, of odd offsets, and one whose clocks went back over midnight.
const ZONES = [
  SAIGON,
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
  "Pacific/Apia",
  "America/St_Johns",
  "America/Havana",
];
const zones = fc.constantFrom(...ZONES);
/** Around the years in which St. John's changed its clocks a minute after midnight. */
const instants = fc.integer({
  min: Date.UTC(2005, 0, 1) / MINUTE_MS,
  max: Date.UTC(2031, 0, 1) / MINUTE_MS,
});

const used = (configuration: Segment["configuration"]) => ({ catalogueVersion: 1, configuration });
const per30Days = (unitPrice: string) => used([{ sku: sku("item", unitPrice), quantity: 1 }]);

describe("months", () => {
  test("follow each other without a gap, and every instant lies in its own, in any zone", () => {
    fc.assert(
      fc.property(instants, zones, (minute, timeZone) => {
        const atMs = minute * MINUTE_MS;
        const month = monthOf(atMs, timeZone);
        expect(month.startMs).toBeLessThanOrEqual(atMs);
        expect(month.endMs).toBeGreaterThan(atMs);
        expect(monthOf(month.endMs, timeZone).startMs).toBe(month.endMs);
        expect(monthOf(month.endMs - 1, timeZone)).toEqual(month);
        expect(month.closesAtMs).toBeGreaterThan(month.endMs);
      }),
      { numRuns: 500 },
    );
  });

  test("are closed at 02:00 on the first, in the account's time", () => {
    const { startMs, endMs, closesAtMs } = monthOf(instant("2027-02-28T23:59"), SAIGON);
    expect([startMs, endMs, closesAtMs]).toEqual(
      ["2027-02-01T00:00", "2027-03-01T00:00", "2027-03-01T02:00"].map(instant),
    );
  });

  test("begin once where clocks go back over midnight", () => {
    // St. John's: on 31 October 2010 nothing happened at midnight, on 7 November 00:01 became 23:01.
    const inRepeatedHour = Date.UTC(2010, 10, 7, 2, 45);
    const month = monthOf(inRepeatedHour, "America/St_Johns");
    expect(month.startMs).toBeLessThan(inRepeatedHour);
    expect(new Date(month.endMs).toISOString()).toBe("2010-12-01T03:30:00.000Z");
  });
});

describe("use", () => {
  test("is billed for every minute once, however often it changes, in whatever zone and month", () => {
    fc.assert(
      fc.property(
        instants,
        fc.array(fc.integer({ min: 0, max: 70 * 1_440 }), { minLength: 1, maxLength: 12 }),
        fc.nat(59_999),
        zones,
        (startMinute, waits, offMs, timeZone) => {
          let atMs = startMinute * MINUTE_MS + offMs;
          let segments = switchTo([], per30Days("43200"), atMs);
          for (const wait of waits) {
            atMs += wait * MINUTE_MS;
            segments = switchTo(segments, per30Days("43200"), atMs);
          }
          const endMs = atMs + 1_000 * MINUTE_MS;
          const months = usedMonths(segments, endMs, { timeZone, currency: "VND" });
          const lines = months.flatMap(({ charges }) => charges);
          // One dong a minute: what it costs is how long it ran.
          for (const { period, gross } of lines)
            expect(gross).toBe((period.endMs - period.startMs) / MINUTE_MS);
          expect(lines[0]?.period.startMs).toBe(startMinute * MINUTE_MS);
          expect(lines.at(-1)?.period.endMs).toBe(Math.floor(endMs / MINUTE_MS) * MINUTE_MS);
          for (const [index, { period }] of lines.slice(1).entries())
            expect(period.startMs).toBe(lines[index]?.period.endMs);
          for (const { month, charges } of months)
            for (const { period } of charges) {
              expect(period.startMs).toBeGreaterThanOrEqual(month.startMs);
              expect(period.endMs).toBeLessThanOrEqual(month.endMs);
            }
        },
      ),
      { numRuns: 300 },
    );
  });

  test.each([
    ["2027-01-01", "2027-02-01", 31 / 30],
    ["2027-02-01", "2027-03-01", 28 / 30],
    ["2027-04-01", "2027-05-01", 30 / 30],
  ])("from %s to %s costs its real days", (from, to, months) => {
    const segments = switchTo([], per30Days("181000"), instant(from));
    const [month] = usedMonths(segments, instant(to), { timeZone: SAIGON, currency: "VND" });
    expect(month?.total).toBe(Math.round(181_000 * months));
  });

  test("of both configurations is billed to the minute in which one followed the other", () => {
    const before = switchTo([], per30Days("90000"), instant("2027-04-01"));
    const segments = switchTo(before, per30Days("181000"), instant("2027-04-16T12:00") + 59_999);
    const [month] = usedMonths(segments, instant("2027-05-01"), { timeZone: SAIGON, currency: "VND" });
    expect(month?.charges.map(({ period, gross }) => [period.startMs, period.endMs, gross])).toEqual([
      [instant("2027-04-01"), instant("2027-04-16T12:00"), 46_500],
      [instant("2027-04-16T12:00"), instant("2027-05-01"), 87_483],
    ]);
    expect(month?.total).toBe(133_983);
  });

  test("that lasted no minute, or ended before it began because a clock was set back, costs nothing", () => {
    const began = instant("2027-04-10T08:00");
    const segments = switchTo([], per30Days("90000"), began);
    expect(switchTo(segments, null, began + 59_999)).toEqual([]);
    expect(switchTo(segments, null, began - 3_600_000)).toEqual([]);
    expect(usedMonths(segments, began, { timeZone: SAIGON, currency: "VND" })).toEqual([]);
  });

  test("has a line a tax rate, and its parts sum to it", () => {
    const configuration = [
      { sku: sku("small", "90000.5"), quantity: 3 },
      { sku: sku("disk", "35000.7"), quantity: 1 },
      { sku: sku("licence", "1000", { taxRate: "8", taxIncluded: false }), quantity: 7 },
    ];
    const segments = switchTo([], used(configuration), instant("2027-04-10T08:13"));
    const [month] = usedMonths(segments, instant("2027-04-29T01:01"), { timeZone: SAIGON, currency: "VND" });
    expect(month?.charges.map(({ taxRate }) => taxRate)).toEqual(["10", "8"]);
    for (const { gross, items } of month?.charges ?? [])
      expect(items.reduce((total, { amount }) => total + amount, 0)).toBe(gross);
  });
});
