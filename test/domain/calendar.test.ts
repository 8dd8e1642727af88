import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addMonths,
  anchorDayOf,
  MONTH_MINUTES,
  minutesBetween,
  position,
  unusedPart,
} from "../../src/domain/calendar.ts";
import { DAY_MS, daysInMonth, localTime, MINUTE_MS } from "../../src/domain/local-time.ts";
import { quoteOrder } from "../../src/domain/quotes/quote-order.ts";
import { dividedBy, minus, plus, type Ratio, ratio } from "../../src/domain/ratio.ts";
import { firstTermTime } from "../../src/domain/resource.ts";
import { evenZones, instantsIn, zones } from "./instants.ts";
import { accountOf, instant, itemOf, orderId, SAIGON, vserver } from "./samples.ts";

const months = fc.integer({ min: 1, max: 60 });
const startsIn = (zone: fc.Arbitrary<string>) =>
  zone.chain((timeZone) => fc.record({ timeZone: fc.constant(timeZone), startMs: instantsIn(timeZone) }));
const starts = startsIn(zones);
const evenStarts = startsIn(evenZones);

const isZero = (r: Ratio) => r.num === 0n;
const equal = (a: Ratio, b: Ratio) => isZero(minus(a, b));

describe("a term of n months", () => {
  test("costs n unit prices from every instant in every zone", () => {
    fc.assert(
      fc.property(starts, months, ({ startMs, timeZone }, n) => {
        const quote = quoteOrder({
          action: "create",
          billing: "prepaid",
          resource: () => null,
          order: orderId("ord_1"),
          items: [itemOf("server", { general: 1 }, { period: { months: n } })],
          product: vserver,
          coupon: null,
          account: accountOf({ timeZone }),
          pocEndMs: null,
          nowMs: startMs,
        });
        expect(quote).toMatchObject({ ok: true, value: { total: n * 181_000, expiresAtMs: null } });
      }),
    );
  });

  test("ends n months on, at the same local time, on the anchor day or the month's last", () => {
    fc.assert(
      fc.property(starts, months, ({ startMs, timeZone }, n) => {
        const from = localTime(startMs, timeZone);
        const { endMs } = firstTermTime({ months: n }, startMs, timeZone);
        const to = localTime(endMs, timeZone);
        expect(to.year * 12 + to.month0).toBe(from.year * 12 + from.month0 + n);
        expect(to.day).toBe(Math.min(from.day, daysInMonth(to.year, to.month0)));
        // The clock may have jumped over the reading: by half an hour or one.
        expect([0, 30, 60].map((jump) => from.minuteOfDay + jump)).toContain(to.minuteOfDay);
        expect(endMs % MINUTE_MS).toBe(0);
      }),
    );
  });

  test("takes exactly n × 43 200 minutes between instants up to the 28th of a month", () => {
    fc.assert(
      fc.property(evenStarts, months, ({ startMs, timeZone }, n) => {
        const anchorDay = anchorDayOf(startMs, timeZone);
        fc.pre(anchorDay <= 28);
        const endMs = addMonths(startMs, n, anchorDay, timeZone);
        expect(minutesBetween(startMs, endMs, timeZone)).toBe(n * MONTH_MINUTES);
      }),
    );
  });

  test("can be reached by any chain of renewals, month ends included", () => {
    const chains = fc.array(fc.integer({ min: 1, max: 14 }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(starts, chains, ({ startMs, timeZone }, chain) => {
        const anchorDay = anchorDayOf(startMs, timeZone);
        const { minuteOfDay } = localTime(startMs, timeZone);
        let endMs = startMs;
        for (const n of chain) {
          endMs = addMonths(endMs, n, anchorDay, timeZone);
          // An end that the clock jumps over keeps its later time of day, so only the day is the long term's.
          fc.pre(localTime(endMs, timeZone).minuteOfDay === minuteOfDay);
        }
        const total = chain.reduce((a, b) => a + b, 0);
        expect(endMs).toBe(addMonths(startMs, total, anchorDay, timeZone));
      }),
    );
  });

  test.each([
    ["2023-01-31T09:30", 1, "2023-02-28T09:30"],
    ["2024-01-31T09:30", 1, "2024-02-29T09:30"],
    ["2023-01-31T09:30", 2, "2023-03-31T09:30"],
    ["2023-01-30T00:00", 1, "2023-02-28T00:00"],
    ["2023-12-31T23:59", 2, "2024-02-29T23:59"],
    ["2024-02-29T12:00", 12, "2025-02-28T12:00"],
    ["2024-02-29T12:00", 48, "2028-02-29T12:00"],
    ["2023-03-06T00:00", 3, "2023-06-06T00:00"],
  ])("from %s on, %d of them, ends at %s", (from, n, to) => {
    expect(firstTermTime({ months: n }, instant(from), SAIGON).endMs).toBe(instant(to));
  });

  test("renewed month by month from 31 Jan passes 28 Feb and comes back to 31 Mar, 30 Apr, 31 May", () => {
    const ends: number[] = [];
    let endMs = instant("2023-01-31T09:30:45");
    for (let renewal = 0; renewal < 4; renewal++) {
      endMs = addMonths(endMs, 1, 31, SAIGON);
      ends.push(endMs);
    }
    expect(ends).toEqual(
      ["2023-02-28T09:30", "2023-03-31T09:30", "2023-04-30T09:30", "2023-05-31T09:30"].map(instant),
    );
  });

  test("keeps its local time of day across a clock change", () => {
    const start = Date.parse("2024-02-20T09:00:00-05:00");
    const end = Date.parse("2024-03-20T09:00:00-04:00");
    expect(addMonths(start, 1, 20, "America/New_York")).toBe(end);
    expect(minutesBetween(start, end, "America/New_York")).toBe(MONTH_MINUTES);
  });
});

describe("minutes to an end instant", () => {
  const daysBetween = (from: string, to: string) =>
    minutesBetween(instant(from), instant(to), SAIGON) / 1_440;

  test.each([
    ["2023-04-16", "2023-06-06", 50],
    ["2023-04-16", "2023-05-01", 15],
    ["2023-02-28", "2023-03-01", 3],
    ["2024-02-28", "2024-03-01", 3],
    ["2024-02-29", "2024-03-01", 2],
    ["2023-01-30", "2023-01-31", 1],
    ["2023-01-31", "2023-02-01", 0],
    ["2023-01-30", "2023-02-01", 1],
    ["2022-12-31", "2023-12-31", 360],
    ["2023-01-15", "2024-01-15", 360],
    ["2023-03-01", "2023-03-31T23:59", 30],
  ])("from %s to %s are %d days", (from, to, days) => {
    expect(daysBetween(from, to)).toBe(days);
  });

  test("are counted by the minute, seconds cut off at both ends", () => {
    const [from, to] = [instant("2023-04-16T10:07:59"), instant("2023-04-17T10:09:01")];
    expect(minutesBetween(from, to, SAIGON)).toBe(1_442);
  });

  test("are a day's 1 440 from any reading to the same one a day later, unless a 31st or a February's end lies between", () => {
    fc.assert(
      fc.property(evenStarts, ({ startMs, timeZone }) => {
        const { day, month0 } = localTime(startMs, timeZone);
        const lastCounted = month0 === 1 ? 27 : 29;
        fc.pre(day <= lastCounted);
        expect(minutesBetween(startMs, startMs + DAY_MS, timeZone)).toBe(1_440);
      }),
    );
  });

  test("of a whole month, midnight to midnight, are 43 200 whatever its length", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2019, max: 2032 }), fc.integer({ min: 0, max: 11 }), (year, month0) => {
        const [from, to] = [Date.UTC(year, month0, 1), Date.UTC(year, month0 + 1, 1)];
        expect(minutesBetween(from, to, "UTC")).toBe(MONTH_MINUTES);
      }),
    );
  });

  test("add up: from A to B and from B to C is from A to C", () => {
    const three = zones.chain((timeZone) =>
      fc.record({
        timeZone: fc.constant(timeZone),
        at: fc.tuple(instantsIn(timeZone), instantsIn(timeZone), instantsIn(timeZone)),
      }),
    );
    fc.assert(
      fc.property(three, ({ timeZone, at: [a, b, c] }) => {
        const between = (from: number, to: number) => minutesBetween(from, to, timeZone);
        expect(between(a, b) + between(b, c)).toBe(between(a, c));
      }),
    );
  });

  test("depend on the account's zone, not on UTC", () => {
    const [from, to] = [instant("2023-01-31T06:59"), instant("2023-02-01T00:00")];
    expect(minutesBetween(from, to, SAIGON)).toBe(0);
    expect(minutesBetween(from, to, "UTC")).toBe(1);
  });
});

