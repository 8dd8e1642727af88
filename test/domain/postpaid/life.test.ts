import { describe, expect, test } from "vitest";
import { violations } from "../../../src/domain/invariants.ts";
import { usedMonths } from "../../../src/domain/usage.ts";
import {
  changeOrder,
  deleteResource,
  orderFor,
  payOrder,
  placeServer,
  RESOURCE,
  setAutoRenew,
} from "../commands.ts";
import { type Life, livingServer } from "../life.ts";
import { ADMIN } from "../memory-state.ts";
import { accountOf, instant, productOf, resourceType, SAIGON, sku, vserver } from "../samples.ts";
import { confirm, postpaidLife } from "./life.ts";

const sound = ({ state }: Life) => expect(violations(state.books())).toEqual([]);

const local = (atMs: number) => new Date(atMs + 7 * 3_600_000).toISOString().slice(0, 16);

const billsOf = ({ state }: Life) =>
  state.invoices.map(({ period, total, status, issuedAtMs }) => [
    local(period.startMs),
    local(period.endMs),
    total,
    status,
    local(issuedAtMs),
  ]);

const asMode = (life: Life, billingMode: "prepaid" | "postpaid") => {
  const { account } = life.state;
  if (!account) throw new Error("there is no account");
  return life.must({ type: "configure_account", account: { ...account, billingMode } }, ADMIN);
};

describe("a postpaid order", () => {
  test("is confirmed at once, without a payment, and its use counts from that minute on", () => {
    const life = postpaidLife({ at: "2027-01-10T10:00" });
    life.nowMs += 42_000;
    const order = confirm(life, "create", { outcome: "silence" });
    expect(life.state.order(order)).toMatchObject({
      ...{ status: "provisioning", billing: "postpaid", payment: null },
      quote: { total: 0, lines: [{ status: "provisioning", resource: RESOURCE, net: 0 }] },
    });
    expect(life.state.calls.map(({ type }) => type)).toEqual(["resource.provision"]);
    life.nowMs += 600_000;
    life.answer(order, "succeeded");
    expect(life.resource()).toMatchObject({ state: "active", billing: "postpaid", endAtMs: null });
    expect(life.resource().startAtMs).toBe(instant("2027-01-10T10:00"));
    expect(life.state.payments.size).toBe(0);
    expect(life.state.invoices).toEqual([]);
    sound(life);
  });

  test("whose provisioning fails, or is never answered, leaves nothing owed", () => {
    const life = postpaidLife();
    confirm(life, "create", { outcome: "failed" });
    confirm(life, "create", { outcome: "silence" });
    life.passTo("2027-03-01T03:00");
    expect(life.resource("res_1.1").state).toBe("deleted");
    expect(life.resource("res_2.1").state).toBe("deleted");
    expect(life.state.invoices).toEqual([]);
    expect([...life.state.orders.values()].map(({ status }) => status)).toEqual(["failed", "failed"]);
    sound(life);
  });

  test.each([
    ["a period", { period: { months: 1 } }, "period_not_allowed", "lines[0].period"],
    ["auto-renewal", { autoRenew: { enabled: true, months: 1 } }, "not_auto_renewable", "lines[0].autoRenew"],
  ])("with %s is refused and changes nothing", (_, more, code, path) => {
    const life = postpaidLife();
    const refused = life.refusal(placeServer({ period: null, ...more } as never));
    expect(refused).toMatchObject({ code, ...(path ? { path } : {}) });
    expect(life.state.orders.size + life.state.resources.size).toBe(0);
  });

  test("of a type that isn't sold so is refused", () => {
    const life = postpaidLife();
    life.product = productOf([resourceType("server", [sku("general", "181000")])]);
    const placed = life.place("create", { configuration: { general: 1 }, period: null });
    expect(placed).toMatchObject({ ok: false, error: { code: "billing_not_offered" } });
  });

  test("can't be paid, changed or given a coupon: there is nothing to pay", () => {
    const life = postpaidLife();
    const order = confirm(life, "create");
    expect(life.refusal(payOrder({ order }))).toEqual({ code: "order_already_paid" });
    expect(life.refusal(changeOrder({ order }))).toEqual({ code: "order_already_paid" });
  });

  test("renews, matches or recovers nothing", () => {
    const life = postpaidLife();
    confirm(life, "create");
    for (const action of ["renew", "match_end_time", "recover"] as const)
      expect(life.refusal(orderFor(action, { order: "ord_9" }))).toMatchObject({
        code: "action_not_available",
      });
    expect(life.refusal(setAutoRenew())).toMatchObject({ code: "not_auto_renewable" });
  });
});

