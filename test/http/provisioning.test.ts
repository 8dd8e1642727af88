import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { DAY_MS, HOUR_MS } from "../../src/domain/local-time.ts";
import {
  bodyOf,
  type InvoiceView,
  openAccount,
  putCatalogue,
  putCoupon,
  type ResourceView,
} from "../support/api.ts";
import { advanceClock, later, resetClock, setClock } from "./clock.ts";
import { expectProblem } from "./expect-problem.ts";

beforeAll(putCatalogue);
afterEach(async () => void (await resetClock()));

/** 16 April, 00:00:42 in Ho Chi Minh City. */
const PAID_AT = "2025-04-15T17:00:42.000Z";

describe("a line that was provisioned", () => {
  it("becomes a running resource, with its paid invoice", async () => {
    await setClock(PAID_AT);
    const account = await openAccount(400_000);
    const coupon = await putCoupon({ amount: 20_000 });
    const configuration = [
      { sku: "small", quantity: 1 },
      { sku: "licence", quantity: 3 },
    ];
    const autoRenew = { enabled: true, months: 2 };
    const order = await account.placeWith(coupon, {
      name: "db",
      configuration,
      autoRenew,
      period: { months: 2 },
    });
    const payment = bodyOf(await account.pay(order.id), 200);
    const [line] = (await account.order(order.id)).lines;
    if (!line) throw new Error("an order without a line");
    await setClock("2025-04-15T17:30:59.999Z");
    const resource = bodyOf(await account.provision(line, "succeeded"), 200);
    expect(resource).toMatchObject({
      id: line.resourceId,
      product: "vserver",
      resourceType: "server",
      name: "db",
      state: "active",
      billing: "prepaid",
      billingStatus: "good",
      configuration,
      startAt: "2025-04-15T17:30:00.000Z",
      endAt: "2025-06-15T17:30:00.000Z",
      autoRenew,
      tags: {},
      order: order.id,
      orderLine: line.id,
      createdAt: PAID_AT,
    });
    // 180,000 at 10 % and 6,480 at 8 %; 20,000 is split 180,000 : 6,480.
    expect(await account.order(order.id)).toMatchObject({
      status: "completed",
      lines: [{ status: "active", gross: 186_480, discount: 20_000, net: 166_480, failure: null }],
    });
    const [invoice] = await account.invoices();
    expect(invoice).toEqual({
      code: expect.stringMatching(/^202504-[0-9A-Z]{10}-1$/),
      status: "paid",
      total: 166_480,
      paid: 166_480,
      tax: 16_844,
      currency: "VND",
      issuedAt: "2025-04-15T17:30:59.999Z",
      dueAt: "2025-04-15T17:30:59.999Z",
      product: "vserver",
      billedTo: null,
      billedMinutes: "86400",
      tags: {},
      resource: line.resourceId,
      resourceType: "server",
      resourceName: "db",
      order: order.id,
      payment: payment.id,
      period: { startAt: resource.startAt, endAt: resource.endAt },
      lines: [
        {
          taxRate: "10",
          gross: 180_000,
          tax: 16_364,
          discount: 19_305,
          items: [
            {
              sku: "small",
              name: "small",
              quantity: 1,
              unit: "30 days",
              unitPrice: "90000",
              discount: "0",
              amount: 180_000,
            },
          ],
        },
        {
          taxRate: "8",
          gross: 6_480,
          tax: 480,
          discount: 695,
          items: [
            {
              sku: "licence",
              name: "licence",
              quantity: 3,
              unit: "30 days",
              unitPrice: "1000",
              discount: "0",
              taxAdded: true,
              amount: 6_480,
            },
          ],
        },
      ],
      coupon: { code: coupon, amount: 20_000 },
      creditedBy: [],
      supersededBy: null,
    });
    expect(bodyOf(await account.user.get(`${account.path}/invoices/${invoice?.code}`), 200)).toEqual(invoice);
    const [paid] = await account.payments();
    expect(paid).toMatchObject({
      id: payment.id,
      invoices: [invoice?.code],
      lines: [{ line: line.id, invoice: invoice?.code }],
    });
    expect(await account.available()).toBe(233_520);
  });

  it("keeps its day of the month: a month from 31 January ends on 28 February", async () => {
    await setClock("2025-01-31T05:00:00Z");
    const account = await openAccount(90_000);
    const order = await account.placeAndPay();
    await account.provisionAll(order.id, "succeeded");
    const [resource] = await account.resources();
    expect(resource?.endAt).toBe("2025-02-28T05:00:00.000Z");
  });

  it("paid for to an end runs to that end", async () => {
    await setClock("2025-04-15T17:00:00Z");
    const account = await openAccount(150_000);
    const order = await account.placeAndPay({ period: { endAt: "2025-06-06T00:00:00+07:00" } });
    await setClock("2025-04-15T18:00:00Z");
    await account.provisionAll(order.id, "succeeded");
    const [resource] = await account.resources();
    expect(resource).toMatchObject({
      startAt: "2025-04-15T18:00:00.000Z",
      endAt: "2025-06-05T17:00:00.000Z",
    });
    expect((await account.invoices())[0]?.total).toBe(150_000);
  });
});

