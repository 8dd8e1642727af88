import fc from "fast-check";
import { daysInMonth, instantOf, type LocalTime } from "../../src/domain/local-time.ts";

/** Zones without clock changes in the years generated here: their local time only ever moves forward, evenly. */
export const EVEN_ZONES = ["Asia/Ho_Chi_Minh", "UTC", "Asia/Kathmandu"] as const;

/** And zones with them: an hour, half an hour, and one that moved across the date line. */
export const ZONES = [...EVEN_ZONES, "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"] as const;

export const evenZones = fc.constantFrom(...EVEN_ZONES);
export const zones = fc.constantFrom(...ZONES);

/** Any minute of any day of 2019–2032, month ends and clock changes' small hours often. */
export const readings: fc.Arbitrary<LocalTime> = fc
  .record({
    year: fc.integer({ min: 2019, max: 2032 }),
    month0: fc.integer({ min: 0, max: 11 }),
    fromEnd: fc.oneof(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 27 })),
    minuteOfDay: fc.oneof(
      fc.constantFrom(0, 1, 719, 1_439),
      fc.integer({ min: 60, max: 200 }),
      fc.integer({ min: 0, max: 1_439 }),
    ),
  })
  .map(({ fromEnd, ...rest }) => ({ ...rest, day: daysInMonth(rest.year, rest.month0) - fromEnd }));

/** Any instant of the same years, to the millisecond. */
export const instants = fc.integer({ min: Date.UTC(2019, 0, 1), max: Date.UTC(2032, 11, 31) });

/** Instants at such readings in a zone, with stray seconds. */
export const instantsIn = (timeZone: string): fc.Arbitrary<number> =>
  fc
    .tuple(readings, fc.constantFrom(0, 1, 30_000, 59_999))
    .map(([reading, strayMs]) => instantOf(reading, timeZone) + strayMs);
