import { expect, test } from "vitest";
import { violations } from "../../../src/domain/invariants.ts";
import { grantCredit, payOrder } from "../commands.ts";
import { Life } from "../life.ts";
import { readingsOf } from "../metering/meters.ts";
import { accountOf, instant, productOf, resourceType, SAIGON, sku } from "../samples.ts";

/** A dong an hour and gigabyte. */
const CACHE = sku("cache", "1", { metering: "gauge_hours", unit: "GB-hour" });
/** A dong a minute, and one a gigabyte. */
const [NODE, TRAFFIC] = [sku("node", "43200"), sku("traffic", "1", { metering: "counter", unit: "GB" })];
const DAY = 1_440;

test("a gauge has the level that it was told last when its resource runs again, however long it was suspended", () => {
  const life = new Life({ at: "2027-01-10T00:00", credit: 72 * 10, account: accountOf() });
  life.product = productOf([resourceType("cluster", [CACHE], { billing: ["hold"] })]);
  const told = { id: "e1", key: null, quantity: "4", atMs: instant("2027-01-11T00:00") };
  life.meters = () => readingsOf(CACHE, [[told]], SAIGON);
  const order = life.place("create", { type: "cluster", configuration: { cache: 10 }, period: null });
  if (!order.ok) throw new Error(order.error.code);
  life.must(payOrder({ order: order.value, method: "hold" }));
  life.answer(order.value, "succeeded");
  // A day at 10, and then 4: credit lasts until 72 hours after 2027-01-13, and is short from the next run on.
  life.passTo("2027-02-20T00:00");
  expect(life.resource().state).toBe("suspended");
  life.must(grantCredit(100_000));
  expect(life.resource().state).toBe("active");
  life.passTo("2027-02-21T00:00");
  expect(life.resource().hold).toMatchObject({ use: 24 * 4, estimate: 72 * 4 });
  expect(violations(life.state.books())).toEqual([]);
});

test("the days on which it was suspended aren't made up for: what runs again isn't short until a run finds it so", () => {
  const life = new Life({ at: "2027-01-10T00:00", credit: 4 * DAY, account: accountOf() });
  life.product = productOf([resourceType("cluster", [NODE, TRAFFIC], { billing: ["hold"] })]);
  const configuration = { node: 1, traffic: 0 };
  const order = life.place("create", { type: "cluster", configuration, period: null });
  if (!order.ok) throw new Error(order.error.code);
  life.must(payOrder({ order: order.value, method: "hold" }));
  life.answer(order.value, "succeeded");
  // The runs of 12, 13 and 14 January are short.
  life.passTo("2027-01-20T10:00");
  expect(life.resource()).toMatchObject({ state: "suspended", hold: { missing: 3 * DAY } });
  // Something of the 13th is told before credit comes that covers what was missing, and nothing more.
  const told = { id: "e1", key: null, quantity: "50", atMs: instant("2027-01-13T12:00") };
  life.meters = () => readingsOf(TRAFFIC, [[told]], SAIGON);
  life.must(grantCredit(3 * DAY));
  const ran = life.ran.length;
  life.passTo("2027-01-20T23:59");
  expect(life.ran.length).toBe(ran);
  expect(life.resource()).toMatchObject({ state: "active", hold: { missing: 0, shortRuns: 0 } });
  life.passTo("2027-01-21T00:00");
  // Fourteen of the twenty-four hours, and what was told.
  expect(life.resource()).toMatchObject({
    ...{ state: "active", hold: { missing: (14 * DAY) / 24 + 50, shortRuns: 1 } },
  });
  expect(violations(life.state.books())).toEqual([]);
});
