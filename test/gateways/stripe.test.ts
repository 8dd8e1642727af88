import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MINUTE_MS } from "../../src/domain/local-time.ts";
import { money } from "../../src/domain/money.ts";
import { gatewaysOf, liveDeps } from "../../src/gateways/installation.ts";
import type { GatewayDeps } from "../../src/gateways/port.ts";
import { reach } from "../../src/gateways/reach.ts";
import { recordLogs } from "../support/logs.ts";
import { Linking } from "./linking-conversation.ts";
import { behave, gatewayOf, ORIGIN, Paying } from "./paying.ts";

beforeEach(() => {
  recordLogs();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await behave("stripe");
});

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

describe("a card at Stripe", () => {
  /** A card that is linked, and a payment to charge it with. */
  async function linkedCard() {
    const { gateway, sent } = overheard();
    const from = await new Linking(gateway).linked();
    const paying = new Paying(gateway);
    const { linking } = gateway;
    if (!linking) throw new Error("Stripe links cards");
    return { gateway, linking, sent, paying, request: { ...paying.request, from } };
  }

  const later = (paying: Paying) => gatewayWith({ nowMs: () => paying.request.expiresAtMs });

  async function toConfirm() {
    const card = await linkedCard();
    await behave("stripe", { charge: "asks", callback: "never" });
    const outcome = await card.linking.charge(card.request);
    if (outcome.kind !== "needs_customer") throw new Error(JSON.stringify(outcome));
    const known = { ...card.paying.request, createdAs: outcome.createdAs };
    return { ...card, outcome, known };
  }

  const decide = (paying: Paying, address: string, decision: string) => {
    const { origin, pathname } = new URL(address);
    const body = new URLSearchParams({ reference: paying.request.reference, decision, callback: "never" });
    const request = new Request(`${origin}${pathname}`, {
      method: "POST",
      headers: { Origin: ORIGIN },
      body,
    });
    return paying.visit(request);
  };

  it("is linked by a customer of its own, for charges without them", async () => {
    const { gateway, sent } = overheard();
    const linking = new Linking(gateway);
    await linking.begin();
    const [customer, session] = sent;
    const { reference } = linking.request;
    expect([customer?.path, session?.path]).toEqual(["/v1/customers", "/v1/checkout/sessions"]);
    const keys = [customer, session].map((call) => call?.headers.get("Idempotency-Key"));
    expect(keys).toEqual([`customer-${reference}`, reference]);
    expect(Object.fromEntries(session?.body ?? [])).toMatchObject({
      ...{ mode: "setup", client_reference_id: reference, "allowed_payment_method_types[0]": "card" },
      customer: expect.stringMatching(/^cus_/),
    });
  });

  it("whose link's time is over is linked no more", async () => {
    const linking = new Linking(gatewayOf("stripe"));
    const begun = await linking.begin();
    if (begun.kind !== "created") throw new Error(begun.kind);
    const known = { ...linking.request, createdAs: begun.createdAs };
    const ended = gatewayWith({ nowMs: () => known.expiresAtMs }).linking;
    expect(await ended?.readLink(known, null)).toMatchObject({ kind: "failed", reason: "expired" });
    await expect(linking.decide("approve")).rejects.toThrow("the page answered 409");
  });

  it("is charged in its customer's absence, once under our reference", async () => {
    const { linking, sent, request } = await linkedCard();
    sent.length = 0;
    const first = await linking.charge(request);
    expect(await linking.charge(request)).toEqual(first);
    expect(sent.map(({ path }) => path)).toEqual(["/v1/payment_intents", "/v1/payment_intents"]);
    expect(sent[0]?.headers.get("Idempotency-Key")).toBe(request.reference);
    expect(Object.fromEntries(sent[0]?.body ?? [])).toMatchObject({
      ...{ amount: "100000", currency: "vnd", off_session: "true", confirm: "true" },
      "metadata[edge_billing_reference]": request.reference,
    });
    expect(first).toMatchObject({ kind: "succeeded", claim: { theirId: expect.stringMatching(/^pi_/) } });
  });

  it("that its customer must confirm leads them to do so, and is the same payment then", async () => {
    const { gateway, linking, paying, request, outcome, known, sent } = await toConfirm();
    expect(await linking.charge(request)).toEqual(outcome);
    expect(sent.filter(({ path }) => path.endsWith("/sessions"))).toHaveLength(1);
    expect(await gateway.queryPayment(known)).toEqual({ kind: "pending" });
    expect((await paying.open(outcome.redirectUrl)).status).toBe(200);
    const back = await decide(paying, outcome.redirectUrl, "approve");
    expect([back.status, back.headers.get("Location")]).toEqual([303, request.returnUrl]);
    const paid = await gateway.queryPayment(known);
    expect(paid).toMatchObject({
      kind: "succeeded",
      claim: { ...paying.claim(), theirId: outcome.createdAs },
    });
    expect(await later(paying).queryPayment(known)).toEqual(paid);
  });

  it("that its customer doesn't confirm isn't charged", async () => {
    const { gateway, paying, outcome, known } = await toConfirm();
    await decide(paying, outcome.redirectUrl, "refuse");
    expect(await gateway.queryPayment(known)).toMatchObject({
      kind: "failed",
      reason: "authentication_failed",
    });
  });

  it("that nobody confirms in time can't be confirmed later", async () => {
    const { gateway, paying, outcome, known } = await toConfirm();
    const expired = { kind: "failed", reason: "expired", theirCode: "canceled" };
    expect(await later(paying).queryPayment(known)).toEqual(expired);
    expect((await paying.open(outcome.redirectUrl)).status).toBe(410);
    expect(await gateway.queryPayment(known)).toEqual(expired);
  });

  it("whose charge was lost before its customer could be asked is cancelled in the end", async () => {
    const { request, paying } = await linkedCard();
    await behave("stripe", { charge: "asks", callback: "never" });
    const losing = gatewayWith({
      fetch: async (url, init) => {
        if (url.endsWith("/confirm")) throw new TypeError("network");
        return reach(env)(url, init);
      },
    });
    expect(await losing.linking?.charge(request)).toMatchObject({ kind: "unknown" });
    const known = { ...paying.request, createdAs: null };
    expect(await losing.queryPayment(known)).toEqual({ kind: "pending" });
    expect(await later(paying).queryPayment(known)).toMatchObject({ kind: "failed", reason: "expired" });
  });

  it("whose token isn't one of ours is gone", async () => {
    const { linking } = await linkedCard();
    for (const token of ["", "cus_1:pm_1", "nonsense"]) {
      const { request } = new Paying(gatewayOf("stripe"));
      const outcome = await linking.charge({ ...request, from: { link: request.reference, token } });
      expect(outcome.kind, token).toBe("failed");
    }
  });
});
