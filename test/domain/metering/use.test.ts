import { describe, expect, test } from "vitest";
import type { Sku } from "../../../src/domain/catalogue.ts";
import { estimatedUse } from "../../../src/domain/metering/estimate.ts";
import { type Service, useOf } from "../../../src/domain/metering/use.ts";
import { grossOf, priceUse, taxOf, type UsedSku } from "../../../src/domain/pricing.ts";
import { exactText } from "../../../src/domain/ratio.ts";
import golden from "../../fixtures/metering.json" with { type: "json" };
import { instant, SAIGON, sku } from "../samples.ts";
import { at, metricsOf, readingsOf, type Told } from "./meters.ts";

const span = (from: string, to: string) => ({ startMs: instant(from), endMs: instant(to) });
const MARCH = span("2023-03-01", "2023-04-01");

/** One SKU in a quantity, through a stretch of service. */
const served = (of: Sku, quantity = 0, { startMs, endMs } = MARCH): Service => ({
  ...{ startMs, endMs },
  configuration: [{ sku: of, quantity }],
});

/** Units that one meter comes to in March, by part. */
function unitsOf(of: Sku, told: readonly Told[], services: readonly Service[] = [served(of)]): string[] {
  const metrics = metricsOf(readingsOf(of, [told], SAIGON), SAIGON, levelsOf(services));
  return useOf(services, metrics).flatMap(({ used }) => used.map(({ units }) => exactText(units)));
}

/** The first stretch's quantities are the gauges' first levels. */
const levelsOf = (services: readonly Service[]) =>
  services
    .slice(0, 1)
    .flatMap(({ startMs, configuration }) =>
      configuration.map((item) => ({ sku: item.sku.id, atMs: startMs, quantity: item.quantity })),
    );

const costOf = (used: readonly UsedSku[]) => grossOf(priceUse(used, "VND"));

const traffic = (more: Partial<Sku> = {}) =>
  sku("traffic", "1000", { metering: "counter", unit: "GB", ...more });
const snapshot = (more: Partial<Sku> = {}) =>
  sku("snapshot", "7.7", { metering: "gauge_hours", unit: "GB-hour", ...more });
const connections = (more: Partial<Sku> = {}) =>
  sku("connections", "100", { metering: "peak_connections", unit: "connection", ...more });
const data = (more: Partial<Sku> = {}) =>
  sku("data", "280", { metering: "peak_traffic", unit: "GB", ...more });

describe("the worked examples", () => {
  for (const { added, charged, hold } of golden.bandwidth.rows) {
    test(`${golden.bandwidth.case}: ${added} GB`, () => {
      const of = traffic();
      const metrics = metricsOf(
        readingsOf(of, [[at("2023-03-05T10:00", added, { key: "203.0.113.7" })]], SAIGON),
        SAIGON,
      );
      const used = useOf([served(of)], metrics).flatMap((part) => part.used);
      expect(used.map(({ units }) => exactText(units))).toEqual([String(charged)]);
      const estimate = estimatedUse([{ sku: of, quantity: 0 }], metrics, MARCH.endMs);
      expect(costOf(used) + costOf(estimate)).toBe(hold);
    });
  }

  test(golden.gbHour.case, () => {
    const of = snapshot();
    const cost = (from: string, to: string) => {
      const services = [served(of, 100, span(from, to))];
      return costOf(useOf(services, metricsOf([], SAIGON, levelsOf(services))).flatMap(({ used }) => used));
    };
    const { perHour, perDay, per30days } = golden.gbHour;
    expect(cost("2023-03-05T10:00", "2023-03-05T11:00")).toBe(perHour);
    expect(cost("2023-03-05", "2023-03-06")).toBe(perDay);
    expect(cost("2023-03-01", "2023-03-31")).toBe(per30days);
  });

  test(golden.hold3days.case, () => {
    const cluster = { sku: sku("cluster", "18000000"), quantity: 1 };
    const rows = golden.hold3days.rows.map(({ day }, daysUsed) => {
      const service = { ...span("2023-03-05", `2023-03-0${5 + daysUsed}`), configuration: [cluster] };
      const services = daysUsed === 0 ? [] : [service];
      const actualToDate = costOf(useOf(services, metricsOf([], SAIGON)).flatMap(({ used }) => used));
      const estimate3days = costOf(estimatedUse([cluster], metricsOf([], SAIGON), service.endMs));
      return { day, actualToDate, estimate3days, hold: actualToDate + estimate3days };
    });
    expect(golden.hold3days.rows).toEqual(rows);
  });

  test("a server of a postpaid account for two weeks, tax on top", () => {
    const { minutes, unitPrice, quantity, discount, taxRate, ...expected } = golden.postpaid.example;
    const of = sku("server", unitPrice, {
      discount: `${discount}`,
      taxRate: `${taxRate}`,
      taxIncluded: false,
    });
    const service = served(of, quantity, { ...MARCH, endMs: MARCH.startMs + minutes * 60_000 });
    const charges = priceUse(
      useOf([service], metricsOf([], SAIGON)).flatMap(({ used }) => used),
      "VND",
    );
    const [total, tax] = [grossOf(charges), taxOf(charges)];
    expect({ beforeTax: total - tax, tax, total }).toEqual(expected);
  });
});