describe("a line that failed", () => {
  it("is refunded into credit with what was paid for it, and the others stand", async () => {
    const account = await openAccount(270_000);
    const coupon = await putCoupon({ amount: 30_000 });
    const order = await account.placeWith(coupon, { quantity: 3 });
    const payment = bodyOf(await account.pay(order.id), 200);
    const [one, two, three] = (await account.order(order.id)).lines;
    if (!one || !two || !three) throw new Error("not three lines");
    bodyOf(await account.provision(one, "succeeded"), 200);
    const failed = bodyOf(await account.provision(two, "failed"), 200);
    expect(failed).toMatchObject({ state: "deleted", startAt: null, endAt: null });
    expect((await account.order(order.id)).status).toBe("provisioning");
    bodyOf(await account.provision(three, "succeeded"), 200);
    const after = await account.order(order.id);
    expect(after.status).toBe("completed");
    expect(after.lines.map(({ status, failure }) => [status, failure])).toEqual([
      ["active", null],
      ["refunded", "no capacity"],
      ["active", null],
    ]);
    expect(await account.available()).toBe(30_000 + 80_000);
    const refund = (await account.payments()).find(({ kind }) => kind === "refund");
    expect(refund).toMatchObject({
      status: "succeeded",
      method: "credit",
      amount: 80_000,
      order: order.id,
      refundOf: payment.id,
      lines: [{ line: two.id, resource: two.resourceId, amount: 80_000, invoice: null }],
      invoices: [],
      reason: "no capacity",
    });
    expect((await account.invoices()).map(({ total }) => total)).toEqual([80_000, 80_000]);
    expect((await account.creditTransactions())[0]).toMatchObject({
      type: "refund",
      amount: 80_000,
      reference: two.id,
      balance: { available: 110_000, held: 0, total: 110_000 },
    });
  });

  it("leaves a failed order when it was the last that could stand", async () => {
    const account = await openAccount(180_000);
    const order = await account.placeAndPay({ quantity: 2 });
    expect((await account.provisionAll(order.id, "failed")).status).toBe("failed");
    expect(await account.available()).toBe(180_000);
    expect(await account.invoices()).toEqual([]);
  });
});

describe("an answer", () => {
  it("given twice changes nothing the second time", async () => {
    for (const status of ["succeeded", "failed"] as const) {
      const account = await openAccount(90_000);
      const [line] = (await account.placeAndPay()).lines;
      if (!line) throw new Error("an order without a line");
      const first = bodyOf(await account.provision(line, status, { key: null }), 200);
      const second = bodyOf(await account.provision(line, status, { key: null }), 200);
      expect(second).toEqual(first);
      expect(await account.invoices()).toHaveLength(status === "succeeded" ? 1 : 0);
      expect(await account.payments()).toHaveLength(status === "succeeded" ? 1 : 2);
      expect(await account.available()).toBe(status === "succeeded" ? 0 : 90_000);
    }
  });

  it("under its key is answered again", async () => {
    const account = await openAccount(90_000);
    const [line] = (await account.placeAndPay()).lines;
    if (!line) throw new Error("an order without a line");
    const first = await account.provision(line, "succeeded", { key: "k" });
    const again = await account.provision(line, "succeeded", { key: "k" });
    expect([again.status, again.replayed, again.body]).toEqual([200, true, first.body]);
  });

  it("that contradicts the first is refused, and the first stands", async () => {
    const account = await openAccount(180_000);
    const [delivered, failed] = (await account.placeAndPay({ quantity: 2 })).lines;
    if (!delivered || !failed) throw new Error("not two lines");
    bodyOf(await account.provision(delivered, "succeeded"), 200);
    bodyOf(await account.provision(failed, "failed"), 200);
    expectProblem(await account.provision(delivered, "failed"), { status: 409, code: "line_already_active" });
    expectProblem(await account.provision(failed, "succeeded"), {
      status: 409,
      code: "line_already_refunded",
    });
    expect((await account.resources()).map(({ state }) => state).sort()).toEqual(["active", "deleted"]);
    expect(await account.available()).toBe(90_000);
    expect(await account.invoices()).toHaveLength(1);
  });

  it("about a line of another order, of another resource or of none is refused", async () => {
    const account = await openAccount(360_000);
    const [one, two] = (await account.placeAndPay({ quantity: 2 })).lines;
    const [other] = (await account.placeAndPay()).lines;
    const answer = (resource: string | null | undefined, orderLine: string | undefined) =>
      account.console.post<ResourceView>(`${account.path}/resources/${resource}/provisioning`, {
        orderLine,
        status: "succeeded",
      });
    const noLine = { status: 404, code: "order_line_not_found" };
    expectProblem(await answer(one?.resourceId, two?.id), noLine);
    expectProblem(await answer(one?.resourceId, other?.id), noLine);
    expectProblem(await answer(one?.resourceId, "none"), noLine);
    expectProblem(await answer("none", one?.id), { status: 404, code: "resource_not_found" });
    expect((await account.resources()).every(({ state }) => state === "provisioning")).toBe(true);
  });

  it("before the order is paid finds no resource", async () => {
    const account = await openAccount();
    const order = await account.place();
    const resource = order.id.replace("ord_", "res_");
    const early = await account.console.post(`${account.path}/resources/${resource}.1/provisioning`, {
      orderLine: `${order.id}.1`,
      status: "succeeded",
    });
    expectProblem(early, { status: 404, code: "resource_not_found" });
  });
});

