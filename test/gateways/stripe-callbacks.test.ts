import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import type { CallbackAnswer, CallbackVerdict } from "../../src/gateways/port.ts";
import { stripe } from "../../src/gateways/stripe/gateway.ts";
import { genuine, NO_NETWORK, NOW_MS, REFERENCE, signatureOf, withOneChanged } from "./given.ts";

const SECRET = "whsec_test_secret";
const config = { baseUrl: "https://api.stripe.com", secretKey: "sk_test_x", webhookSecret: SECRET };
const gateway = stripe(config, NO_NETWORK);
const NOW = Math.floor(NOW_MS / 1_000);

const SESSION = {
  id: "cs_test_a1",
  object: "checkout.session",
  livemode: false,
  mode: "payment",
  status: "complete",
  payment_status: "paid",
  amount_total: 100_000,
  currency: "vnd",
  client_reference_id: REFERENCE,
  customer: null,
  metadata: { edge_billing_reference: REFERENCE },
  url: null,
  expires_at: NOW + 1_800,
  payment_intent: "pi_1",
  setup_intent: null,
};
const INTENT = {
  id: "pi_1",
  object: "payment_intent",
  livemode: false,
  status: "succeeded",
  amount: 100_000,
  amount_received: 100_000,
  currency: "vnd",
  metadata: { edge_billing_reference: REFERENCE, edge_billing_flow: "linked" },
  last_payment_error: null,
  next_action: null,
};
const FROM_CHECKOUT = { metadata: { edge_billing_reference: REFERENCE, edge_billing_flow: "checkout" } };
const REFUND = {
  id: "re_1",
  object: "refund",
  status: "failed",
  failure_reason: "lost_or_stolen_card",
  metadata: { edge_billing_reference: REFERENCE },
};

const event = (type: string, object: object, more: object = {}): string =>
  JSON.stringify({ id: "evt_1", object: "event", livemode: false, type, data: { object }, ...more }, null, 2);

const PAID = event("checkout.session.completed", SESSION);

const v1 = (raw: string, time: number | string = NOW, secret = SECRET) =>
  signatureOf("SHA-256", secret, `${time}.${raw}`);

const deliver = (raw: string, signature: string, to = gateway): Promise<CallbackVerdict> =>
  to.readCallback(
    new Request("https://billing.example/v1/webhooks/stripe", {
      method: "POST",
      body: raw,
      headers: { "Stripe-Signature": signature },
    }),
  );

const read = async (raw: string, time: number = NOW): Promise<CallbackVerdict> =>
  deliver(raw, `t=${time},v1=${await v1(raw, time)}`);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: NOW_MS });
});
afterEach(() => {
  vi.useRealTimers();
});

const BAD = { kind: "bad_signature" };

