import { describe, expect, test } from "vitest";
import { decide } from "../../../src/domain/decide.ts";
import type { ProductId } from "../../../src/domain/ids.ts";
import { deleteResource, grantCredit, RESOURCE, runResourceDue, setAutoRenew } from "../commands.ts";
import { type Life, livingServer } from "../life.ts";
import { carryOut, postingsOf } from "../memory-state.ts";
import { amountOff, instant, vserver } from "../samples.ts";

const START = { at: "2023-03-06T10:07" };
const AUTO = { autoRenew: { enabled: true, months: 1 } };
const local = (atMs: number) => new Date(atMs + 7 * 3_600_000).toISOString().slice(0, 16);

/** What time did, with the local time it was due at. */
const timeline = (life: Life) => life.ran.map(([atMs, what]) => `${local(atMs)} ${what}`);
/** The mails about the resource's course. */
const mails = (life: Life) =>
  life.state.notices.slice(2).map(({ template, atMs }) => `${local(atMs)} ${template}`);
const calls = (life: Life) => life.state.calls.slice(1).map(({ type, atMs }) => `${local(atMs)} ${type}`);

describe("a resource that nobody renews", () => {
  test("is restricted, suspended and deleted, its customer reminded on the way, its console told", () => {
    const life = livingServer({}, START).passTo("2023-07-01");
    expect(timeline(life)).toEqual([
      ...["2023-03-30T10:07 reminded", "2023-04-01T10:07 reminded", "2023-04-03T10:07 reminded"],
      ...["2023-04-05T10:07 reminded", "2023-04-06T10:07 restricted", "2023-04-07T10:07 reminded"],
      ...["2023-04-09T10:07 reminded", "2023-04-13T10:07 reminded", "2023-04-20T10:07 reminded"],
      ...["2023-04-21T10:07 suspended", "2023-05-06T10:07 deleted"],
    ]);
    expect(mails(life)).toEqual([
      ...["2023-03-30T10:07 expiry_reminder", "2023-04-01T10:07 expiry_reminder"],
      ...["2023-04-03T10:07 expiry_reminder", "2023-04-05T10:07 expiry_reminder"],
      ...["2023-04-06T10:07 resource_restricted", "2023-04-07T10:07 expiry_reminder"],
      ...["2023-04-09T10:07 expiry_reminder", "2023-04-13T10:07 expiry_reminder"],
      ...["2023-04-20T10:07 expiry_reminder", "2023-04-21T10:07 resource_suspended"],
      "2023-05-06T10:07 resource_deleted",
    ]);
    expect(calls(life)).toEqual([
      "2023-04-06T10:07 resource.restrict",
      "2023-04-21T10:07 resource.suspend",
      "2023-05-06T10:07 resource.delete",
    ]);
    expect(life.available).toBe(10_000_000 - 181_000);
  });

  test("comes to the same end, in the same order, when cron was away for months; overtaken reminders are skipped", () => {
    const life = livingServer({}, START).passTo("2023-07-01", { isLate: true });
    expect(timeline(life).map((text) => text.slice(17))).toEqual(["restricted", "suspended", "deleted"]);
    expect(life.state.notices.slice(2).map(({ template, atMs }) => [local(atMs), template])).toEqual([
      ["2023-04-06T10:07", "resource_restricted"],
      ["2023-04-21T10:07", "resource_suspended"],
      ["2023-05-06T10:07", "resource_deleted"],
    ]);
  });

  test("is reminded once of what came last where cron was away for some days", () => {
    const life = livingServer({}, START).passTo("2023-04-04T12:00", { isLate: true });
    expect(mails(life)).toEqual(["2023-04-03T10:07 expiry_reminder"]);
    expect(life.state.notices.at(-1)).toMatchObject({ days: -3, endAtMs: instant("2023-04-06T10:07") });
  });

  test("isn't reminded of anything twice, however often it is looked at", () => {
    const life = livingServer({}, START).passTo("2023-03-30T10:07");
    expect(mails(life)).toHaveLength(1);
    const again = carryOut(life.state, runResourceDue(), life.nowMs);
    expect(again).toMatchObject({ answer: "nothing", events: [] });
  });
});

