import { afterEach, describe, expect, it } from "vitest";
import { GATEWAYS } from "../../src/domain/gateway.ts";
import { money } from "../../src/domain/money.ts";
import type { RefundRequest } from "../../src/gateways/port.ts";
import { behave, freshReference, gatewayOf, Paying } from "./paying.ts";
import { PECULIARITIES } from "./peculiarities.ts";

afterEach(async () => {
  for (const name of GATEWAYS) await behave(name);
});

describe.each(GATEWAYS)("a refund at %s", (name) => {
  const gateway = gatewayOf(name);
  const { findsRefunds, refundsLater } = PECULIARITIES[name];
  const taken = refundsLater ? "pending" : "refunded";

  /** A refund of a payment of 100,000 that was made. */
  async function refundOf(amount: number): Promise<RefundRequest> {
    const paying = new Paying(gateway);
    await paying.go("approve", "never");
    const paid = await paying.query();
    if (paid.kind !== "succeeded" || paid.claim.theirId === null) throw new Error("not paid");
    return {
      payment: { ...paying.request, theirId: paid.claim.theirId },
      refundReference: freshReference(),
      createdAtMs: paying.request.createdAtMs,
      amountMinor: money(amount),
      currency: "VND",
      reason: "Hoàn tiền",
      requestedBy: "admin:ops",
    };
  }

  it("that was made is there when it is asked for", async () => {
    const request = await refundOf(60_000);
    const made = await gateway.refund(request);
    if (made.kind !== taken) throw new Error(made.kind);
    expect(await gateway.queryRefund(request, made.theirId)).toEqual({ ...made, kind: "refunded" });
  });

  it("is processed for a while, and then made", async () => {
    const request = await refundOf(60_000);
    await behave(name, { refund: "processing", pendingQueries: 1 });
    const begun = await gateway.refund(request);
    if (begun.kind !== "pending") throw new Error(begun.kind);
    expect(await gateway.queryRefund(request, begun.theirId)).toEqual(begun);
    expect(await gateway.queryRefund(request, begun.theirId)).toMatchObject({ kind: "refunded" });
  });

  it("is processed for a while, and then refused", async () => {
    await behave(name, { refund: "processing_then_refuses", pendingQueries: 0 });
    const request = await refundOf(60_000);
    const begun = await gateway.refund(request);
    if (begun.kind !== "pending") throw new Error(begun.kind);
    expect(await gateway.queryRefund(request, begun.theirId)).toMatchObject({ kind: "failed" });
  });

  it("that is refused says why", async () => {
    await behave(name, { refund: "refuses" });
    expect(await gateway.refund(await refundOf(60_000))).toMatchObject({
      kind: "failed",
      reason: "not_refundable",
    });
  });

  it("of everything, whose answer was lost, is found when it is asked for", async () => {
    await behave(name, { refund: "times_out_after_success" });
    const request = await refundOf(100_000);
    expect(await gateway.refund(request)).toMatchObject({ kind: "unknown" });
    expect(await gateway.queryRefund(request, null)).toMatchObject({ kind: "refunded" });
  });

  it("of a part, whose answer was lost, isn't taken for another", async () => {
    const first = await refundOf(30_000);
    expect(await gateway.refund(first)).toMatchObject({ kind: taken });
    const second = { ...first, refundReference: freshReference() };
    expect(await gateway.queryRefund(second, null)).toMatchObject({
      kind: findsRefunds ? "not_found" : "unknown",
    });
  });

  it("that was never asked for isn't there, and asking for it doesn't make it", async () => {
    const request = await refundOf(100_000);
    for (const _ of [1, 2]) {
      const { kind } = await gateway.queryRefund(request, null);
      expect(kind).toBe(findsRefunds ? "not_found" : "unknown");
    }
    expect(await gateway.refund(request)).toMatchObject({ kind: taken });
  });

  it("says nothing of what was paid", async () => {
    const request = await refundOf(100_000);
    await gateway.refund(request);
    const paying = { ...request.payment, expiresAtMs: request.createdAtMs + 900_000, createdAs: null };
    const { kind } = await gateway.queryPayment(paying);
    expect(kind).toBe(findsRefunds ? "succeeded" : "unknown");
  });
});