describe("a counter", () => {
  test("counts whole units of each key's running total, whatever the days they came on", () => {
    const told = [
      at("2023-03-01T00:00", "0.9", { key: "203.0.113.7" }),
      at("2023-03-31T23:59", "0.2", { key: "203.0.113.7" }),
      at("2023-03-02T10:00", "2.999999999", { key: "203.0.113.8" }),
      at("2023-03-02T10:00", "0.4"),
    ];
    expect(unitsOf(traffic(), told)).toEqual(["3"]);
  });

  test("leaves out what is free of a month, of all keys together, and charges no fraction of the rest", () => {
    const told = [at("2023-03-02", "3", { key: "a" }), at("2023-03-03", "4", { key: "b" })];
    expect(unitsOf(traffic({ freeAllowance: "5" }), told)).toEqual(["2"]);
    expect(unitsOf(traffic({ freeAllowance: "5.5" }), told)).toEqual(["1"]);
    expect(unitsOf(traffic({ freeAllowance: "7" }), told)).toEqual([]);
  });

  test("costs its minimum once there is any, and nothing where there is none", () => {
    const of = traffic({ minimum: "10" });
    expect(unitsOf(of, [at("2023-03-02", "0.99")])).toEqual([]);
    expect(unitsOf(of, [at("2023-03-02", "1")])).toEqual(["10"]);
    expect(unitsOf(of, [at("2023-03-02", "11")])).toEqual(["11"]);
  });

  test("has what was reported on the month's own days", () => {
    const told = [at("2023-02-28T23:59:59.999", "8"), at("2023-03-01", "2"), at("2023-04-01", "4")];
    expect(unitsOf(traffic(), told)).toEqual(["2"]);
  });
});

describe("a gauge", () => {
  const hour = (quantity: number, from: string, to: string) => [served(snapshot(), quantity, span(from, to))];

  test("counts at hh:00 for the hour that starts; an event at that very instant counts for it", () => {
    const told = [
      at("2023-03-05T10:00", 50),
      at("2023-03-05T10:30", 70),
      at("2023-03-05T11:00:00.001", 90),
      at("2023-03-05T11:59:59.999", 10),
    ];
    expect(unitsOf(snapshot(), told, hour(100, "2023-03-05T09:00", "2023-03-05T13:00"))).toEqual(["230"]);
  });

  test("that was created within an hour counts from the next on, and its last hour in full", () => {
    expect(unitsOf(snapshot(), [], hour(100, "2023-03-05T10:01", "2023-03-05T12:01"))).toEqual(["200"]);
    expect(unitsOf(snapshot(), [], hour(100, "2023-03-05T10:01", "2023-03-05T10:59"))).toEqual([]);
  });

  test("keeps its level until the next, through the end of a month and a stop of service", () => {
    const of = snapshot();
    const before = readingsOf(of, [[at("2023-02-27T10:00", 40)]], SAIGON);
    const [march] = useOf([served(of)], metricsOf(before, SAIGON));
    expect(march?.used.map(({ units }) => exactText(units))).toEqual([String(40 * 24 * 31)]);
    const stretches = [
      served(of, 1, span("2023-03-05T10:00", "2023-03-05T12:00")),
      served(of, 1, span("2023-03-06T10:00", "2023-03-06T11:00")),
    ];
    expect(unitsOf(of, [at("2023-03-05T11:00", 5), at("2023-03-05T20:00", 7)], stretches)).toEqual([
      "6",
      "7",
    ]);
  });

  test("at one instant has the level whose event has the greater id, whichever came first", () => {
    const rivals = [at("2023-03-05T10:00", 5, { id: "b" }), at("2023-03-05T10:00", 9, { id: "a" })];
    const services = hour(1, "2023-03-05T10:00", "2023-03-05T11:00");
    expect(unitsOf(snapshot(), rivals, services)).toEqual(["5"]);
    expect(unitsOf(snapshot(), rivals.toReversed(), services)).toEqual(["5"]);
  });

  test("has its level-hours priced in the unit of its SKU, with decimals", () => {
    const of = snapshot({ unit: "GB-30-days" });
    expect(unitsOf(of, [at("2023-03-01", "1.5")], [served(of, 0, span("2023-03-01", "2023-03-31"))])).toEqual(
      ["3/2"],
    );
  });

  test("costs its minimum of a month once, in its last stretch, at each stretch's own price", () => {
    const [old, dear] = [snapshot({ minimum: "10" }), snapshot({ minimum: "10", unitPrice: "77" })];
    const stretches = [
      served(old, 2, span("2023-03-05T10:00", "2023-03-05T12:00")),
      served(dear, 2, span("2023-03-05T12:00", "2023-03-05T13:00")),
    ];
    expect(unitsOf(old, [], stretches)).toEqual(["4", "6"]);
  });
});