describe("auto-renewal", () => {
  test("renews from credit on the first attempt, by an order, a payment and an invoice like any other", () => {
    const life = livingServer(AUTO, START);
    const before = life.state.transactions.length;
    life.passTo("2023-03-30T08:00");
    const atMs = instant("2023-03-30T08:00");
    expect(timeline(life)).toEqual(["2023-03-30T08:00 renewed"]);
    const orderId = `${RESOURCE.replace("res_", "ord_")}.r2`;
    expect(life.state.orders.get(orderId as never)).toMatchObject({
      action: "renew",
      status: "completed",
      paidAtMs: atMs,
      quote: { total: 181_000, coupon: null },
    });
    expect(
      postingsOf(
        life.state.transactions.slice(before).map((transaction) => ({ type: "money_posted", transaction })),
      ),
    ).toEqual([
      {
        kind: "purchase",
        atMs,
        reference: orderId,
        transfers: [["credit_available", "undelivered", 181_000]],
      },
      {
        kind: "sale",
        atMs,
        reference: `${orderId}.1`,
        transfers: [
          ["undelivered", "revenue:vserver", 181_000],
          ["revenue:vserver", "tax", 16_455],
        ],
      },
    ]);
    const invoice = life.state.invoices.at(-1);
    expect(invoice).toMatchObject({
      total: 181_000,
      issuedAtMs: atMs,
      period: { startMs: instant("2023-04-06T10:07"), endMs: instant("2023-05-06T10:07") },
    });
    expect([...life.state.payments.values()].at(-1)).toMatchObject({
      kind: "payment",
      amount: 181_000,
      order: orderId,
      id: invoice?.payment,
      lines: [{ resource: RESOURCE, amount: 181_000 }],
    });
    expect(life.resource()).toMatchObject({
      state: "active",
      endAtMs: instant("2023-05-06T10:07"),
      version: 3,
    });
    expect(calls(life)).toEqual(["2023-03-30T08:00 resource.renewed"]);
    expect(mails(life)).toEqual(["2023-03-30T08:00 renewal_succeeded"]);
  });

  test("goes on for as long as there is credit, every month as of its own instant, also when run months late", () => {
    for (const isLate of [false, true]) {
      const life = livingServer(AUTO, { ...START, credit: 5 * 181_000 }).passTo("2023-07-15", { isLate });
      expect(timeline(life).filter((text) => text.endsWith("renewed"))).toEqual([
        "2023-03-30T08:00 renewed",
        "2023-04-29T08:00 renewed",
        "2023-05-30T08:00 renewed",
        "2023-06-29T08:00 renewed",
      ]);
      expect(life.available).toBe(0);
      expect(life.resource().endAtMs).toBe(instant("2023-08-06T10:07"));
    }
  });

  test("tells what is missing after each attempt, and is off after the last", () => {
    const life = livingServer(AUTO, { ...START, credit: 181_000 + 60_500 }).passTo("2023-04-06T09:00");
    const failures = life.state.notices.filter(({ template }) => template === "renewal_failed");
    expect(failures).toMatchObject([
      {
        atMs: instant("2023-03-30T08:00"),
        amount: 181_000,
        missing: 120_500,
        nextAttemptAtMs: instant("2023-04-02T08:00"),
      },
      { atMs: instant("2023-04-02T08:00"), nextAttemptAtMs: instant("2023-04-05T08:00") },
      { atMs: instant("2023-04-05T08:00"), nextAttemptAtMs: instant("2023-04-06T08:00") },
      { atMs: instant("2023-04-06T08:00"), missing: 120_500, nextAttemptAtMs: null },
    ]);
    expect(life.resource().autoRenew).toEqual({ enabled: false, months: 1 });
    life.must(grantCredit(1_000_000));
    life.passTo("2023-04-07");
    expect(life.resource().state).toBe("restricted");
  });

  test("succeeds on the attempt after a top up", () => {
    const life = livingServer(AUTO, { ...START, credit: 181_000 }).passTo("2023-04-02T12:00");
    life.must(grantCredit(181_000));
    life.passTo("2023-04-06T12:00");
    expect(timeline(life).filter((text) => /renew/.test(text))).toEqual([
      "2023-03-30T08:00 renewal_failed",
      "2023-04-02T08:00 renewal_failed",
      "2023-04-05T08:00 renewed",
    ]);
    expect(life.resource()).toMatchObject({ state: "active", autoRenew: { enabled: true } });
    expect(life.available).toBe(0);
  });

  test("gives one mail where an attempt and a reminder fall on one instant", () => {
    const life = livingServer(AUTO, { at: "2023-03-06T08:00", credit: 181_000 }).passTo("2023-03-31");
    expect(mails(life)).toEqual(["2023-03-30T08:00 renewal_failed"]);
  });

  test("costs what it costs on the day", () => {
    const life = livingServer(AUTO, START);
    life.product = {
      ...vserver,
      version: 2,
      resourceTypes: vserver.resourceTypes.map((type) => ({
        ...type,
        skus: type.skus.map((sku) => ({ ...sku, unitPrice: "200000" })),
      })),
    };
    life.passTo("2023-03-30T08:00");
    expect(life.state.invoices.at(-1)?.total).toBe(200_000);
    expect(life.resource().terms.map(({ gross }) => gross)).toEqual([181_000, 200_000]);
  });

  test("asks for the prices in force before it decides, of its own product", () => {
    const life = livingServer(AUTO, START);
    const context = { nowMs: instant("2023-03-30T08:00"), caller: { role: "admin" } as const };
    const other = { ...vserver, id: "vstorage" as ProductId };
    for (const product of [null, other]) {
      const decided = decide(life.state, runResourceDue(RESOURCE, product), context);
      expect(decided).toEqual({ ok: true, value: { kind: "needs_product", product: "vserver" } });
    }
  });

  test("fails, and says so, where a part of the resource is no longer sold", () => {
    const life = livingServer(AUTO, START);
    life.product = {
      ...vserver,
      resourceTypes: vserver.resourceTypes.map((type) => ({ ...type, skus: type.skus.slice(0, 1) })),
    };
    life.passTo("2023-03-30T08:00");
    expect(life.state.notices.at(-1)).toMatchObject({ template: "renewal_failed", amount: null, missing: 0 });
    expect(life.available).toBe(10_000_000 - 181_000);
  });

  test("uses no coupon, whatever the resource was bought with", () => {
    const life = livingServer({ ...AUTO, coupon: amountOff(100_000) }, START).passTo("2023-03-30T08:00");
    expect(life.state.invoices.map(({ total, coupon }) => [total, coupon?.amount ?? 0])).toEqual([
      [81_000, 100_000],
      [181_000, 0],
    ]);
  });

  test("waits for an action in progress, and is made when the resource is free", () => {
    const life = livingServer(AUTO, START).passTo("2023-03-30T07:30");
    const order = life.order("resize", { configuration: { small: 1 }, outcome: "silence" });
    life.passTo("2023-03-30T08:20");
    expect(timeline(life)).toEqual([]);
    if (order.ok) life.answer(order.value, "succeeded");
    life.passTo("2023-03-30T08:21");
    expect(timeline(life)).toEqual(["2023-03-30T08:00 renewed"]);
    expect(life.state.invoices.at(-1)?.total).toBe(90_000);
  });

  test("is made for what ends first, where the credit doesn't do for all", () => {
    const life = livingServer(AUTO, { ...START, credit: 4 * 181_000 });
    life.nowMs = instant("2023-03-06T09:30");
    life.order("create", { configuration: { general: 1 }, ...AUTO });
    life.order("create", { configuration: { general: 1 }, ...AUTO });
    life.passTo("2023-03-30T08:00");
    expect(life.ran.map(([, what, key]) => [key, what])).toEqual([
      ["res_2.1", "renewed"],
      ["res_3.1", "renewal_failed"],
      [RESOURCE, "renewal_failed"],
    ]);
  });
});