describe("a month", () => {
  test("is closed at 02:00 on the first: a bill with a line a stretch of use, due in 15 days, tags frozen", () => {
    const life = postpaidLife({ at: "2027-01-10T10:00" });
    confirm(life, "create", { configuration: { small: 1 } });
    life.must({ type: "set_tags", resource: RESOURCE, tags: { team: "web" } });
    life.passTo("2027-01-20T15:30");
    confirm(life, "resize", { configuration: { general: 1 } });
    life.passTo("2027-03-01T01:59");
    expect(life.ran).toContainEqual([instant("2027-02-01T02:00"), "closed", RESOURCE]);
    life.must({ type: "set_tags", resource: RESOURCE, tags: { team: "api" } });
    const [january, ...others] = life.state.invoices;
    expect(others).toEqual([]);
    // 14 730 minutes at 90 000 and 16 350 at 181 000 a 30 days.
    expect(january).toMatchObject({
      ...{ status: "unpaid", paid: 0, total: 30_688 + 68_503, payment: null, tags: { team: "web" } },
      ...{ issuedAtMs: instant("2027-02-01T02:00"), dueAtMs: instant("2027-02-16T02:00") },
      period: { startMs: instant("2027-01-10T10:00"), endMs: instant("2027-02-01") },
      lines: [
        { gross: 30_688, period: { endMs: instant("2027-01-20T15:30") } },
        { gross: 68_503, period: { startMs: instant("2027-01-20T15:30") } },
      ],
    });
    expect(life.state.balances.receivable).toBe(-99_191);
    sound(life);
  });

  test("costs on its last day what its bill says", () => {
    const life = postpaidLife({ at: "2027-01-10T10:07" });
    confirm(life, "create", { configuration: { general: 1, licence: 3 } });
    life.passTo("2027-02-01T01:00");
    const { segments } = life.resource();
    const shown = usedMonths(segments, life.nowMs, { timeZone: SAIGON, currency: "VND" });
    life.passTo("2027-02-01T02:00");
    expect(life.state.invoices[0]).toMatchObject({ total: shown[0]?.total, lines: shown[0]?.charges });
  });

  test("is closed once, late or on time, one after another", () => {
    const life = postpaidLife({ at: "2027-01-10T10:00" });
    confirm(life, "create");
    life.passTo("2027-04-15T12:00", { isLate: true });
    expect(billsOf(life)).toEqual([
      ["2027-01-10T10:00", "2027-02-01T00:00", 130_219, "unpaid", "2027-02-01T02:00"],
      ["2027-02-01T00:00", "2027-03-01T00:00", Math.round((181_000 * 28) / 30), "unpaid", "2027-03-01T02:00"],
      ["2027-03-01T00:00", "2027-04-01T00:00", Math.round((181_000 * 31) / 30), "unpaid", "2027-04-01T02:00"],
    ]);
    sound(life);
  });

  test("of a deleted resource is closed, too, and then there is no more of it", () => {
    const life = postpaidLife({ at: "2027-01-10T10:00" });
    confirm(life, "create");
    life.passTo("2027-01-12T10:00");
    life.must(deleteResource());
    expect(life.resource()).toMatchObject({ state: "deleted" });
    life.passTo("2027-05-01T03:00");
    expect(billsOf(life)).toEqual([
      ["2027-01-10T10:00", "2027-01-12T10:00", 12_067, "unpaid", "2027-02-01T02:00"],
    ]);
    expect(life.resource().segments).toEqual([]);
    sound(life);
  });

  test("waits for an action in progress, which is billed as it was confirmed", () => {
    const life = postpaidLife({ at: "2027-01-10T10:00" });
    confirm(life, "create", { configuration: { small: 1 } });
    life.passTo("2027-01-31T23:30");
    const order = confirm(life, "resize", { configuration: { general: 1 }, outcome: "silence" });
    life.passTo("2027-02-01T09:00");
    expect(life.state.invoices).toEqual([]);
    life.answer(order, "succeeded");
    life.passTo("2027-02-01T09:00");
    expect(life.state.invoices[0]).toMatchObject({
      issuedAtMs: instant("2027-02-01T02:00"),
      lines: [
        { period: { endMs: instant("2027-01-31T23:30") } },
        { gross: Math.round((181_000 * 30) / 43_200) },
      ],
    });
  });

  test("in which a change failed is billed without it", () => {
    const life = postpaidLife({ at: "2027-01-10T10:00" });
    confirm(life, "create", { configuration: { small: 1 } });
    life.passTo("2027-01-20T00:00");
    confirm(life, "resize", { configuration: { big: 1 }, outcome: "failed" });
    life.passTo("2027-02-01T03:00");
    expect(life.state.invoices[0]?.lines).toMatchObject([{ gross: 64_750 }]);
  });

  test("of a resource that costs nothing has a paid bill of nothing", () => {
    const life = postpaidLife({ at: "2027-01-10T10:00" });
    life.product = productOf([
      resourceType("server", [sku("general", "0")], { billing: ["prepaid", "postpaid"] }),
    ]);
    confirm(life, "create");
    life.passTo("2027-02-01T03:00");
    expect(life.state.invoices).toMatchObject([{ total: 0, status: "paid" }]);
    sound(life);
  });

  test("keeps the prices of its beginning, whatever the catalogue says by then", () => {
    const life = postpaidLife({ at: "2027-01-01T00:00" });
    confirm(life, "create");
    life.product = productOf(
      [resourceType("server", [sku("general", "999000")], { billing: ["prepaid", "postpaid"] })],
      { version: 2 },
    );
    life.passTo("2027-02-01T03:00");
    expect(life.state.invoices[0]?.total).toBe(Math.round((181_000 * 31) / 30));
  });
});

