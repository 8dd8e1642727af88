import { describe, expect, test } from "vitest";
import { addMonths } from "../../../src/domain/calendar.ts";
import { violations } from "../../../src/domain/invariants.ts";
import {
  changeOrder,
  deleteResource,
  failedFor,
  ORDER,
  orderFor,
  RESOURCE,
  succeededFor,
} from "../commands.ts";
import { type Life, livingServer } from "../life.ts";
import { postingsOf } from "../memory-state.ts";
import { amountOff, instant, orderId, SAIGON } from "../samples.ts";

const START = { at: "2023-03-06T00:00", credit: 2_000_000 };
const THREE_MONTHS = { period: { months: 3 } };
const END = instant("2023-06-06T00:00");
const AT = instant("2023-04-16T00:00");
const SECOND = orderId("ord_2");

/** The server of the worked example: 181 000 a month, three months from 6 March, on 16 April. */
const server = (more: Parameters<typeof livingServer>[0] = {}) => {
  const life = livingServer({ ...THREE_MONTHS, ...more }, START);
  life.nowMs = AT;
  return life;
};

const placed = (life: Life, configuration: Record<string, number>) => {
  const order = life.place("resize", { configuration });
  if (!order.ok) throw new Error(order.error.code);
  const found = life.state.order(order.value);
  if (!found) throw new Error("no order");
  return found;
};

const postings = (life: Life, from: number) =>
  postingsOf(
    life.state.transactions.slice(from).map((transaction) => ({ type: "money_posted", transaction })),
  );

describe("a resize to more", () => {
  test("is quoted at the difference for the time left, for 30 minutes", () => {
    const order = placed(server(), { big: 1 });
    expect(order.quote).toMatchObject({
      subtotal: 565_000,
      discount: 0,
      total: 565_000,
      quotedAtMs: AT,
      expiresAtMs: AT + 30 * 60_000,
    });
    expect(order.quote.lines).toMatchObject([
      {
        resource: RESOURCE,
        resourceVersion: 2,
        name: "web",
        billedMinutes: 72_000,
        endAtMs: END,
        ...{ gross: 565_000, net: 565_000, refund: 0, discount: 0 },
      },
    ]);
  });

  test("is charged when it is paid, and the resource is taken until its console answers", () => {
    const life = server();
    const { id } = placed(life, { big: 1 });
    const from = life.state.transactions.length;
    const paid = life.pay(id);
    expect(paid).toMatchObject({ ok: true, value: { payment: { amount: 565_000 }, refund: 0 } });
    expect(postings(life, from)).toEqual([
      {
        kind: "purchase",
        atMs: AT,
        reference: id,
        transfers: [["credit_available", "undelivered", 565_000]],
      },
    ]);
    expect(life.resource()).toMatchObject({
      state: "active",
      configuration: [{ sku: "general", quantity: 1 }],
      pending: { order: id, line: `${id}.1` },
    });
    expect(life.state.calls.at(-1)).toMatchObject({
      type: "resource.resize",
      order: id,
      line: `${id}.1`,
      configuration: [{ sku: "big", quantity: 1 }],
    });
    expect(life.refusal(deleteResource())).toEqual({ code: "resource_busy" });
    expect(life.place("renew")).toEqual({ ok: false, error: { code: "resource_busy" } });
  });

  test("leaves one term to the same end, a credit note for what was unused, and one invoice for the rest", () => {
    const life = server();
    life.order("resize", { configuration: { big: 1 } });
    expect(life.resource()).toMatchObject({
      configuration: [{ sku: "big", quantity: 1 }],
      endAtMs: END,
      version: 4,
      pending: null,
      terms: [{ startMs: AT, endMs: END, billed: "72000", gross: 866_667, paid: 866_667 }],
    });
    const [first, second] = life.state.invoices;
    expect(first).toMatchObject({
      total: 543_000,
      creditedBy: ["202304-7QK-2"],
      supersededBy: "202304-7QK-3",
    });
    expect(life.state.creditNotes).toMatchObject([
      {
        code: "202304-7QK-2",
        invoice: first?.code,
        reason: "resize",
        total: 301_667,
        tax: 27_424,
        coupon: null,
      },
    ]);
    expect(second).toMatchObject({
      code: "202304-7QK-3",
      ...{ total: 866_667, paid: 866_667, tax: 78_788, status: "paid" },
      period: { startMs: AT, endMs: END },
    });
    expect(life.available).toBe(2_000_000 - 543_000 - 565_000);
    expect(life.state.balances).toMatchObject({ undelivered: 0, tax: 49_364 - 27_424 + 78_788 });
  });

  test("credits every term that a renewal stacked, each on its own invoice", () => {
    const life = livingServer({ period: { months: 1 } }, START);
    life.order("renew", { period: { months: 2 } });
    life.nowMs = instant("2023-03-21T00:00");
    life.order("resize", { configuration: { big: 1 } });
    expect(life.state.creditNotes.map(({ invoice, total }) => [invoice, total])).toEqual([
      ["202303-7QK-1", 90_500],
      ["202303-7QK-2", 362_000],
    ]);
    expect(life.state.invoices.map(({ supersededBy }) => supersededBy)).toEqual([
      "202303-7QK-5",
      "202303-7QK-5",
      null,
    ]);
    expect(life.resource().terms).toMatchObject([{ billed: "108000", gross: 1_300_000, paid: 1_300_000 }]);
  });

  test("carries the coupon's part over to the new invoice", () => {
    const life = server({ coupon: amountOff(54_300) });
    life.order("resize", { configuration: { big: 1 } });
    expect(life.state.creditNotes).toMatchObject([
      { total: 271_500, coupon: { code: "TET", amount: 30_167 } },
    ]);
    expect(life.state.invoices.at(-1)).toMatchObject({
      total: 836_500,
      coupon: { code: "TET", amount: 30_167 },
    });
    expect(life.state.balances.promotions).toBe(-54_300);
  });
});

