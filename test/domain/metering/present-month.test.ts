import { describe, expect, test } from "vitest";
import type { Sku } from "../../../src/domain/catalogue.ts";
import { KEYS_TOLD, measured } from "../../../src/domain/metering/measured.ts";
import { foreseenMonth } from "../../../src/domain/present-month.ts";
import { exactText } from "../../../src/domain/ratio.ts";
import { type Segment, switchTo, usedMonths } from "../../../src/domain/usage.ts";
import { instant, SAIGON, sku } from "../samples.ts";
import { at, metricsOf, readingsOf, type Told } from "./meters.ts";

const ACCOUNT = { timeZone: SAIGON, currency: "VND" } as const;
/** A dong a minute. */
const node = sku("node", "43200");
const disk = sku("disk", "10", { metering: "gauge_hours", unit: "GB-hour" });
const traffic = (more: Partial<Sku> = {}) =>
  sku("traffic", "1000", { metering: "counter", unit: "GB", ...more });
const data = (more: Partial<Sku> = {}) =>
  sku("data", "280", { metering: "peak_traffic", unit: "GB", freeAllowance: "500", ...more });
const NODES_MONTH = 30 * 1_440;

/** Service since some instant of April, which has 30 days. */
const served = (of: Sku, quantity: number, since = "2027-04-01"): Segment[] =>
  switchTo([], { catalogueVersion: 1, configuration: [{ sku: of, quantity }] }, instant(since));

const foreseen = (segments: readonly Segment[], now: string, of: Sku = node, told: readonly Told[] = []) =>
  foreseenMonth({ segments, closed: null }, instant(now), ACCOUNT, readingsOf(of, [told], SAIGON))?.total ??
  null;

describe("what a month will cost", () => {
  test("of a configuration is what it is by the minute, through the month", () => {
    expect(foreseen(served(node, 1), "2027-04-11")).toBe(NODES_MONTH);
    expect(foreseen(served(node, 1, "2027-04-21"), "2027-04-25")).toBe(NODES_MONTH / 3);
  });

  test("of a gauge has its last level stay", () => {
    const told = [at("2027-04-11", 3)];
    expect(foreseen(served(disk, 1), "2027-04-12", disk, told)).toBe(10 * (10 * 24 + 3 * 20 * 24));
  });

  test("of a counter goes on at the pace so far, each key by whole units", () => {
    const told = [at("2027-04-02", "10", { key: "a" }), at("2027-04-03", "1.75", { key: "b" })];
    expect(foreseen(served(traffic(), 0), "2027-04-11", traffic(), told)).toBe((30 + 5) * 1_000);
  });

  test("counts the pace from where service began, and takes off what is free once", () => {
    const told = [at("2027-04-22", "10")];
    const since = served(traffic(), 0, "2027-04-21");
    expect(foreseen(since, "2027-04-26", traffic(), told)).toBe(20_000);
    const partlyFree = traffic({ freeAllowance: "5" });
    expect(foreseen(served(partlyFree, 0, "2027-04-21"), "2027-04-26", partlyFree, told)).toBe(15_000);
  });

  test("of peaks goes on at what they were above what is free", () => {
    const told = [at("2027-04-02", "700"), at("2027-04-03", "400")];
    expect(foreseen(served(data(), 0), "2027-04-11", data(), told)).toBe(280 * 200 * 3);
  });

  test("is what was used so far where nothing goes on", () => {
    const told = [at("2027-04-02", "10")];
    const ended = switchTo(served(traffic(), 0), null, instant("2027-04-05"));
    expect(foreseen(ended, "2027-04-11", traffic(), told)).toBe(10_000);
    const stretch = {
      catalogueVersion: 1,
      configuration: [{ sku: node, quantity: 1 }],
      isPaused: true,
    } as const;
    expect(foreseen(switchTo(served(node, 1), stretch, instant("2027-04-05")), "2027-04-11")).toBe(4 * 1_440);
  });

  test("leaves out the time in which it was suspended, and other months", () => {
    const next = { catalogueVersion: 1, configuration: [{ sku: traffic(), quantity: 0 }] };
    const suspended = switchTo(served(traffic(), 0, "2027-03-20"), null, instant("2027-04-06"));
    const resumed = switchTo(suspended, next, instant("2027-04-16"));
    const told = [at("2027-03-25", "500"), at("2027-04-02", "10")];
    // Ten days of service so far, and ten to come.
    expect(foreseen(resumed, "2027-04-21", traffic(), told)).toBe(20_000);
  });

  test("at the month's end is what its bill says; of no use there is none", () => {
    const told = [at("2027-04-02", "10.5"), at("2027-04-30T23:59", "1.5")];
    const segments = served(traffic(), 0);
    const [bill] = usedMonths(
      segments,
      instant("2027-05-01"),
      ACCOUNT,
      readingsOf(traffic(), [told], SAIGON),
    );
    expect(foreseen(segments, "2027-04-30T23:59", traffic(), told)).toBe(bill?.total);
    expect(foreseen([], "2027-04-11")).toBeNull();
    expect(foreseen(served(node, 1), "2027-04-01")).toBe(NODES_MONTH);
  });
});