describe("the position on the calendar", () => {
  test("never falls as time goes on, and never runs ahead of real time by more than a February's missing days", () => {
    const pairs = evenZones.chain((timeZone) =>
      fc.record({
        timeZone: fc.constant(timeZone),
        at: fc.tuple(instantsIn(timeZone), instantsIn(timeZone)),
      }),
    );
    fc.assert(
      fc.property(pairs, ({ timeZone, at }) => {
        const [early, late] = at[0] < at[1] ? at : [at[1], at[0]];
        const counted = minutesBetween(early, late, timeZone);
        const real = (late - early) / MINUTE_MS;
        expect(counted).toBeGreaterThanOrEqual(0);
        expect(counted).toBeLessThanOrEqual(real + 1 + 2 * 1_440);
      }),
    );
  });

  test("stands still through a 31st", () => {
    const at = ["2023-01-31T00:00", "2023-01-31T12:34", "2023-01-31T23:59", "2023-02-01T00:00"];
    expect(new Set(at.map((text) => position(instant(text), SAIGON))).size).toBe(1);
  });
});

describe("the unused part of a term", () => {
  const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 6 });
  const spansIn = (zone: fc.Arbitrary<string>) =>
    fc.tuple(startsIn(zone), fc.integer({ min: 1, max: 24 }), cuts).map(([{ startMs, timeZone }, n, at]) => {
      const span = firstTermTime({ months: n }, startMs, timeZone);
      const between = (part: number) => span.startMs + Math.floor((span.endMs - span.startMs) * part);
      return { span, timeZone, cutsMs: [...at].sort((a, b) => a - b).map(between) };
    });

  test("and the used part are the whole at any cut, exactly", () => {
    fc.assert(
      fc.property(spansIn(evenZones), ({ span, timeZone, cutsMs }) => {
        const whole = ratio(minutesBetween(span.startMs, span.endMs, timeZone));
        for (const cutMs of cutsMs) {
          const used = dividedBy(ratio(minutesBetween(span.startMs, cutMs, timeZone)), whole);
          expect(equal(plus(used, unusedPart(span, cutMs, timeZone)), ratio(1))).toBe(true);
        }
      }),
    );
  });

  test("is split by a cut into the stretch up to the next cut and what is unused there", () => {
    fc.assert(
      fc.property(spansIn(evenZones), ({ span, timeZone, cutsMs }) => {
        let left = ratio(1);
        const whole = ratio(minutesBetween(span.startMs, span.endMs, timeZone));
        let fromMs = span.startMs;
        for (const cutMs of [...cutsMs, span.endMs]) {
          left = minus(left, dividedBy(ratio(minutesBetween(fromMs, cutMs, timeZone)), whole));
          expect(equal(left, unusedPart(span, cutMs, timeZone))).toBe(true);
          fromMs = cutMs;
        }
        expect(isZero(left)).toBe(true);
      }),
    );
  });

  test("stays between nothing and all in every zone, at every instant", () => {
    fc.assert(
      fc.property(spansIn(zones), ({ span, timeZone, cutsMs }) => {
        for (const cutMs of [...cutsMs, span.startMs - DAY_MS, span.endMs + DAY_MS]) {
          const { num, den } = unusedPart(span, cutMs, timeZone);
          expect(num >= 0n && num <= den).toBe(true);
        }
      }),
    );
  });

  test("is all before and at the start, through its first minute, and nothing from the end on", () => {
    const span = { startMs: instant("2023-03-06T10:00"), endMs: instant("2023-04-06T10:00") };
    const partAt = (text: string) => unusedPart(span, instant(text), SAIGON);
    for (const text of ["2023-01-01", "2023-03-06T10:00", "2023-03-06T10:00:59"]) {
      expect(equal(partAt(text), ratio(1))).toBe(true);
    }
    expect(equal(partAt("2023-03-06T10:01"), ratio(43_199, 43_200))).toBe(true);
    expect(equal(partAt("2023-03-21T10:00"), ratio(1, 2))).toBe(true);
    expect(equal(partAt("2023-04-06T09:59:59"), ratio(1, 43_200))).toBe(true);
    expect(isZero(partAt("2023-04-06T10:00"))).toBe(true);
    expect(isZero(partAt("2024-01-01"))).toBe(true);
  });

  test("of a term from 31 Jan to 28 Feb is counted on its own 27 days", () => {
    const span = { startMs: instant("2023-01-31"), endMs: instant("2023-02-28") };
    const partAt = (text: string) => unusedPart(span, instant(text), SAIGON);
    expect(equal(partAt("2023-01-31T23:59"), ratio(1))).toBe(true);
    expect(equal(partAt("2023-02-10"), ratio(18, 27))).toBe(true);
  });

  test("of a span that covers no counted minute is nothing once it has begun", () => {
    const span = { startMs: instant("2023-01-31T08:00"), endMs: instant("2023-02-01T00:00") };
    expect(isZero(unusedPart(span, instant("2023-01-31T12:00"), SAIGON))).toBe(true);
  });

  test("does not leave its range while the clock is set back", () => {
    const timeZone = "America/New_York";
    const span = { startMs: Date.parse("2024-11-03T05:30Z"), endMs: Date.parse("2024-12-03T06:30Z") };
    const secondTime = Date.parse("2024-11-03T06:10Z");
    expect(localTime(secondTime, timeZone).minuteOfDay).toBe(70);
    expect(equal(unusedPart(span, secondTime, timeZone), ratio(1))).toBe(true);
  });
});
