import { expect, test } from "vitest";
import { violations } from "../../../src/domain/invariants.ts";
import { grantCredit, payOrder } from "../commands.ts";
import { Life } from "../life.ts";
import { readingsOf } from "../metering/meters.ts";
import { accountOf, instant, productOf, resourceType, SAIGON, sku } from "../samples.ts";

/** A dong an hour and gigabyte. */
const CACHE = sku("cache", "1", { metering: "gauge_hours", unit: "GB-hour" });

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
