import { describe, expect, test } from "vitest";
import type { ProductId } from "../../../src/domain/ids.ts";
import { violations } from "../../../src/domain/invariants.ts";
import { deleteResource, RESOURCE, setAutoRenew } from "../commands.ts";
import { Life, livingServer, type Wanted } from "../life.ts";
import { ADMIN, postingsOf } from "../memory-state.ts";
import { amountOff, instant, percentOff, resourceType, sku, vserver } from "../samples.ts";

const START = { at: "2023-03-06T00:00", credit: 2_000_000 };
const server = (wanted: Wanted = {}) => livingServer({ period: { months: 3 }, ...wanted }, START);
const AT = instant("2023-04-16");

describe("deleting a resource", () => {
  test("pays back what was paid for the time left, by a credit note, with rows in both histories", () => {
    const life = server();
    life.nowMs = AT;
    const from = life.state.transactions.length;
    const { resource, refund, creditNotes } = life.must(deleteResource());
    expect(resource).toMatchObject({ state: "deleted", terms: [], endAtMs: null, version: 3 });
    expect(refund).toBe(301_667);
    expect(creditNotes).toMatchObject([
      { invoice: "202303-7QK-1", reason: "delete", total: 301_667, tax: 27_424 },
    ]);
    expect(life.state.invoices).toMatchObject([
      { total: 543_000, creditedBy: ["202304-7QK-2"], supersededBy: null },
    ]);
    expect(
      postingsOf(
        life.state.transactions.slice(from).map((transaction) => ({ type: "money_posted", transaction })),
      ),
    ).toEqual([
      {
        ...{ kind: "reversal", atMs: AT, reference: RESOURCE },
        transfers: [
          ["tax", "revenue:vserver", 27_424],
          ["revenue:vserver", "undelivered", 301_667],
        ],
      },
      {
        ...{ kind: "refund", atMs: AT, reference: RESOURCE },
        transfers: [["undelivered", "credit_available", 301_667]],
      },
    ]);
    expect([...life.state.payments.values()].at(-1)).toMatchObject({
      ...{ kind: "refund", method: "credit", amount: 301_667, refundOf: "pay_1" },
      lines: [{ resource: RESOURCE, amount: 301_667, invoice: "202303-7QK-1" }],
    });
    expect(life.state.creditHistory.at(-1)).toMatchObject({
      type: "refund",
      amount: 301_667,
      available: 1_758_667,
    });
    expect(life.state.calls.at(-1)).toMatchObject({ type: "resource.delete", atMs: AT });
    expect(life.state.notices.at(-1)).toMatchObject({ template: "resource_deleted", refund: 301_667 });
  });

  test("of several terms credits each on its own invoice, in one refund that names no single payment", () => {
    const life = livingServer({}, START);
    life.order("renew", { period: { months: 2 } });
    life.nowMs = instant("2023-03-21");
    expect(life.must(deleteResource()).creditNotes.map(({ total }) => total)).toEqual([90_500, 362_000]);
    expect([...life.state.payments.values()].at(-1)).toMatchObject({
      ...{ kind: "refund", amount: 452_500, refundOf: null },
      lines: [{ amount: 90_500 }, { amount: 362_000 }],
    });
    expect(violations(life.state.books())).toEqual([]);
  });

  test("pays back nothing that a coupon paid", () => {
    const life = server({ coupon: percentOff("100") });
    expect(life.must(deleteResource())).toMatchObject({ refund: 0, creditNotes: [] });
    const half = server({ coupon: amountOff(271_500) });
    half.nowMs = AT;
    expect(half.must(deleteResource()).refund).toBe(150_833);
    expect(half.available).toBe(2_000_000 - 271_500 + 150_833);
  });

  test("pays back nothing of a type that isn't refundable, or after the end", () => {
    const quota = livingServer({ type: "quota", configuration: { metrics: 1 } }, START);
    expect(quota.must(deleteResource())).toMatchObject({ refund: 0, creditNotes: [] });
    const late = livingServer({}, START).passTo("2023-04-10");
    expect(late.must(deleteResource())).toMatchObject({ refund: 0, resource: { state: "deleted" } });
  });

  test("keeps it in the trash for its type's days, and then deletes it", () => {
    const life = new Life(START);
    life.order("create", { type: "package", configuration: { gold: 30 }, period: { months: 3 } });
    life.nowMs = instant("2023-04-06T08:30:20");
    const { resource } = life.must(deleteResource());
    expect(resource).toMatchObject({ state: "suspended", deletesAtMs: instant("2023-04-13T08:30") });
    expect(life.state.calls.at(-1)?.type).toBe("resource.trash");
    expect(life.state.notices.at(-1)).toMatchObject({ template: "resource_trashed", refund: 59_646 });
    life.ran.length = 0;
    life.passTo("2023-05-01");
    expect(life.ran).toEqual([[instant("2023-04-13T08:30"), "deleted", RESOURCE]]);
    expect(life.state.notices.at(-1)).toMatchObject({ template: "resource_deleted", refund: 0 });
  });

  test("that was just resized refunds what the new term is worth", () => {
    const life = server();
    life.nowMs = AT;
    life.order("resize", { configuration: { big: 1 } });
    expect(life.must(deleteResource()).refund).toBe(866_667);
    expect(life.available).toBe(2_000_000 - 543_000 - 565_000 + 866_667);
    expect(life.state.creditNotes.map(({ total, invoice }) => [total, invoice])).toEqual([
      [301_667, "202303-7QK-1"],
      [866_667, "202304-7QK-3"],
    ]);
    expect(violations(life.state.books())).toEqual([]);
  });

  test("twice has its effect once", () => {
    const life = server();
    life.must(deleteResource());
    const after = life.available;
    expect(life.refusal(deleteResource())).toEqual({ code: "resource_deleted" });
    expect(life.available).toBe(after);
  });

  test("twice leaves it in the trash, for as long as it was to be there", () => {
    const life = new Life(START);
    life.order("create", { type: "package", configuration: { gold: 30 }, period: { months: 3 } });
    life.must(deleteResource());
    expect(life.refusal(deleteResource())).toEqual({ code: "resource_in_trash" });
  });

  test("is refused while it is provisioned, and makes renewals that were quoted before worthless", () => {
    const life = new Life(START);
    life.order("create", { configuration: { general: 1 }, outcome: "silence" });
    expect(life.refusal(deleteResource())).toEqual({ code: "resource_busy" });
    life.answer("ord_1" as never, "succeeded");
    const renewal = life.place("renew");
    life.must(deleteResource());
    expect(renewal.ok && life.pay(renewal.value)).toEqual({ ok: false, error: { code: "resource_deleted" } });
  });

  test("is refused for what isn't the console's", () => {
    const caller = { role: "product", product: "vstorage" as ProductId } as const;
    expect(server().refusal(deleteResource(), caller)).toEqual({ code: "resource_not_found" });
    expect(server().refusal(deleteResource("res_9.1"))).toEqual({ code: "resource_not_found" });
  });
});