describe("a callback of Stripe", () => {
  it("is believed when its signature is that of its very text", async () => {
    const { claim, standing, raw } = genuine(await read(PAID));
    expect(standing).toEqual({ kind: "succeeded" });
    expect(claim).toEqual({
      reference: REFERENCE,
      merchant: "stripe_test",
      amountMinor: 100_000,
      currency: "VND",
      theirId: "pi_1",
    });
    expect(raw).toBe(PAID);
  });

  it.each([
    [
      "with its members in another order",
      JSON.stringify({ ...JSON.parse(PAID), type: undefined, object: "event" }),
    ],
    ["without its spaces", JSON.stringify(JSON.parse(PAID))],
    ["with other spaces", JSON.stringify(JSON.parse(PAID), null, 4)],
    ["with a line's end", `${PAID}\n`],
    ["with other escapes", PAID.replace("stripe", "\\u0073tripe").replace("event", "\\u0065vent")],
  ])("isn't believed %s", async (_, respelled) => {
    expect(respelled).not.toBe(PAID);
    expect(await deliver(respelled, `t=${NOW},v1=${await v1(PAID)}`)).toEqual(BAD);
  });

  it("is believed however it is spelled, as long as that is what was signed", async () => {
    const spelled = [
      JSON.stringify(JSON.parse(PAID)),
      `\n\t${PAID}\r\n`,
      PAID.replace('"vnd"', '"\\u0076nd"'),
      event("checkout.session.completed", { ...SESSION, description: "Đơn hàng “Ảnh” 😀 \u2028 / \\/" }),
      event("checkout.session.completed", { ...SESSION, description: "\\ud83d\\ude00" }),
    ];
    for (const raw of spelled) expect(genuine(await read(raw)).claim.amountMinor).toBe(100_000);
  });

  it("isn't believed with any one character changed, in its text or its signature", async () => {
    const signature = await v1(PAID);
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (at) => {
        expect(await deliver(withOneChanged(PAID, at), `t=${NOW},v1=${signature}`)).toEqual(BAD);
        expect(await deliver(PAID, `t=${NOW},v1=${withOneChanged(signature, at)}`)).toEqual(BAD);
      }),
      { numRuns: 60 },
    );
  });

  it.each([-300, -299, 0, 299, 300])("is believed %i seconds from now", async (seconds) => {
    genuine(await read(PAID, NOW + seconds));
  });

  it.each([-301, -86_400, 301, 86_400])(
    "isn't believed %i seconds from now, rightly signed as it is",
    async (s) => {
      expect(await read(PAID, NOW + s)).toEqual(BAD);
    },
  );

  it("is as old as real time says, wherever business time stands", async () => {
    const later = stripe(config, { ...NO_NETWORK, nowMs: () => NOW_MS + 365 * 86_400_000 });
    genuine(await deliver(PAID, `t=${NOW},v1=${await v1(PAID)}`, later));
  });

  it("is believed by any of its signatures, and by that of its scheme alone", async () => {
    const right = await v1(PAID);
    const wrong = await v1(PAID, NOW, "whsec_other");
    genuine(await deliver(PAID, `t=${NOW},v1=${wrong},v1=${right}`));
    genuine(await deliver(PAID, `t=${NOW},v1=${right},v0=${wrong}`));
    expect(await deliver(PAID, `t=${NOW},v0=${right}`)).toEqual(BAD);
    expect(await deliver(PAID, `t=${NOW},v1=${wrong},v1=${wrong}`)).toEqual(BAD);
  });

  it("is believed by any of the secrets that hold while one is rolled", async () => {
    const rolling = stripe({ ...config, webhookSecret: `whsec_new, ${SECRET}` }, NO_NETWORK);
    for (const secret of ["whsec_new", SECRET])
      genuine(await deliver(PAID, `t=${NOW},v1=${await v1(PAID, NOW, secret)}`, rolling));
    const other = await v1(PAID, NOW, `whsec_new, ${SECRET}`);
    expect(await deliver(PAID, `t=${NOW},v1=${other}`, rolling)).toEqual(BAD);
  });

  it("isn't believed without a proper signature", async () => {
    const right = await v1(PAID);
    const wanting = [
      ...["", "v1", "t=,v1=", `v1=${right}`, `t=${NOW}`, `t=${NOW},v1`, `t=${NOW},v1=`],
      ...[`t=${NOW}.5,v1=${right}`, `t=${NOW}x,v1=${right}`, `t=-${NOW},v1=${right}`],
      // Whose time counts would be anybody's guess.
      ...[`t=${NOW},t=${NOW},v1=${right}`, `t=${NOW + 9_000},t=${NOW},v1=${right}`],
      ...[`t=${NOW},v1=${right.slice(1)}`, `t=${NOW},v1=${right}0`, `T=${NOW},V1=${right}`],
    ];
    for (const header of wanting) expect(await deliver(PAID, header), header).toEqual(BAD);
  });

  it("that is signed and can't be read is malformed", async () => {
    for (const raw of ["", "{", "[]", "null", "{}", '"event"', event("checkout.session.completed", {})])
      expect((await read(raw)).kind, raw).toBe(raw === "" ? "bad_signature" : "malformed");
    const broken = [
      { amount_total: "100000" },
      { amount_total: 1.5 },
      { amount_total: -1 },
      { currency: "eur" },
    ];
    for (const part of [...broken, { livemode: "false" }, { metadata: 7 }])
      expect(await read(event("checkout.session.completed", { ...SESSION, ...part }))).toMatchObject({
        kind: "malformed",
      });
  });

  it("is read up to a bound", async () => {
    const long = event("checkout.session.completed", { ...SESSION, description: "x".repeat(300_000) });
    expect(await read(long)).toMatchObject({ kind: "malformed" });
  });
});