describe("a resize to less", () => {
  test("has a total below zero; paying takes nothing and says what will come back", () => {
    const life = server();
    const order = placed(life, { small: 1 });
    expect(order.quote).toMatchObject({ subtotal: -151_667, total: -151_667 });
    expect(life.pay(order.id)).toMatchObject({
      ok: true,
      value: { payment: { amount: 0 }, refund: 151_667 },
    });
    expect(life.available).toBe(2_000_000 - 543_000);
  });

  test("is refunded into credit when the console has done it, with its row in both histories", () => {
    const life = server();
    const from = life.state.transactions.length;
    life.order("resize", { configuration: { small: 1 } });
    expect(postings(life, from)).toEqual([
      {
        ...{ kind: "reversal", atMs: AT, reference: "ord_2.1" },
        transfers: [
          ["tax", "revenue:vserver", 27_424],
          ["revenue:vserver", "undelivered", 301_667],
        ],
      },
      {
        ...{ kind: "refund", atMs: AT, reference: "ord_2.1" },
        transfers: [["undelivered", "credit_available", 151_667]],
      },
      {
        ...{ kind: "sale", atMs: AT, reference: "ord_2.1" },
        transfers: [
          ["undelivered", "revenue:vserver", 150_000],
          ["revenue:vserver", "tax", 13_636],
        ],
      },
    ]);
    expect(life.state.creditHistory.at(-1)).toMatchObject({ type: "refund", amount: 151_667 });
    const [, payment, refund] = [...life.state.payments.values()];
    expect(payment).toMatchObject({
      kind: "payment",
      amount: 0,
      lines: [{ amount: 0 }],
    });
    expect(refund).toMatchObject({ kind: "refund", amount: 151_667, refundOf: "pay_2", order: SECOND });
    expect(life.state.notices.at(-1)).toMatchObject({ template: "resource_resized", refund: 151_667 });
  });

  test("pays back what was paid of the difference, not what a coupon took off", () => {
    const life = server({ coupon: amountOff(271_500) });
    const order = placed(life, { small: 1 });
    // Half of the price was paid, so half of the difference comes back.
    expect(order.quote.total).toBe(-75_833);
  });

  test("of a type that isn't refundable gives nothing back, and keeps what it was worth", () => {
    const life = livingServer({ type: "quota", configuration: { metrics: 3 }, ...THREE_MONTHS }, START);
    life.nowMs = AT;
    const resized = life.order("resize", { type: "quota", configuration: { metrics: 1 } });
    expect(resized).toMatchObject({ ok: true });
    expect(life.state.order(SECOND)?.quote.total).toBe(0);
    expect(life.resource().terms).toMatchObject([{ gross: 275_000, paid: 275_000 }]);
    const invoice = life.state.invoices.at(-1);
    expect(invoice).toMatchObject({ total: 275_000, tax: 25_000 });
    expect(invoice?.lines.map(({ gross, items }) => [gross, items[0]?.amount])).toEqual([[275_000, 275_000]]);
    expect(life.available).toBe(2_000_000 - 495_000);
  });
});

