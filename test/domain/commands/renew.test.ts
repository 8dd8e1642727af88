import { describe, expect, test } from "vitest";
import { violations } from "../../../src/domain/invariants.ts";
import { changeOrder, deleteResource, RESOURCE, succeededFor } from "../commands.ts";
import { Life, livingServer, type Wanted } from "../life.ts";
import { amountOff, instant, percentOff } from "../samples.ts";

const START = { at: "2023-03-06T00:00", credit: 2_000_000 };
const server = (wanted: Wanted = {}, of = {}) => livingServer(wanted, { ...START, ...of });

const refusal = (result: ReturnType<Life["order"]>) => (result.ok ? null : result.error);

describe("a renewal", () => {
  test("costs today's price for its months, and begins where the last term ends", () => {
    const life = server();
    life.nowMs = instant("2023-03-20");
    life.order("renew", { period: { months: 2 } });
    expect(life.resource()).toMatchObject({
      state: "active",
      endAtMs: instant("2023-06-06"),
      version: 3,
      anchorDay: 6,
    });
    expect(life.resource().terms).toMatchObject([
      { startMs: instant("2023-03-06"), endMs: instant("2023-04-06") },
      {
        startMs: instant("2023-04-06"),
        endMs: instant("2023-06-06"),
        billed: "86400",
        gross: 362_000,
        paid: 362_000,
      },
    ]);
    expect(life.state.order("ord_2" as never)).toMatchObject({
      status: "completed",
      quote: { total: 362_000 },
    });
    expect(life.state.invoices.at(-1)).toMatchObject({
      total: 362_000,
      status: "paid",
      issuedAtMs: life.nowMs,
    });
    expect([...life.state.payments.values()].at(-1)).toMatchObject({
      amount: 362_000,
      lines: [{ line: "ord_2.1", resource: RESOURCE, amount: 362_000 }],
    });
    expect(life.state.calls.at(-1)).toMatchObject({
      type: "resource.renewed",
      endAtMs: instant("2023-06-06"),
    });
    expect(life.available).toBe(2_000_000 - 181_000 - 362_000);
  });

  test("keeps the anchor day: the 31st of January ends on the 28th, and a month later on the 31st", () => {
    const life = server({}, { at: "2023-01-31T09:00" });
    expect(life.resource().endAtMs).toBe(instant("2023-02-28T09:00"));
    life.order("renew");
    expect(life.resource().endAtMs).toBe(instant("2023-03-31T09:00"));
  });

  test("may use a coupon, which it spends at once", () => {
    const life = server();
    life.order("renew", { coupon: percentOff("10") });
    expect(life.state.invoices.at(-1)).toMatchObject({ total: 162_900, coupon: { amount: 18_100 } });
    expect(life.state.couponsSettled).toEqual([{ coupon: "TET", order: "ord_2", spent: true }]);
  });

  test("that a coupon pays in full is still invoiced", () => {
    const life = server({}, { credit: 181_000 });
    expect(life.order("renew", { coupon: percentOff("100") })).toMatchObject({ ok: true });
    expect(life.state.invoices.at(-1)).toMatchObject({ total: 0, coupon: { amount: 181_000 } });
    expect(life.available).toBe(0);
  });

  test.each([
    ["restricted", "2023-04-10"],
    ["suspended", "2023-04-25"],
  ])("brings a %s resource back in the moment it is paid", (state, on) => {
    const life = server().passTo(on);
    expect(life.resource().state).toBe(state);
    life.order("renew");
    expect(life.resource()).toMatchObject({ state: "active", endAtMs: instant("2023-05-06") });
    expect(life.state.calls.at(-1)).toMatchObject({
      type: "resource.resume",
      endAtMs: instant("2023-05-06"),
    });
    life.ran.length = 0;
    life.passTo("2023-04-29");
    expect(life.ran.map(([, what]) => what)).not.toContain("suspended");
  });

  test("leaves a stopped resource stopped", () => {
    const life = server();
    life.must({ type: "set_power", resource: RESOURCE, state: "stopped" });
    life.order("renew");
    expect(life.resource().state).toBe("stopped");
    expect(life.state.calls.at(-1)?.type).toBe("resource.renewed");
  });

  test("may turn auto-renewal on on the way", () => {
    const life = server();
    life.order("renew", { autoRenew: { enabled: true, months: 3 } });
    expect(life.resource().autoRenew).toEqual({ enabled: true, months: 3 });
  });

  test("must end after now: so many months of a long suspended one don't do", () => {
    const life = server().passTo("2023-05-06T00:00");
    expect(life.resource().state).toBe("deleted");
    const late = server();
    late.nowMs = instant("2023-05-07");
    expect(refusal(late.order("renew"))).toMatchObject({
      code: "period_in_the_past",
      path: "lines[0].period.months",
    });
    expect(late.order("renew", { period: { months: 2 } })).toMatchObject({ ok: true });
  });

  test("that was quoted and whose new end is over by now is quoted anew", () => {
    const life = server().passTo("2023-05-05T23:50");
    const order = life.place("renew");
    life.nowMs = instant("2023-05-06T00:10");
    expect(order.ok && life.pay(order.value)).toEqual({ ok: false, error: { code: "quote_expired" } });
  });

  test("is refused for what is deleted, in the trash, or would last too long", () => {
    const life = server();
    expect(refusal(life.order("renew", { period: { months: 60 } }))).toMatchObject({
      code: "period_too_long",
    });
    expect(refusal(life.order("recover"))).toEqual({ code: "resource_not_in_trash" });
    life.must(deleteResource());
    expect(refusal(life.order("renew"))).toEqual({ code: "resource_deleted" });
    life.order("create", { type: "package", configuration: { gold: 30 }, period: { months: 3 } });
    life.must(deleteResource("res_2.1"));
    expect(refusal(life.order("renew", { resources: ["res_2.1"], type: "package" }))).toEqual({
      code: "resource_in_trash",
    });
  });

  test("is refused when its resource was renewed since it was quoted; a new quote then begins at the new end", () => {
    const life = server();
    const order = life.place("renew");
    life.order("renew");
    if (!order.ok) throw new Error(order.error.code);
    expect(life.pay(order.value)).toEqual({ ok: false, error: { code: "resource_changed" } });
    life.must(changeOrder({ order: order.value }));
    expect(life.pay(order.value)).toMatchObject({ ok: true });
    expect(life.resource().endAtMs).toBe(instant("2023-06-06"));
  });
});

