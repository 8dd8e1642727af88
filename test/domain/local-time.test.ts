import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  DAY_MS,
  floorToMinute,
  instantOf,
  isTimeZone,
  localTime,
  MINUTE_MS,
} from "../../src/domain/local-time.ts";
import { evenZones, instants, readings, zones } from "./instants.ts";

const reading = (text: string) => {
  const [date = "", time = ""] = text.split(" ");
  const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return { year, month0: month - 1, day, minuteOfDay: hour * 60 + minute };
};

const utc = (text: string) => new Date(Date.parse(`${text.replace(" ", "T")}Z`)).toISOString();

describe("the wall clock", () => {
  test.each([
    ["Asia/Ho_Chi_Minh", "2023-04-15 17:00:59.999", "2023-04-16 00:00"],
    ["Asia/Kathmandu", "2023-12-31 18:14:59", "2023-12-31 23:59"],
    ["Asia/Kathmandu", "2023-12-31 18:15", "2024-01-01 00:00"],
    ["Pacific/Apia", "2011-12-30 09:59", "2011-12-29 23:59"],
    ["Pacific/Apia", "2011-12-30 10:00", "2011-12-31 00:00"],
    ["UTC", "1969-12-31 23:59:59", "1969-12-31 23:59"],
  ])("in %s at %s UTC reads %s", (timeZone, at, reads) => {
    expect(localTime(Date.parse(utc(at)), timeZone)).toEqual(reading(reads));
  });

  test("leads back to the very minute in a zone without clock changes", () => {
    fc.assert(
      fc.property(instants, evenZones, (atMs, timeZone) => {
        expect(instantOf(localTime(atMs, timeZone), timeZone)).toBe(floorToMinute(atMs));
      }),
    );
  });

  test("leads back to the first minute that reads the same in any zone", () => {
    fc.assert(
      fc.property(instants, zones, (atMs, timeZone) => {
        const back = instantOf(localTime(atMs, timeZone), timeZone);
        expect(localTime(back, timeZone)).toEqual(localTime(atMs, timeZone));
        expect([0, 30, 60].map((minutes) => floorToMinute(atMs) - minutes * MINUTE_MS)).toContain(back);
      }),
    );
  });

  test("shows every reading at its instant, or a later one where the clock jumps over it", () => {
    fc.assert(
      fc.property(readings, zones, (wanted, timeZone) => {
        const found = localTime(instantOf(wanted, timeZone), timeZone);
        const asUtc = (local: typeof found) =>
          Date.UTC(local.year, local.month0, local.day) + local.minuteOfDay * MINUTE_MS;
        expect([0, 30, 60].map((minutes) => asUtc(wanted) + minutes * MINUTE_MS)).toContain(asUtc(found));
      }),
    );
  });
});

describe("a reading that is skipped", () => {
  test.each([
    ["America/New_York", "2024-03-10 01:59", "2024-03-10 06:59"],
    ["America/New_York", "2024-03-10 02:00", "2024-03-10 07:00"],
    ["America/New_York", "2024-03-10 02:30", "2024-03-10 07:30"],
    ["America/New_York", "2024-03-10 03:00", "2024-03-10 07:00"],
    ["Australia/Lord_Howe", "2024-10-06 02:15", "2024-10-05 15:45"],
    ["Australia/Lord_Howe", "2024-10-06 02:30", "2024-10-05 15:30"],
    ["Pacific/Apia", "2011-12-30 12:00", "2011-12-30 22:00"],
    ["Pacific/Apia", "2011-12-31 00:00", "2011-12-30 10:00"],
  ])("lies as far behind the jump as behind its start: %s, %s is %s UTC", (timeZone, local, expected) => {
    expect(new Date(instantOf(reading(local), timeZone)).toISOString()).toBe(utc(expected));
  });
});

describe("a reading that happens twice", () => {
  test.each([
    ["America/New_York", "2024-11-03 00:59", "2024-11-03 04:59"],
    ["America/New_York", "2024-11-03 01:00", "2024-11-03 05:00"],
    ["America/New_York", "2024-11-03 01:59", "2024-11-03 05:59"],
    ["America/New_York", "2024-11-03 02:00", "2024-11-03 07:00"],
    ["Australia/Lord_Howe", "2024-04-07 01:45", "2024-04-06 14:45"],
    ["Australia/Lord_Howe", "2024-04-07 02:00", "2024-04-06 15:30"],
  ])("means the first of the two: %s, %s is %s UTC", (timeZone, local, expected) => {
    expect(new Date(instantOf(reading(local), timeZone)).toISOString()).toBe(utc(expected));
  });
});

test("instants are cut to the minute, before 1970 too", () => {
  expect(floorToMinute(DAY_MS + 59_999)).toBe(DAY_MS);
  expect(floorToMinute(-1)).toBe(-MINUTE_MS);
});

test("time zones are the known names and nothing else", () => {
  expect(["Asia/Ho_Chi_Minh", "UTC", "Pacific/Apia"].map(isTimeZone)).toEqual([true, true, true]);
  expect(["", "Asia/Saigon2", "Hanoi", "GMT+7"].map(isTimeZone)).toEqual([false, false, false, false]);
});