describe("stopping", () => {
  const power = (state: "active" | "stopped") => ({ type: "set_power", resource: RESOURCE, state }) as const;

  test("and starting change nothing else, however often", () => {
    const life = server();
    const before = life.resource();
    life.must(power("stopped"));
    life.must(power("stopped"));
    expect(life.resource()).toEqual({ ...before, state: "stopped" });
    life.must(power("active"));
    expect(life.resource()).toEqual(before);
  });

  test("is refused for what isn't in service", () => {
    const life = livingServer({}, START).passTo("2023-04-10");
    expect(life.refusal(power("stopped"))).toEqual({ code: "resource_not_in_service" });
    life.must(deleteResource());
    expect(life.refusal(power("active"))).toEqual({ code: "resource_deleted" });
  });

  test("doesn't keep its end from coming", () => {
    const life = livingServer({}, START);
    life.must(power("stopped"));
    life.passTo("2023-04-06");
    expect(life.resource().state).toBe("restricted");
  });
});

describe("auto-renewal", () => {
  test("of some types is turned on by anybody, and off by support only", () => {
    const life = new Life(START);
    const byOperations = resourceType("metrics", [sku("m", "1000")], { autoRenewOffBy: "support" });
    life.product = { ...vserver, resourceTypes: [byOperations] };
    life.order("create", { type: "metrics", configuration: { m: 1 } });
    life.must(setAutoRenew(true, 2));
    expect(life.refusal(setAutoRenew(false))).toEqual({ code: "auto_renew_off_by_support" });
    const renewal = { type: "metrics", autoRenew: { enabled: false, months: 1 } };
    expect(life.order("renew", renewal)).toEqual({ ok: false, error: { code: "auto_renew_off_by_support" } });
    expect(life.resource().autoRenew).toEqual({ enabled: true, months: 2 });
    life.must(setAutoRenew(false), ADMIN);
    expect(life.resource().autoRenew.enabled).toBe(false);
  });

  test("isn't for types that don't have it, nor for what is gone", () => {
    const quota = livingServer({ type: "quota", configuration: { metrics: 1 } }, START);
    expect(quota.refusal(setAutoRenew())).toEqual({ code: "not_auto_renewable", path: "enabled" });
    expect(quota.must(setAutoRenew(false)).autoRenew.enabled).toBe(false);
    const life = server();
    life.must(deleteResource());
    expect(life.refusal(setAutoRenew())).toEqual({ code: "resource_deleted" });
  });
});