describe("an account that becomes postpaid", () => {
  test("has its prepaid resources run to their end, unreminded and unrenewed, and then by the month", () => {
    const life = livingServer({ autoRenew: { enabled: true, months: 1 } }, { at: "2027-01-10T10:00" });
    asMode(life, "postpaid");
    life.passTo("2027-03-01T03:00");
    expect(life.ran).toEqual([
      [instant("2027-02-10T10:00"), "converted", RESOURCE],
      [instant("2027-03-01T02:00"), "closed", RESOURCE],
      [instant("2027-03-01T02:00"), "told", "bills"],
    ]);
    expect(life.resource()).toMatchObject({ billing: "postpaid", state: "active", endAtMs: null, terms: [] });
    expect(life.resource().autoRenew.enabled).toBe(false);
    expect(billsOf(life).at(-1)).toEqual([
      ...["2027-02-10T10:00", "2027-03-01T00:00"],
      ...[Math.round((181_000 * (18 * 1_440 + 840)) / 43_200), "unpaid", "2027-03-01T02:00"],
    ]);
    sound(life);
  });

  test("keeps what isn't sold so on its way to an end", () => {
    const life = livingServer({}, { at: "2027-01-10T10:00" });
    asMode(life, "postpaid");
    life.product = { ...vserver, resourceTypes: [resourceType("server", [sku("general", "181000")])] };
    life.passTo("2027-02-10T10:00");
    expect(life.ran).toEqual([[instant("2027-02-10T10:00"), "restricted", RESOURCE]]);
    sound(life);
  });

  test("resizes what is still prepaid as before", () => {
    const life = livingServer({ configuration: { small: 1 } }, { at: "2027-01-10T10:00" });
    asMode(life, "postpaid");
    const before = life.available;
    const resized = life.order("resize", { configuration: { general: 1 }, period: null });
    expect(resized.ok).toBe(true);
    expect(before - life.available).toBe(91_000);
    sound(life);
  });
});

describe("an account that becomes prepaid again", () => {
  test("has its month closed, and its resources restricted from then on, to be renewed", () => {
    const life = postpaidLife({ at: "2027-01-10T10:00", credit: 1_000_000 });
    confirm(life, "create");
    asMode(life, "prepaid");
    life.passTo("2027-02-01T02:00");
    expect(life.ran).toEqual([
      [instant("2027-02-01T02:00"), "closed", RESOURCE],
      [instant("2027-02-01"), "restricted", RESOURCE],
      [instant("2027-02-01T02:00"), "told", "bills"],
    ]);
    expect(life.resource()).toMatchObject({
      ...{ billing: "prepaid", state: "restricted", segments: [] },
      endAtMs: instant("2027-02-01"),
    });
    life.passTo("2027-02-05T12:00");
    expect(life.order("renew", { period: { months: 1 } }).ok).toBe(true);
    expect(life.resource()).toMatchObject({ state: "active", endAtMs: instant("2027-03-01") });
    expect(life.state.invoices.map(({ status }) => status)).toEqual(["paid", "paid"]);
    sound(life);
  });

  test("sells new resources for a period, and resizes the others by the month until it is over", () => {
    const life = postpaidLife({ at: "2027-01-10T10:00", credit: 1_000_000 });
    confirm(life, "create", { configuration: { small: 1 } });
    asMode(life, "prepaid");
    expect(life.order("create", { configuration: { small: 1 } }).ok).toBe(true);
    confirm(life, "resize", { configuration: { general: 1 } });
    const both = orderFor("resize", {
      order: "ord_9",
      resources: [RESOURCE, "res_2.1"],
      configuration: { general: 1 },
    });
    expect(life.refusal(both)).toMatchObject({ code: "mixed_billing", path: "lines[1].resourceId" });
    sound(life);
  });
});

test("the time zone stays while use of a deleted resource isn't invoiced", () => {
  const life = postpaidLife({ at: "2027-01-10T10:00", credit: 1_000_000 });
  confirm(life, "create");
  life.passTo("2027-01-12T10:00");
  life.must(deleteResource());
  const elsewhere = { type: "configure_account", account: accountOf({ timeZone: "UTC" }) } as const;
  expect(life.refusal(elsewhere, ADMIN)).toEqual({ code: "account_time_zone_fixed" });
  life.passTo("2027-02-01T02:00");
  life.must(elsewhere, ADMIN);
});