describe("a resize that its console couldn't do", () => {
  test("is refunded, and the resource is as it was before", () => {
    const life = server();
    const before = life.resource();
    life.order("resize", { configuration: { big: 1 }, outcome: "failed" });
    expect(life.resource()).toEqual({ ...before, version: before.version + 2 });
    expect(life.available).toBe(2_000_000 - 543_000);
    expect(life.state.creditNotes).toEqual([]);
    expect(life.state.order(SECOND)).toMatchObject({
      status: "failed",
      quote: { lines: [{ status: "refunded" }] },
    });
    expect(life.state.notices.at(-1)).toMatchObject({
      template: "provisioning_failed",
      action: "resize",
      refund: 565_000,
    });
  });

  test("for want of an answer within 24 hours is refunded too, and its console told to change it back", () => {
    const life = server();
    life.order("resize", { configuration: { big: 1 }, outcome: "silence" });
    life.passTo(AT + 24 * 3_600_000);
    expect(life.ran.map(([, what]) => what)).toEqual(["alerted", "refunded"]);
    expect(life.state.calls.at(-1)).toMatchObject({
      type: "resource.resize",
      line: null,
      configuration: [{ sku: "general", quantity: 1 }],
    });
    expect(life.must(succeededFor("2.1"))).toMatchObject({ isTooLate: true });
    expect(life.must(failedFor("2.1"))).toMatchObject({ isTooLate: false });
    expect(life.available).toBe(2_000_000 - 543_000);
    expect(violations(life.state.books())).toEqual([]);
  });
});

describe("a resize is refused", () => {
  test("when it was quoted before a renewal and is paid after it", () => {
    const life = server();
    const { id } = placed(life, { big: 1 });
    life.order("renew");
    expect(life.pay(id)).toEqual({ ok: false, error: { code: "resource_changed" } });
    life.must(changeOrder({ order: id }));
    expect(life.pay(id)).toMatchObject({ ok: true });
  });

  test("30 minutes after its quote", () => {
    const life = server();
    const { id } = placed(life, { big: 1 });
    life.nowMs += 30 * 60_000;
    expect(life.pay(id)).toEqual({ ok: false, error: { code: "quote_expired" } });
  });

  test("while another is in progress: two quotes, one payment", () => {
    const life = server();
    const [first, second] = [placed(life, { big: 1 }), placed(life, { small: 1 })];
    expect(life.pay(first.id)).toMatchObject({ ok: true });
    expect(life.pay(second.id)).toEqual({ ok: false, error: { code: "resource_busy" } });
  });

  test("with a coupon", () => {
    const life = server();
    const { id } = placed(life, { big: 1 });
    expect(life.refusal(changeOrder({ order: id, coupon: amountOff(1) }))).toEqual({
      code: "coupon_not_allowed",
    });
  });

  test.each([
    ["after the end", END, "resource_expired"],
    ["at the end", END - 1, null],
  ])("%s", (_, atMs, code) => {
    const life = server();
    life.nowMs = atMs;
    const placed = life.place("resize", { configuration: { big: 1 } });
    expect(placed.ok ? null : placed.error.code).toBe(code);
  });

  test("where it names what isn't the product's, isn't of that type, comes twice, or has a quantity or period", () => {
    const life = server();
    const refusal = (more: Parameters<typeof orderFor>[1]) =>
      life.refusal(orderFor("resize", { configuration: { big: 1 }, order: "ord_9", ...more }));
    expect(refusal({ resources: ["res_7.1"] })).toEqual({ code: "resource_not_found" });
    expect(refusal({ type: "package" })).toMatchObject({ code: "unknown_resource_type" });
    expect(refusal({ resources: [RESOURCE, RESOURCE] })).toMatchObject({
      code: "duplicate_resource",
      path: "lines[0].resourceId",
    });
    expect(refusal({ configuration: { traffic: 1 } })).toMatchObject({ code: "sku_not_prepaid" });
    const { id } = placed(life, { big: 1 });
    const change = (changes: object) =>
      life.refusal(changeOrder({ order: id, changes: [{ item: 0, ...changes }] }));
    expect(change({ quantity: 2 })).toMatchObject({
      code: "quantity_not_allowed",
      path: "lines[0].quantity",
    });
    expect(change({ period: { months: 1 } })).toMatchObject({ code: "period_not_allowed" });
  });

  test("without enough credit, which names what is missing", () => {
    const life = livingServer(THREE_MONTHS, { ...START, credit: 600_000 });
    life.nowMs = AT;
    const { id } = placed(life, { big: 1 });
    expect(life.pay(id)).toEqual({
      ok: false,
      error: { code: "insufficient_credit", available: 57_000, missing: 508_000 },
    });
  });
});

test("the upgrade day is billed once: at no instant are two configurations paid for", () => {
  const life = server();
  life.order("resize", { configuration: { big: 1 } });
  const [first, second] = life.state.invoices;
  const [note] = life.state.creditNotes;
  const used = (first?.total ?? 0) - (note?.total ?? 0);
  // 40 days of the old one, 50 of the new one: 90 days in all.
  expect([used, second?.total]).toEqual([Math.round((181_000 * 40) / 30), Math.round((520_000 * 50) / 30)]);
  expect(note?.period).toEqual(second?.period);
  expect(addMonths(instant("2023-03-06T00:00"), 3, 6, SAIGON)).toBe(second?.period.endMs);
  expect(life.state.order(ORDER)?.status).toBe("completed");
});