describe("matching end times", () => {
  test("renews each resource up to one instant in one order, which sets their anchor day", () => {
    const life = server({}, { at: "2023-03-06T10:00" });
    life.nowMs = instant("2023-03-16T10:00");
    life.order("create", { configuration: { small: 1 } });
    const second = "res_2.1";
    const endAtMs = instant("2023-06-21T10:00");
    const order = life.order("match_end_time", { resources: [RESOURCE, second], period: { endAtMs } });
    const lines = order.ok && life.state.order(order.value)?.quote.lines;
    // 75 days of 181 000 a month, 65 days of 90 000.
    expect(lines).toMatchObject([
      { resource: RESOURCE, billedMinutes: 75 * 1_440, net: 452_500 },
      { resource: second, billedMinutes: 65 * 1_440, net: 195_000 },
    ]);
    for (const id of [RESOURCE, second]) expect(life.resource(id)).toMatchObject({ endAtMs, anchorDay: 21 });
    expect(life.state.invoices.map(({ n, total }) => [n, total]).slice(2)).toEqual([
      [3, 452_500],
      [4, 195_000],
    ]);
    expect(violations(life.state.books())).toEqual([]);
  });

  test("is quoted for 30 minutes, for a day at least, and needs an instant", () => {
    const life = server();
    const match = (period: { endAtMs: number } | { months: number }) =>
      life.place("match_end_time", { period });
    expect(refusal(match({ endAtMs: instant("2023-04-06T23:59") }))).toMatchObject({
      code: "period_too_short",
    });
    expect(refusal(match({ endAtMs: instant("2023-04-05") }))).toMatchObject({ code: "period_too_short" });
    expect(refusal(match({ months: 1 }))).toMatchObject({
      code: "period_required",
      path: "lines[0].period.endAt",
    });
    const order = match({ endAtMs: instant("2023-04-07T00:00") });
    if (!order.ok) throw new Error(order.error.code);
    expect(life.state.order(order.value)?.quote.total).toBe(6_033);
    life.nowMs += 30 * 60_000;
    expect(life.pay(order.value)).toEqual({ ok: false, error: { code: "quote_expired" } });
  });
});