describe("what meters say for people", () => {
  const APRIL = { startMs: instant("2027-04-01"), endMs: instant("2027-04-04T12:00") };
  const said = (of: Sku, told: readonly Told[], quantity = 0) => {
    const levels = [{ sku: of.id, atMs: APRIL.startMs, quantity }];
    const metrics = metricsOf(readingsOf(of, [told], SAIGON), SAIGON, levels);
    const [found] = measured([{ sku: of, quantity }], APRIL, metrics);
    if (!found) throw new Error("nothing was measured");
    return {
      ...found,
      quantity: exactText(found.quantity),
      days: found.days.map((day) => exactText(day.quantity)),
      keys: found.keys.map(({ key, quantity: total, days }) => [key, exactText(total), days.length]),
    };
  };

  test("is a gauge's level now and at the end of each day", () => {
    const told = [at("2027-04-02T10:00", "2.5"), at("2027-04-04T11:00", "4"), at("2027-04-04T12:30", "9")];
    expect(said(disk, told, 1)).toMatchObject({ quantity: "4", days: ["1", "5/2", "5/2", "4"] });
  });

  test("is a counter's total, by key and day, what counted most first", () => {
    const told = [
      at("2027-03-31T23:59", "99", { key: "a" }),
      at("2027-04-01T00:00", "1.25", { key: "a" }),
      at("2027-04-01T10:00", "2", { key: "b" }),
      at("2027-04-03T10:00", "0.5"),
    ];
    expect(said(traffic(), told)).toMatchObject({
      quantity: "15/4",
      days: ["13/4", "0", "1/2", "0"],
      keys: [
        ["b", "2", 4],
        ["a", "5/4", 4],
        [null, "1/2", 4],
      ],
      keysInAll: 3,
    });
  });

  test("names no more keys than people read, and counts them all", () => {
    const told = Array.from({ length: KEYS_TOLD + 3 }, (_, n) => at("2027-04-02", n + 1, { key: `k${n}` }));
    const { keys, keysInAll, quantity } = said(traffic(), told);
    expect([keys.length, keysInAll, keys[0]?.[0]]).toEqual([KEYS_TOLD, KEYS_TOLD + 3, `k${KEYS_TOLD + 2}`]);
    expect(quantity).toBe(String(((KEYS_TOLD + 3) * (KEYS_TOLD + 4)) / 2));
  });

  test("is the highest peak, and each day's", () => {
    const told = [at("2027-04-02T10:00", "700"), at("2027-04-02T11:00", "300"), at("2027-04-04", "10")];
    expect(said(data(), told)).toMatchObject({ quantity: "700", days: ["0", "700", "0", "10"] });
  });

  test("is nothing of what isn't metered", () => {
    expect(measured([{ sku: node, quantity: 1 }], APRIL, metricsOf([], SAIGON))).toEqual([]);
  });
});
