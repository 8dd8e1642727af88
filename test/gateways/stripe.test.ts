import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it } from "vitest";
import { MINUTE_MS } from "../../src/domain/local-time.ts";
import { money } from "../../src/domain/money.ts";
import { gatewaysOf, liveDeps } from "../../src/gateways/installation.ts";
import type { GatewayDeps } from "../../src/gateways/port.ts";
import { reach } from "../../src/gateways/reach.ts";
import { behave, gatewayOf, Paying } from "./paying.ts";

afterEach(() => behave("stripe"));

/** The gateway, with other deps than its own. */
function gatewayWith(more: Partial<GatewayDeps>) {
  const gateway = gatewaysOf(env, { ...liveDeps(env, Date.now), ...more }).get("stripe");
  if (!gateway) throw new Error("no keys");
  return gateway;
}

/** The gateway, and what it sent. */
function overheard() {
  const sent: { path: string; body: URLSearchParams; headers: Headers }[] = [];
  const gateway = gatewayWith({
    fetch: (url, init) => {
      const { pathname } = new URL(url);
      sent.push({
        path: pathname,
        body: new URLSearchParams(String(init.body)),
        headers: new Headers(init.headers),
      });
      return reach(env)(url, init);
    },
  });
  return { gateway, sent };
}

const created = async (paying: Paying) => {
  const outcome = await paying.create();
  if (outcome.kind !== "created") throw new Error(JSON.stringify(outcome));
  return outcome;
};

describe("Stripe's Checkout", () => {
  it("is told dong as they are, under our reference, and for half an hour longer than the attempt lives", async () => {
    const { gateway, sent } = overheard();
    const paying = new Paying(gateway);
    const { createdAs, expiresAtMs } = await created(paying);
    const { reference, expiresAtMs: endsAtMs } = paying.request;
    const [create, ...more] = sent;
    expect([create?.path, more]).toEqual(["/v1/checkout/sessions", []]);
    expect(create?.headers.get("Idempotency-Key")).toBe(reference);
    expect(Object.fromEntries(create?.body ?? [])).toMatchObject({
      client_reference_id: reference,
      "metadata[edge_billing_reference]": reference,
      "payment_intent_data[metadata][edge_billing_reference]": reference,
      "line_items[0][price_data][currency]": "vnd",
      "line_items[0][price_data][unit_amount]": "100000",
      locale: "vi",
    });
    expect(createdAs).toMatch(/^cs_test_\d+$/);
    expect(expiresAtMs - endsAtMs).toBeGreaterThanOrEqual(30 * MINUTE_MS);
    expect(expiresAtMs - endsAtMs).toBeLessThan(30 * MINUTE_MS + 1_000);
  });

  it("is asked for again under the same reference, and is the same", async () => {
    const paying = new Paying(gatewayOf("stripe"));
    expect(await created(paying)).toEqual(await created(paying));
  });

  it("isn't asked for anything else under the same reference", async () => {
    const paying = new Paying(gatewayOf("stripe"));
    await created(paying);
    const dearer = new Paying(gatewayOf("stripe"), { ...paying.request, amountMinor: money(200_000) });
    expect(await dearer.create()).toMatchObject({ kind: "unknown" });
  });

  it("whose name was lost is found among those of its time", async () => {
    const { gateway, sent } = overheard();
    const lost = new Paying(gateway);
    for (let others = 0; others < 3; others += 1) await created(new Paying(gatewayOf("stripe")));
    await created(lost);
    for (let others = 0; others < 3; others += 1) await created(new Paying(gatewayOf("stripe")));
    const known = { ...lost.request, createdAs: null };
    expect(await gateway.queryPayment(known)).toEqual({ kind: "pending" });
    await lost.open();
    await lost.decide("approve", "never");
    expect(await gateway.queryPayment(known)).toMatchObject({ kind: "succeeded", claim: lost.claim() });
    const window = sent.map(({ path }) => path);
    expect(window).toContain("/v1/checkout/sessions");
    const elsewhen = {
      createdAtMs: known.createdAtMs - 86_400_000,
      expiresAtMs: known.createdAtMs - 86_300_000,
    };
    expect(await gateway.queryPayment({ ...known, ...elsewhen })).toEqual({ kind: "not_found" });
  });

  it("is ended when the attempt is over, and can't be paid any more", async () => {
    const paying = new Paying(gatewayOf("stripe"));
    const { createdAs } = await created(paying);
    const known = { ...paying.request, createdAs };
    expect(await gatewayOf("stripe").queryPayment(known)).toEqual({ kind: "pending" });
    const later = gatewayWith({ nowMs: () => known.expiresAtMs });
    const expired = { kind: "failed", reason: "expired", theirCode: "expired" };
    expect(await later.queryPayment(known)).toEqual(expired);
    expect((await paying.open()).status).toBe(410);
    expect(await gatewayOf("stripe").queryPayment(known)).toEqual(expired);
  });

  it("that was paid in the last moment isn't ended", async () => {
    const paying = new Paying(gatewayOf("stripe"));
    const { createdAs } = await created(paying);
    await paying.open();
    const known = { ...paying.request, createdAs };
    const late = gatewayWith({
      nowMs: () => known.expiresAtMs,
      fetch: async (url, init) => {
        if (url.endsWith("/expire")) await paying.decide("approve", "never");
        return reach(env)(url, init);
      },
    });
    expect(await late.queryPayment(known)).toMatchObject({ kind: "succeeded", claim: paying.claim() });
  });

  it("that was named and isn't there any more says nothing", async () => {
    const paying = new Paying(gatewayOf("stripe"));
    const known = { ...paying.request, createdAs: "cs_test_4999999999" };
    expect(await paying.gateway.queryPayment(known)).toMatchObject({ kind: "unknown" });
    const other = new Paying(gatewayOf("stripe"));
    const { createdAs } = await created(other);
    expect(await paying.gateway.queryPayment({ ...known, createdAs })).toMatchObject({ kind: "unknown" });
  });
});