describe("a console that doesn't answer", () => {
  const alertsOf = async (account: string) =>
    (
      await env.DB.prepare("SELECT kind, subject, at_ms AS atMs FROM alerts WHERE account = ?")
        .bind(account)
        .all()
    ).results;

  it("is alerted about after an hour, once, and refunded for after 24", async () => {
    await setClock(PAID_AT);
    const account = await openAccount(90_000);
    const order = await account.placeAndPay();
    const mine = async (to: string) =>
      (await advanceClock(to)).ran
        .filter((run) => run.account === account.id && run.kind === "order")
        .map(({ key, dueAt, ran }) => [key, dueAt, ran]);

    expect(await mine(later(PAID_AT, HOUR_MS - 1))).toEqual([]);
    expect(await alertsOf(account.id)).toEqual([]);

    const alertAt = later(PAID_AT, HOUR_MS);
    expect(await mine(alertAt)).toEqual([[order.id, alertAt, "alerted"]]);
    const alert = { kind: "provisioning_overdue", subject: order.id, atMs: Date.parse(alertAt) };
    expect(await alertsOf(account.id)).toEqual([alert]);

    expect(await mine(later(PAID_AT, DAY_MS - 1))).toEqual([]);
    expect((await account.order(order.id)).status).toBe("provisioning");
    expect(await account.available()).toBe(0);

    const refundAt = later(PAID_AT, DAY_MS);
    expect(await mine(refundAt)).toEqual([[order.id, refundAt, "refunded"]]);
    expect(await account.order(order.id)).toMatchObject({
      status: "failed",
      lines: [{ status: "refunded", failure: "The product didn't answer in time." }],
    });
    expect(await account.available()).toBe(90_000);
    expect(await alertsOf(account.id)).toEqual([alert]);
    expect(await mine(later(PAID_AT, 3 * DAY_MS))).toEqual([]);
  });

  it("hears that it is too late, and may agree that it failed", async () => {
    await setClock(PAID_AT);
    const account = await openAccount(90_000);
    const order = await account.placeAndPay();
    await advanceClock(later(PAID_AT, DAY_MS));
    const [line] = (await account.order(order.id)).lines;
    if (!line) throw new Error("an order without a line");
    expectProblem(await account.provision(line, "succeeded"), { status: 409, code: "line_already_refunded" });
    expect(bodyOf(await account.provision(line, "failed"), 200).state).toBe("deleted");
    expect(await account.available()).toBe(90_000);
    expect(await account.payments()).toHaveLength(2);
  });

  it("is refunded for as of the 24th hour, however late that is noticed", async () => {
    await setClock(PAID_AT);
    const account = await openAccount(180_000);
    const order = await account.placeAndPay({ quantity: 2 });
    const [line] = order.lines;
    if (!line) throw new Error("an order without a line");
    bodyOf(await account.provision(line, "succeeded"), 200);
    await advanceClock(later(PAID_AT, 40 * DAY_MS));
    expect(await account.order(order.id)).toMatchObject({
      status: "completed",
      lines: [{ status: "active" }, { status: "refunded" }],
    });
    const refund = (await account.payments()).find(({ kind }) => kind === "refund");
    expect(refund).toMatchObject({ amount: 90_000, createdAt: later(PAID_AT, DAY_MS) });
    expect((await account.invoices()).map(({ total }: InvoiceView) => total)).toEqual([90_000]);
  });
});
