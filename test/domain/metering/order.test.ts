import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Metering, Sku, Unit } from "../../../src/domain/catalogue.ts";
import { DAY_MS, HOUR_MS, localTime, MINUTE_MS } from "../../../src/domain/local-time.ts";
import { LocalDays } from "../../../src/domain/metering/local-days.ts";
import { useOf } from "../../../src/domain/metering/use.ts";
import { priceUse } from "../../../src/domain/pricing.ts";
import { exactText, ratio } from "../../../src/domain/ratio.ts";
import { instantsIn, zones } from "../instants.ts";
import { sku } from "../samples.ts";
import { metricsOf, readingsOf, type Told } from "./meters.ts";

const QUARTER_MS = 15 * MINUTE_MS;

const KINDS: readonly (readonly [Metering, Unit])[] = [
  ["gauge_hours", "GB-hour"],
  ["counter", "GB"],
  ["peak_connections", "connection"],
  ["peak_traffic", "GB"],
];

const meters: fc.Arbitrary<Sku> = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    freeAllowance: fc.constantFrom(undefined, "3", "10.5"),
    minimum: fc.constantFrom(undefined, "2"),
  })
  .map(({ kind: [metering, unit], ...more }) => sku("meter", "7.7", { metering, unit, ...more }));

/** Three days in some zone, often about a change of its clock, and what a meter was told of them. */
const stretches = zones.chain((timeZone) =>
  fc.record({
    timeZone: fc.constant(timeZone),
    startMs: instantsIn(timeZone).map((ms) => ms - (ms % 60_000)),
  }),
);
const toldFrom = (startMs: number): fc.Arbitrary<Told[]> =>
  fc.uniqueArray(
    fc.record({
      id: fc.stringMatching(/^[a-z0-9]{1,4}$/),
      key: fc.constantFrom(null, "a", "b"),
      quantity: fc
        .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 99 }))
        .map(([n, part]) => `${n}.${part}`),
      atMs: fc
        .oneof(
          fc.integer({ min: -DAY_MS, max: 3 * DAY_MS }),
          fc.integer({ min: -24, max: 72 }).map((hours) => hours * HOUR_MS),
        )
        .map((offset) => startMs + offset),
    }),
    { selector: ({ id }) => id, maxLength: 30 },
  );

/** A bill of the whole stretch. */
function billOf(of: Sku, batches: readonly (readonly Told[])[], startMs: number, timeZone: string) {
  const service = { startMs, endMs: startMs + 3 * DAY_MS, configuration: [{ sku: of, quantity: 0 }] };
  const parts = useOf([service], metricsOf(readingsOf(of, batches, timeZone), timeZone));
  return parts.flatMap(({ used }) => priceUse(used, "VND"));
}

describe("however a month's events arrive", () => {
  test("in any order and in any batches, they make the same readings and the same bill", () => {
    const cases = fc.tuple(meters, stretches).chain(([of, { timeZone, startMs }]) =>
      toldFrom(startMs).chain((told) =>
        fc.record({
          of: fc.constant(of),
          timeZone: fc.constant(timeZone),
          startMs: fc.constant(startMs),
          ordered: fc.constant(told.toSorted((a, b) => a.atMs - b.atMs)),
          arriving: fc.shuffledSubarray(told, { minLength: told.length }),
          cuts: fc.array(fc.nat({ max: told.length }), { maxLength: 5 }),
        }),
      ),
    );
    fc.assert(
      fc.property(cases, ({ of, timeZone, startMs, ordered, arriving, cuts }) => {
        const edges = [0, ...cuts.toSorted((a, b) => a - b), arriving.length];
        const batches = edges.slice(1).map((edge, index) => arriving.slice(edges[index], edge));
        const [expected, found] = [readingsOf(of, [ordered], timeZone), readingsOf(of, batches, timeZone)];
        expect(found).toEqual(expected);
        expect(billOf(of, batches, startMs, timeZone)).toEqual(billOf(of, [ordered], startMs, timeZone));
      }),
    );
  });

  test("a gauge's hours are what somebody who looks at its level at every hh:00 adds up", () => {
    const of = sku("meter", "1", { metering: "gauge_hours", unit: "GB-hour" });
    const cases = stretches.chain((stretch) =>
      toldFrom(stretch.startMs).map((told) => ({
        ...stretch,
        told: told.map((event) => ({ ...event, key: null })),
      })),
    );
    fc.assert(
      fc.property(cases, ({ timeZone, startMs, told }) => {
        let hundredths = 0;
        // Clocks everywhere differ by quarters of an hour.
        const firstMs = Math.ceil(startMs / QUARTER_MS) * QUARTER_MS;
        for (let atMs = firstMs; atMs < startMs + 3 * DAY_MS; atMs += QUARTER_MS) {
          if (localTime(atMs, timeZone).minuteOfDay % 60 !== 0) continue;
          const [latest] = told
            .filter((event) => event.atMs <= atMs)
            .sort((a, b) => b.atMs - a.atMs || (a.id < b.id ? 1 : -1));
          const [whole = "0", part = ""] = (latest?.quantity ?? "0").split(".");
          hundredths += Number(whole) * 100 + Number(part.padEnd(2, "0"));
        }
        const service = { startMs, endMs: startMs + 3 * DAY_MS, configuration: [{ sku: of, quantity: 0 }] };
        const parts = useOf([service], metricsOf(readingsOf(of, [told], timeZone), timeZone));
        const units = parts.flatMap(({ used }) => used.map((item) => exactText(item.units)));
        expect(units).toEqual(hundredths === 0 ? [] : [exactText(ratio(hundredths, 100))]);
      }),
      { numRuns: 30 },
    );
  });
});

describe("local days", () => {
  test("follow each other without gaps, and their hours are all instants at which the clock reads hh:00", () => {
    fc.assert(
      fc.property(
        zones.chain((timeZone) => fc.tuple(fc.constant(timeZone), instantsIn(timeZone))),
        ([timeZone, atMs]) => {
          const days = new LocalDays(timeZone);
          const day = days.at(atMs);
          expect(day.startMs <= atMs && atMs < day.endMs).toBe(true);
          expect(days.numbered(day.day + 1).startMs).toBe(day.endMs);
          const full: number[] = [];
          for (let quarterMs = day.startMs; quarterMs < day.endMs; quarterMs += QUARTER_MS) {
            if (localTime(quarterMs, timeZone).minuteOfDay % 60 === 0) full.push(quarterMs);
          }
          expect(day.hours).toEqual(full);
        },
      ),
      { numRuns: 30 },
    );
  });
});