describe("peaks", () => {
  test("of connections add up above what is free of each day, to months of 720 hours", () => {
    const of = connections({ freeAllowance: "4000" });
    const told = [
      at("2023-03-01T08:00", 100_000),
      at("2023-03-01T09:00", 90_000),
      at("2023-03-02", 4_000),
      at("2023-03-31T23:59", 52_000),
    ];
    expect(unitsOf(of, told)).toEqual([String((96_000 + 48_000) / 720)]);
  });

  test("of connections are 100 at least once there is any, unless the SKU says otherwise", () => {
    expect(unitsOf(connections({ freeAllowance: "4000" }), [at("2023-03-01", 4_001)])).toEqual(["100"]);
    expect(unitsOf(connections({ freeAllowance: "4000" }), [at("2023-03-01", 4_000)])).toEqual([]);
    expect(unitsOf(connections({ minimum: "7" }), [at("2023-03-01", 720)])).toEqual(["7"]);
    expect(unitsOf(connections({ minimum: "0" }), [at("2023-03-01", 720)])).toEqual(["1"]);
  });

  test("of traffic add up above what is free of each day, with decimals", () => {
    const told = [at("2023-03-01", "500.5"), at("2023-03-02", "499"), at("2023-03-03", "501")];
    expect(unitsOf(data({ freeAllowance: "500" }), told)).toEqual(["3/2"]);
  });
});

test("counters and peaks are on the same line as the time of a single stretch, and on one of their own beside several", () => {
  const [server, ip] = [sku("server", "90000"), traffic()];
  const stretch = (from: string, to: string): Service => ({
    ...span(from, to),
    configuration: [
      { sku: server, quantity: 1 },
      { sku: ip, quantity: 0 },
    ],
  });
  const metrics = metricsOf(readingsOf(ip, [[at("2023-03-02", 3)]], SAIGON), SAIGON);
  const namesOf = (services: readonly Service[]) =>
    useOf(services, metrics).map(({ used }) => used.map((item) => item.sku.id));
  expect(namesOf([stretch("2023-03-01", "2023-04-01")])).toEqual([["server", "traffic"]]);
  expect(namesOf([stretch("2023-03-01", "2023-03-05"), stretch("2023-03-05", "2023-04-01")])).toEqual([
    ["server"],
    ["server"],
    ["traffic"],
  ]);
});

test("an estimate is three days of the configuration and of each gauge's present level", () => {
  const [server, disk] = [sku("server", "90000"), snapshot()];
  const configuration = [
    { sku: server, quantity: 2 },
    { sku: disk, quantity: 10 },
    { sku: traffic(), quantity: 0 },
  ];
  const configured = [{ sku: disk.id, atMs: instant("2023-03-01"), quantity: 10 }];
  const readings = readingsOf(disk, [[at("2023-03-05T10:20", 30), at("2023-03-05T10:40", 50)]], SAIGON);
  const estimate = (text: string, known = readings) =>
    estimatedUse(configuration, metricsOf(known, SAIGON, configured), instant(text)).map(({ units }) =>
      exactText(units),
    );
  expect(estimate("2023-03-05T10:00", [])).toEqual(["1/5", "720"]);
  expect(estimate("2023-03-05T10:50")).toEqual(["1/5", String(50 * 72)]);
});
