import { describe, expect, test } from "vitest";
import { formatDate, formatInstant, formatMoney, type Locale } from "../../src/texts/locale.ts";
import { formatDistance } from "../../src/texts/relative.ts";

describe("amounts", () => {
  test.each([
    [0, "0 VND", "0 VND"],
    [999, "999 VND", "999 VND"],
    [250_000, "250,000 VND", "250.000 VND"],
    [-250_000, "-250,000 VND", "-250.000 VND"],
    [10_000_000_000_000, "10,000,000,000,000 VND", "10.000.000.000.000 VND"],
  ])("of %i dong", (minor, en, vi) => {
    expect([formatMoney(minor, "VND", "en"), formatMoney(minor, "VND", "vi")]).toEqual([en, vi]);
  });

  test.each([
    [0, "0.00 USD", "0,00 USD"],
    [5, "0.05 USD", "0,05 USD"],
    [1_999, "19.99 USD", "19,99 USD"],
    [100_000, "1,000.00 USD", "1.000,00 USD"],
    [-1, "-0.01 USD", "-0,01 USD"],
    [9_999_999_999_999, "99,999,999,999.99 USD", "99.999.999.999,99 USD"],
  ])("of %i cents", (minor, en, vi) => {
    expect([formatMoney(minor, "USD", "en"), formatMoney(minor, "USD", "vi")]).toEqual([en, vi]);
  });
});

describe("instants", () => {
  const at = (instant: string, timeZone: string, locale: Locale = "en") =>
    formatInstant(Date.parse(instant), timeZone, locale);

  test.each([
    ["2027-03-10T03:15:00Z", "Asia/Ho_Chi_Minh", "10 March 2027 at 10:15"],
    ["2027-12-31T17:00:00Z", "Asia/Ho_Chi_Minh", "1 January 2028 at 00:00"],
    ["2027-12-31T16:59:59Z", "Asia/Ho_Chi_Minh", "31 December 2027 at 23:59"],
    ["2027-03-14T06:59:00Z", "America/New_York", "14 March 2027 at 01:59"],
    ["2027-03-14T07:00:00Z", "America/New_York", "14 March 2027 at 03:00"],
    ["2028-02-29T12:00:00Z", "Asia/Kolkata", "29 February 2028 at 17:30"],
    ["2027-03-10T03:15:00Z", "UTC", "10 March 2027 at 03:15"],
  ])("%s in %s", (instant, timeZone, expected) => {
    expect(at(instant, timeZone)).toBe(expected);
  });

  test("are written the Vietnamese way for Vietnamese readers", () => {
    expect(at("2027-12-31T17:05:00Z", "Asia/Ho_Chi_Minh", "vi")).toBe("lúc 00:05 1 tháng 1, 2028");
  });
});

describe("days", () => {
  test.each([
    ["2027-12-31T16:59:59Z", "Asia/Ho_Chi_Minh", "31 December 2027", "31 tháng 12, 2027"],
    ["2027-12-31T17:00:00Z", "Asia/Ho_Chi_Minh", "1 January 2028", "1 tháng 1, 2028"],
    ["2027-12-31T17:00:00Z", "UTC", "31 December 2027", "31 tháng 12, 2027"],
  ])("%s in %s", (instant, timeZone, en, vi) => {
    const atMs = Date.parse(instant);
    expect([formatDate(atMs, timeZone, "en"), formatDate(atMs, timeZone, "vi")]).toEqual([en, vi]);
  });
});

describe("how far off an instant is", () => {
  const MINUTE = 60_000;
  const HOUR = 60 * MINUTE;
  const DAY = 24 * HOUR;

  test.each([
    [5 * DAY, "in 5 days", "sau 5 ngày nữa"],
    [2 * DAY - 1, "in 1 day", "sau 1 ngày nữa"],
    [DAY - 1, "in 23 hours", "sau 23 giờ nữa"],
    [90 * MINUTE, "in 1 hour", "sau 1 giờ nữa"],
    [HOUR - 1, "in 59 minutes", "sau 59 phút nữa"],
    [MINUTE - 1, "in 0 minutes", "sau 0 phút nữa"],
    [-3 * DAY - HOUR, "3 days ago", "3 ngày trước"],
  ])("by %i ms is told in whole units that are left", (ms, en, vi) => {
    const nowMs = Date.parse("2027-03-10T03:15:00Z");
    expect([formatDistance(nowMs + ms, nowMs, "en"), formatDistance(nowMs + ms, nowMs, "vi")]).toEqual([
      en,
      vi,
    ]);
  });
});
