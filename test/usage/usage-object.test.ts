import { abortAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import type { AccountId, ProductId, ResourceId, SkuId } from "../../src/domain/ids.ts";
import { LocalDays } from "../../src/domain/metering/local-days.ts";
import type { MeteredResource, UsageEvent } from "../../src/domain/metering/usage-event.ts";
import { MAX_EVENT_AGE_MS } from "../../src/domain/metering/usage-event.ts";
import { MAX_KEYS } from "../../src/usage/tally.ts";
import { type UsageObject, type UsageReport, usageObject } from "../../src/usage/usage-object.ts";
import { freshId } from "../support/api.ts";

const UTC = "UTC";
const START_MS = Date.UTC(2026, 0, 1);
const NOW_MS = Date.UTC(2026, 0, 20, 12);
const RESOURCE = "res_1" as ResourceId;
const TRAFFIC = "traffic-gb" as SkuId;
const CACHE = "cache-gb" as SkuId;
const NODE = "node" as SkuId;
const PEAK = "data-gb" as SkuId;

const balancer = (id: ResourceId = RESOURCE): MeteredResource => ({
  ...{ id, startMs: START_MS, service: [{ startMs: START_MS, endMs: null }] },
  meterings: {
    [TRAFFIC]: "counter",
    [CACHE]: "gauge_hours",
    [NODE]: "configuration",
    [PEAK]: "peak_traffic",
  },
  most: {},
});

let named = 0;

function event(more: Partial<UsageEvent> = {}): UsageEvent {
  named += 1;
  const atMs = NOW_MS - 60_000;
  return { id: `evt-${named}`, resource: RESOURCE, sku: TRAFFIC, key: null, quantity: "1", atMs, ...more };
}

const reportOf = (events: readonly UsageEvent[]): UsageReport => ({
  ...{ product: "vserver" as ProductId, events, resources: [balancer()], timeZone: UTC, nowMs: NOW_MS },
});

/** An object of its own, and what it counted of a counter so far. */
function opened() {
  const account = freshId<AccountId>("acc");
  const count = (events: readonly UsageEvent[], more: Partial<UsageReport> = {}) =>
    usageObject(env, account).count({ ...reportOf(events), ...more });
  const readings = (from = START_MS, to = NOW_MS) => {
    const days = new LocalDays(UTC);
    return usageObject(env, account).readings(RESOURCE, days.at(from).day, days.at(to).day);
  };
  const totals = async () =>
    (await readings()).flatMap(({ reading }) => ("totals" in reading ? reading.totals : []));
  return { account, count, readings, totals };
}

const statuses = (results: readonly { status: string }[]) => results.map(({ status }) => status);

describe("an event", () => {
  test("counts once: within a report, in a later one, and after the object was gone", async () => {
    const { count, totals } = opened();
    const one = event({ quantity: "0.000000001" });
    expect(statuses(await count([one, one]))).toEqual(["accepted", "duplicate"]);
    await abortAllDurableObjects();
    expect(statuses(await count([one, event({ quantity: "2" })]))).toEqual(["duplicate", "accepted"]);
    expect(await totals()).toEqual([[null, "2000000001"]]);
  });

  test("is known by its id alone, whatever else it says the second time; ids are each product's own", async () => {
    const { count, totals } = opened();
    const one = event();
    await count([one]);
    const others = [
      { ...one, quantity: "5" },
      { ...one, atMs: one.atMs - 16 * 86_400_000 },
      { ...one, sku: CACHE },
    ];
    expect(statuses(await count(others))).toEqual(["duplicate", "duplicate", "duplicate"]);
    const theirs = "vmonitor" as ProductId;
    expect(statuses(await count([one], { product: theirs }))).toEqual(["accepted"]);
    expect(await totals()).toEqual([[null, "2000000000"]]);
  });

  test("that was refused may be reported again, once what was wrong with it is right", async () => {
    const { count, totals } = opened();
    const early = event({ atMs: NOW_MS + 1 });
    expect(await count([early])).toEqual([{ id: early.id, status: "refused", code: "event_in_the_future" }]);
    expect(statuses(await count([early], { nowMs: NOW_MS + 1 }))).toEqual(["accepted"]);
    expect(await totals()).toHaveLength(1);
  });

  test.each([
    ["resource_not_found", { resource: "res_2" as ResourceId }],
    ["unknown_sku", { sku: "other" as SkuId }],
    ["unknown_sku", { sku: "__proto__" as SkuId }],
    ["sku_not_metered", { sku: NODE }],
    ["key_not_allowed", { sku: CACHE, key: "a" }],
    ["key_not_allowed", { sku: PEAK, key: "a" }],
    ["event_in_the_future", { atMs: NOW_MS + 1 }],
    ["event_before_start", { atMs: START_MS - 1 }],
  ] as const)("is refused for %s beside others that count, and leaves nothing", async (code, flaw) => {
    const { count, readings } = opened();
    const wrong = event(flaw);
    const results = await count([event(), wrong, event()]);
    expect(results.map(({ status, code: why }) => why ?? status)).toEqual(["accepted", code, "accepted"]);
    expect(await readings()).toHaveLength(1);
  });

  test("is refused when it is more than 35 days old, and not at 35 days", async () => {
    const { count } = opened();
    const resources = [{ ...balancer(), startMs: 0, service: [{ startMs: 0, endMs: null }] }];
    const [old, older] = [MAX_EVENT_AGE_MS, MAX_EVENT_AGE_MS + 1].map((age) => event({ atMs: NOW_MS - age }));
    if (!old || !older) throw new Error("two events");
    const results = await count([old, older], { resources });
    expect(results.map(({ status, code }) => code ?? status)).toEqual(["accepted", "event_too_old"]);
  });

  test("of a resource that isn't in service yet is refused", async () => {
    const { count } = opened();
    const [result] = await count([event()], { resources: [{ ...balancer(), startMs: null }] });
    expect(result?.code).toBe("event_before_start");
  });
});

test("counters and peaks count while their resource serves; a gauge is told its level also when it doesn't", async () => {
  const { count } = opened();
  const day = (n: number) => Date.UTC(2026, 0, n);
  const service = [
    { startMs: day(5), endMs: day(8) },
    { startMs: day(10), endMs: day(12) },
  ];
  const told = [4, 5, 8, 9, 10, 12].map((n) => event({ atMs: day(n) }));
  const results = await count([...told, event({ atMs: day(9), sku: CACHE })], {
    resources: [{ ...balancer(), service }],
  });
  const refused = "resource_not_in_service";
  expect(results.map(({ status, code }) => code ?? status)).toEqual([
    ...[refused, "accepted", refused, refused, "accepted", refused],
    "accepted",
  ]);
});

test("what was counted and the mark that it was stand together: when recording fails, the same report counts later", async () => {
  const { account, count, totals } = opened();
  await count([event()]);
  const report = [event({ quantity: "7" })];
  await runInDurableObject(usageObject(env, account), async (object: UsageObject, { storage }) => {
    storage.sql.exec("CREATE TRIGGER full BEFORE INSERT ON runs BEGIN SELECT RAISE(ABORT, 'full'); END");
    await expect(object.count(reportOf(report))).rejects.toThrow("full");
    storage.sql.exec("DROP TRIGGER full");
  });
  expect(await totals()).toEqual([[null, "1000000000"]]);
  expect(statuses(await count(report))).toEqual(["accepted"]);
  expect(await totals()).toEqual([[null, "8000000000"]]);
});

test("what a bill couldn't be an amount for is refused: a level, a peak, and all of a counter's day together", async () => {
  const { count, totals } = opened();
  const most = { [TRAFFIC]: "10000000000", [CACHE]: "5000000000", [PEAK]: "5000000000" };
  const told = [
    ...[event({ quantity: "6" }), event({ quantity: "4.000000001" }), event({ quantity: "4" })],
    ...[event({ sku: CACHE, quantity: "5" }), event({ sku: PEAK, quantity: "5.1" })],
  ];
  const results = await count(told, { resources: [{ ...balancer(), most }] });
  const refused = "quantity_too_large";
  expect(results.map(({ status, code }) => code ?? status)).toEqual([
    ...["accepted", refused, "accepted", "accepted", refused],
  ]);
  const later = await count([event({ quantity: "0.1" })], { resources: [{ ...balancer(), most }] });
  expect(later[0]?.code).toBe(refused);
  expect(await totals()).toEqual([[null, "10000000000"]]);
});

test("a counter has so many keys a day and no more, and those that it has go on counting", async () => {
  const { count, totals } = opened();
  const first = Array.from({ length: MAX_KEYS }, (_, n) => event({ key: `k${n}` }));
  for (let from = 0; from < MAX_KEYS; from += 1_000) await count(first.slice(from, from + 1_000));
  const results = await count([event({ key: "another" }), event({ key: "k0" })]);
  expect(results.map(({ status, code }) => code ?? status)).toEqual(["too_many_keys", "accepted"]);
  const counted = await totals();
  expect(counted).toHaveLength(MAX_KEYS);
  expect(counted[0]).toEqual(["k0", "2000000000"]);
});

test("a gauge's last level of before is told with the days that are asked for", async () => {
  const { count, readings } = opened();
  const at = (day: number, quantity: string) =>
    event({ sku: CACHE, quantity, atMs: Date.UTC(2026, 0, day, 10) });
  await count([at(3, "3"), at(5, "5"), at(8, "8"), event({ atMs: Date.UTC(2026, 0, 5) })]);
  const told = await readings(Date.UTC(2026, 0, 7), Date.UTC(2026, 0, 9));
  expect(told.map(({ reading }) => ("levels" in reading ? reading.levels[0]?.level : reading))).toEqual([
    "5000000000",
    "8000000000",
  ]);
});

test("a thousand events cost few rows, however many came before, and ids are forgotten when their events would be too old", async () => {
  const { account, count } = opened();
  const written = (): Promise<number> =>
    runInDurableObject(
      usageObject(env, account),
      (_, { storage }) => storage.sql.exec<{ n: number }>("SELECT count(*) AS n FROM runs").one().n,
    );
  for (let report = 0; report < 20; report += 1) await count(Array.from({ length: 1_000 }, () => event()));
  expect(await written()).toBeLessThanOrEqual(6);
  await count([event({ atMs: NOW_MS + MAX_EVENT_AGE_MS })], { nowMs: NOW_MS + MAX_EVENT_AGE_MS + 1 });
  expect(await written()).toBe(1);
});
