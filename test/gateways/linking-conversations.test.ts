import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { GATEWAYS } from "../../src/domain/gateway.ts";
import { money } from "../../src/domain/money.ts";
import { gatewaysOf, liveDeps } from "../../src/gateways/installation.ts";
import type { GatewayDeps, LinkedToken, Linking as PortLinking } from "../../src/gateways/port.ts";
import { recordLogs } from "../support/logs.ts";
import { Linking } from "./linking-conversation.ts";
import { behave, gatewayOf, ORIGIN, Paying } from "./paying.ts";
import { LINKABLE, PECULIARITIES } from "./peculiarities.ts";

beforeEach(() => {
  recordLogs();
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const name of LINKABLE) await behave(name);
});

describe.each(GATEWAYS)("%s", (name) => {
  it("keeps accounts to be charged later, or doesn't", () => {
    expect(gatewayOf(name).linking !== null).toBe(PECULIARITIES[name].linking !== null);
  });
});

describe.each(LINKABLE)("an account at %s", (name) => {
  const { linking: its, answersAgain, hasOneWebhook } = PECULIARITIES[name];
  if (!its) throw new Error("nothing to link");
  const linking = () => new Linking(gatewayOf(name));

  it("is linked once its owner has agreed, and known by what people recognise", async () => {
    const ours = linking();
    expect(await ours.begin()).toMatchObject({ kind: "created" });
    expect(await ours.read()).toEqual({ kind: "pending" });
    await ours.decide("approve");
    const [verdict, ...more] = await ours.heard();
    expect(more).toEqual([]);
    expect(verdict).toMatchObject({ kind: "link", reference: ours.request.reference });
    const linked = await ours.read();
    expect(linked).toMatchObject({ kind: "linked", label: expect.stringMatching(its.labels) });
    expect(linked.kind === "linked" && linked.token.length > 0).toBe(true);
  });

  it("isn't linked when its owner refuses", async () => {
    const ours = linking();
    await ours.begin();
    await ours.decide("refuse");
    expect(await ours.read()).toMatchObject({ kind: "failed", reason: its.refusedAs });
  });

  it("isn't known where nobody was asked", async () => {
    expect(await linking().read()).toEqual({ kind: "not_found" });
  });

  it("leads its owner back to where the merchant said", async () => {
    const ours = linking();
    await ours.begin();
    const back = await ours.decide("approve");
    const url = new URL(back.headers.get("Location") ?? "");
    expect([back.status, url.origin, url.pathname]).toEqual([303, ORIGIN, "/accounts"]);
  });

  it("is asked for once under one reference", async () => {
    const ours = linking();
    const first = await ours.begin();
    expect(await ours.begin()).toMatchObject(answersAgain ? first : { kind: "unknown" });
    expect(await ours.read()).toEqual({ kind: "pending" });
  });

  it("isn't told of in a way that anybody believes without the key", async () => {
    const ours = linking();
    await ours.begin();
    await ours.decide("approve", "bad_signature");
    expect(await ours.heard()).toEqual([{ kind: "bad_signature" }]);
  });

  /** An order that is charged to a linked account, and what came of it. */
  const charge = async (from: LinkedToken, paying = new Paying(gatewayOf(name))) => {
    const outcome = await paying.gateway.linking?.charge({ ...paying.request, from });
    if (!outcome) throw new Error("nothing to charge");
    return { paying, outcome };
  };

  it("is charged without its owner, calls back, and says the same when asked", async () => {
    const { paying, outcome } = await charge(await linking().linked());
    expect(outcome.kind).toBe(its.charged);
    const asked = await paying.query();
    expect(asked).toMatchObject({ kind: "succeeded", claim: paying.claim() });
    if (outcome.kind === "succeeded") expect(outcome).toEqual(asked);
    const told = { kind: "payment", standing: { kind: "succeeded" }, claim: paying.claim() };
    expect(await paying.heard()).toMatchObject(hasOneWebhook ? [] : [told]);
  });

  it("is charged once under one reference", async () => {
    const from = await linking().linked();
    const { paying } = await charge(from);
    const again = (await charge(from, paying)).outcome;
    expect(["unknown", "succeeded"]).toContain(again.kind);
    expect(await paying.heard()).toHaveLength(hasOneWebhook ? 0 : 1);
    expect(await paying.query()).toMatchObject({ kind: "succeeded", claim: paying.claim() });
  });

  it("may refuse a charge, and be charged afterwards", async () => {
    const from = await linking().linked();
    await behave(name, { charge: "refuses" });
    const { paying, outcome } = await charge(from);
    expect(outcome).toMatchObject({ kind: "failed", reason: its.refuses });
    expect(await paying.query()).toMatchObject({ kind: "failed" });
    await behave(name);
    const { paying: next } = await charge(from);
    expect(await next.query()).toMatchObject({ kind: "succeeded" });
  });

  it("whose answer is lost was charged or not, and says so when asked", async () => {
    const from = await linking().linked();
    await behave(name, { charge: "times_out_after_success", callback: "never" });
    const { paying, outcome } = await charge(from);
    expect(outcome).toMatchObject({ kind: "unknown" });
    expect(await paying.query()).toMatchObject({ kind: "succeeded", claim: paying.claim() });
  });

  it("may be in the middle of a charge", async () => {
    const from = await linking().linked();
    await behave(name, { charge: "pending" });
    const { paying, outcome } = await charge(from);
    expect(outcome).toMatchObject({ kind: "pending" });
    expect(await paying.query()).toEqual({ kind: "pending" });
  });

  it("that was ended over there is charged no more, and is known to be gone", async () => {
    const from = await linking().linked();
    await behave(name, { charge: "gone" });
    expect((await charge(from)).outcome).toMatchObject({ kind: "failed", reason: "link_gone" });
    await behave(name);
    expect((await charge(from)).outcome).toMatchObject({ kind: "failed", reason: "link_gone" });
  });

  it("is unlinked, and charged no more", async () => {
    const ours = linking();
    const from = await ours.linked();
    expect(await ours.port.unlink(from)).toEqual({ kind: "unlinked" });
    expect((await charge(from)).outcome).toMatchObject({ kind: "failed", reason: "link_gone" });
    const again = await ours.port.unlink(from);
    expect(again.kind === "unlinked" || (again.kind === "failed" && again.reason === "link_gone")).toBe(true);
  });

  it.skipIf(its.hasWholeTokens)("can't be charged under another's name", async () => {
    const [mine, theirs] = [await linking().linked(), await linking().linked()];
    const outcome = (await charge({ link: mine.link, token: theirs.token })).outcome;
    expect(outcome).toMatchObject({ kind: "failed" });
  });

  it.each([
    ["hangs up", () => Promise.reject(new TypeError("network"))],
    ["fails", async () => new Response("{}", { status: 502 })],
    ["answers a page", async () => new Response("<html></html>")],
    ["answers nothing it knows", async () => Response.json(PECULIARITIES[name].says.unheardOf)],
    ["answers success and nothing else", async () => Response.json(PECULIARITIES[name].says.success)],
  ])("is left as it was by a provider that %s", async (_, answer) => {
    const ours = linking();
    const from = await ours.linked();
    const deps: GatewayDeps = { ...liveDeps(env, Date.now), fetch: answer };
    const mute = gatewaysOf(env, deps).get(name)?.linking as PortLinking;
    const { request } = new Paying(gatewayOf(name), { amountMinor: money(50_000) });
    expect(await mute.link(ours.request)).toMatchObject({ kind: "unknown" });
    expect(await mute.readLink({ ...ours.request, createdAs: null }, ours.grant)).toMatchObject({
      kind: "unknown",
    });
    expect(await mute.charge({ ...request, from })).toMatchObject({ kind: "unknown" });
  });
});