describe("time that passes for a resource", () => {
  test("does nothing to one that is renewed by hand in time but remind of the new end", () => {
    const life = livingServer({}, START).passTo("2023-04-01T12:00");
    life.order("renew", { period: { months: 1 } });
    life.ran.length = 0;
    life.passTo("2023-05-01T12:00");
    expect(timeline(life)).toEqual(["2023-04-29T10:07 reminded", "2023-05-01T10:07 reminded"]);
  });

  test("stops with its deletion", () => {
    const life = livingServer(AUTO, START).passTo("2023-03-20");
    life.must(deleteResource());
    life.ran.length = 0;
    life.passTo("2024-03-20");
    expect(timeline(life)).toEqual([]);
  });

  test("goes backwards without undoing or repeating anything", () => {
    const life = livingServer({}, START).passTo("2023-04-07");
    life.nowMs = instant("2023-03-20");
    const told = life.state.notices.length;
    life.passTo("2023-04-06T23:00");
    expect(life.state.notices).toHaveLength(told);
    expect(life.resource().state).toBe("restricted");
  });

  test("finds nothing to do for a resource that isn't there", () => {
    const life = livingServer({}, START);
    expect(carryOut(life.state, runResourceDue("res_9.1"), life.nowMs).answer).toBe("nothing");
  });
});

test("turning auto-renewal on after it was switched off makes the attempts of the next term", () => {
  const life = livingServer(AUTO, { ...START, credit: 181_000 }).passTo("2023-04-06T09:00");
  life.must(grantCredit(1_000_000));
  life.must(setAutoRenew());
  life.passTo("2023-04-08");
  expect(life.resource().state).toBe("restricted");
  life.order("renew");
  life.passTo("2023-04-29T08:00");
  expect(timeline(life).at(-1)).toBe("2023-04-29T08:00 renewed");
});