describe("recovering", () => {
  /** A package for three months, deleted into the trash after one of them. */
  function trashed() {
    const life = new Life(START);
    life.order("create", { type: "package", configuration: { gold: 30 }, period: { months: 3 } });
    life.nowMs = instant("2023-04-06");
    life.must(deleteResource());
    return life;
  }
  const recovered: Wanted = { type: "package", period: { months: 3 } };

  test("starts anew when the console has it back, with the configuration it had, at today's price", () => {
    const life = trashed();
    life.nowMs = instant("2023-04-10");
    const order = life.order("recover", { ...recovered, outcome: "silence" });
    expect(life.state.calls.at(-1)).toMatchObject({
      type: "resource.recover",
      configuration: [{ sku: "gold", quantity: 30 }],
    });
    expect(life.resource()).toMatchObject({ state: "suspended", pending: { order: "ord_2" } });
    life.nowMs = instant("2023-04-10T00:05");
    if (order.ok) life.answer(order.value, "succeeded");
    expect(life.resource()).toMatchObject({
      ...{ state: "active", deletesAtMs: null, pending: null, anchorDay: 10 },
      ...{ startAtMs: instant("2023-04-10T00:05"), endAtMs: instant("2023-07-10T00:05") },
      configuration: [{ sku: "gold", quantity: 30 }],
      terms: [{ gross: 90_000, paid: 90_000 }],
    });
    expect(life.state.notices.at(-1)).toMatchObject({ template: "resource_provisioned", isRecovered: true });
    expect(violations(life.state.books())).toEqual([]);
  });

  test("that fails leaves it in the trash, to be deleted when its time there is over", () => {
    const life = trashed();
    life.nowMs = instant("2023-04-12T12:00");
    life.order("recover", { ...recovered, outcome: "silence" });
    life.passTo("2023-04-13T11:59");
    expect(life.resource().state).toBe("suspended");
    life.passTo("2023-04-13T12:00");
    expect(life.ran.slice(-2).map(([, what]) => what)).toEqual(["refunded", "deleted"]);
    expect(life.available).toBe(2_000_000 - 90_000 + 60_000);
    expect(life.must(succeededFor("2.1")).isTooLate).toBe(true);
    expect(life.state.calls.at(-1)?.type).toBe("resource.delete");
  });

  test("bills the type's least number of months, and only what is in the trash", () => {
    const life = trashed();
    expect(refusal(life.order("recover", { type: "package" }))).toMatchObject({ code: "period_too_short" });
    life.passTo("2023-04-14");
    expect(refusal(life.order("recover", recovered))).toEqual({ code: "resource_deleted" });
  });

  test("is possible after the end under the trash policy, where renewing isn't", () => {
    const life = new Life(START);
    life.order("create", { type: "package", configuration: { gold: 30 }, period: { months: 3 } });
    life.passTo("2023-06-07");
    expect(life.resource()).toMatchObject({ state: "suspended", deletesAtMs: instant("2023-06-13") });
    expect(life.state.calls.at(-1)?.type).toBe("resource.trash");
    expect(refusal(life.order("renew", { type: "package" }))).toEqual({ code: "resource_in_trash" });
    expect(life.order("recover", { ...recovered, coupon: amountOff(1_000) })).toMatchObject({ ok: true });
    expect(life.resource()).toMatchObject({ state: "active", terms: [{ gross: 90_000, paid: 89_000 }] });
  });
});