describe("what Stripe tells of a payment", () => {
  const standingOf = async (type: string, object: object) =>
    genuine(await read(event(type, object))).standing;
  const pending = { kind: "pending" };

  it("has one number, whichever of its events tells of it", async () => {
    const events = [
      event("checkout.session.completed", SESSION),
      event("checkout.session.completed", { ...SESSION, payment_intent: INTENT }),
      event("checkout.session.async_payment_succeeded", SESSION),
      event("payment_intent.succeeded", INTENT),
      event("payment_intent.succeeded", { ...INTENT, ...FROM_CHECKOUT }),
    ];
    for (const raw of events) {
      const { claim, standing } = genuine(await read(raw));
      expect([claim.theirId, claim.reference, claim.amountMinor, standing.kind]).toEqual([
        ...["pi_1", REFERENCE, 100_000, "succeeded"],
      ]);
    }
  });

  it("is pending while a slow method takes its time, and failed when that has failed", async () => {
    const unpaid = { ...SESSION, payment_status: "unpaid" };
    expect(await standingOf("checkout.session.completed", unpaid)).toEqual(pending);
    expect(await standingOf("checkout.session.async_payment_failed", unpaid)).toMatchObject({
      ...{ kind: "failed", reason: "declined" },
    });
    const expired = { ...unpaid, status: "expired", payment_intent: null };
    expect(await standingOf("checkout.session.expired", expired)).toMatchObject({ reason: "expired" });
  });

  it("isn't over when Checkout was refused one card: its payer may have another", async () => {
    const refused = {
      ...{ ...INTENT, ...FROM_CHECKOUT, status: "requires_payment_method", amount_received: 0 },
      last_payment_error: { code: "card_declined", decline_code: "insufficient_funds" },
    };
    expect(await read(event("payment_intent.payment_failed", refused))).toEqual({ kind: "irrelevant" });
    expect(await read(event("payment_intent.canceled", { ...refused, status: "canceled" }))).toEqual({
      kind: "irrelevant",
    });
  });

  it.each([
    ["card_declined", "insufficient_funds", "insufficient_funds"],
    ["card_declined", "generic_decline", "declined"],
    ["card_declined", "stolen_card", "link_gone"],
    ["expired_card", "expired_card", "link_gone"],
    ["card_declined", "card_velocity_exceeded", "limit_exceeded"],
    ["payment_intent_authentication_failure", undefined, "authentication_failed"],
    ["card_declined", "a_reason_that_nobody_knows", "declined"],
  ])("has failed for a linked card: %s, %s", async (code, decline_code, reason) => {
    const refused = {
      ...INTENT,
      status: "requires_payment_method",
      last_payment_error: { code, decline_code },
    };
    const standing = await standingOf("payment_intent.payment_failed", refused);
    expect(standing).toEqual({ kind: "failed", reason, theirCode: decline_code ?? code });
  });

  it("is pending for a linked card while its customer is to confirm it", async () => {
    const error = { code: "authentication_required", decline_code: "authentication_required" };
    const waiting = { ...INTENT, status: "requires_payment_method", last_payment_error: error };
    expect(await standingOf("payment_intent.payment_failed", waiting)).toEqual(pending);
  });

  it("claims what was received, in whose name and in which world", async () => {
    const part = genuine(
      await read(event("payment_intent.succeeded", { ...INTENT, amount_received: 1_000 })),
    );
    expect(part.claim.amountMinor).toBe(1_000);
    const live = event("checkout.session.completed", { ...SESSION, livemode: true });
    expect(genuine(await read(live)).claim.merchant).toBe("stripe_live");
    const theirs = event("checkout.session.completed", SESSION, { account: "acct_else" });
    expect(genuine(await read(theirs)).claim.merchant).toBe("acct_else");
    expect(stripe({ ...config, secretKey: "rk_live_x" }, NO_NETWORK).merchant).toBe("stripe_live");
    expect(gateway.merchant).toBe("stripe_test");
  });
});

describe("what else Stripe tells", () => {
  it("is a link that was agreed to, or not: that is asked", async () => {
    const setup = { ...SESSION, mode: "setup", payment_intent: null, amount_total: null, currency: null };
    const link = { kind: "link", reference: REFERENCE, grant: null };
    expect(await read(event("checkout.session.completed", { ...setup, setup_intent: "seti_1" }))).toEqual(
      link,
    );
    expect(await read(event("checkout.session.expired", { ...setup, status: "expired" }))).toEqual(link);
  });

  it.each(["refund.updated", "refund.failed", "charge.refund.updated"])("is a refund: %s", async (type) => {
    expect(await read(event(type, REFUND))).toEqual({ kind: "refund", reference: REFERENCE });
  });

  it("is no business of ours, and taken", async () => {
    const others = [
      event("customer.created", { id: "cus_1", object: "customer" }),
      event("payment_intent.created", { ...INTENT, status: "requires_payment_method" }),
      event("charge.succeeded", { id: "ch_1", object: "charge" }),
      // Sold by somebody else with the same account.
      event("checkout.session.completed", { ...SESSION, metadata: {} }),
      event("payment_intent.succeeded", { ...INTENT, metadata: null }),
      event("refund.updated", { ...REFUND, metadata: {} }),
    ];
    for (const raw of others) expect(await read(raw)).toEqual({ kind: "irrelevant" });
  });
});

test("Stripe is told by the status alone", async () => {
  const said: Readonly<Record<CallbackAnswer, number>> = {
    ...{ taken: 200, repeated: 200, unmatched: 200, mismatched: 200, irrelevant: 200 },
    ...{ bad_signature: 400, malformed: 400, retry_later: 503 },
  };
  for (const [answer, status] of Object.entries(said))
    expect(gateway.answerCallback(answer as CallbackAnswer).status).toBe(status);
});
