import type { Context } from "hono";
import { z } from "zod";
import { DAY_MS, MINUTE_MS } from "../../domain/local-time.ts";
import { now } from "../../http/clock.ts";
import type { App } from "../../http/context.ts";
import { routes } from "../../http/openapi.ts";
import { changeLink, linkBy, linksOf, openLink, type SimulatedLink } from "./links.ts";
import {
  endPayment,
  isToldPending,
  openPayment,
  paymentByTheirId,
  paymentsOf,
  type SimulatedPayment,
} from "./payments.ts";
import { intentOf, MERCHANT, sessionOf, setupOf, setupSessionOf } from "./stripe-messages.ts";
import {
  type Fields,
  invalid,
  listed,
  missing,
  ok,
  partOf,
  type StripeAnswer,
  stripeCall,
  webhookOf,
} from "./stripe-protocol.ts";
import { type Switches, switchesOf } from "./switches.ts";

/** About 50 US cents. */
const MIN_AMOUNT = 13_000;
const MAX_AMOUNT = 99_999_999;
const SHORTEST_LIFE_MS = 30 * MINUTE_MS;
const AMOUNT = "line_items[0][price_data][unit_amount]";
const NAME = "line_items[0][price_data][product_data][name]";

const text = z.string().min(1).max(1_000);
const base = {
  client_reference_id: text,
  success_url: z.url(),
  cancel_url: z.url(),
  expires_at: z.string().regex(/^\d{10,12}$/),
};
const paying = z.object({
  ...base,
  mode: z.literal("payment"),
  "line_items[0][quantity]": z.literal("1"),
  "line_items[0][price_data][currency]": z.literal("vnd"),
  [AMOUNT]: z.string().regex(/^[1-9]\d{0,11}$/),
  [NAME]: text,
});
const linking = z.object({
  ...base,
  mode: z.literal("setup"),
  customer: text.regex(/^cus_/),
  "allowed_payment_method_types[0]": z.literal("card"),
  "setup_intent_data[description]": text,
});
const asked = z.discriminatedUnion("mode", [paying, linking]);

/** Stripe's Checkout: one payment, or a card to be linked. Customers are names, and nothing is kept of them. */
export const stripeSessions = routes();

stripeSessions.post(
  "/v1/customers",
  stripeCall(async () => {
    const id = `cus_${crypto.randomUUID().replaceAll("-", "")}`;
    return ok({ id, object: "customer", livemode: false });
  }),
);

stripeSessions.post(
  "/v1/checkout/sessions",
  stripeCall(async (c, fields) => {
    const read = asked.safeParse(fields);
    if (!read.success) return invalid(String(read.error.issues[0]?.path[0]));
    const lifeMs = Number(read.data.expires_at) * 1_000 - now(c);
    if (lifeMs < SHORTEST_LIFE_MS || lifeMs > DAY_MS) return invalid("expires_at");
    const switches = await switchesOf(c.env, "stripe");
    const opened =
      read.data.mode === "payment"
        ? await openPaying(c, read.data, fields, switches)
        : await openLinking(c, read.data, fields, switches);
    return { ...opened, isLost: switches.create === "times_out_after_success" };
  }),
);

async function openPaying(
  c: Context<App>,
  wanted: z.output<typeof paying>,
  fields: Fields,
  { create, pendingQueries }: Switches,
): Promise<StripeAnswer> {
  const amountMinor = Number(wanted[AMOUNT]);
  if (amountMinor < MIN_AMOUNT || create === "refuses") return invalid(AMOUNT, "amount_too_small");
  if (amountMinor > MAX_AMOUNT) return invalid(AMOUNT, "amount_too_large");
  const opened = await openPayment(c.env, {
    ...opening(c, wanted),
    ...{ amountMinor, description: wanted[NAME], pendingQueries },
    request: {
      ...kept(c, wanted, fields),
      intentMetadata: JSON.stringify(partOf(fields, "payment_intent_data[metadata]")),
    },
  });
  // Stripe itself would open a second one.
  return opened ? ok(sessionOf(opened, { nowMs: now(c) })) : invalid("client_reference_id");
}

async function openLinking(
  c: Context<App>,
  wanted: z.output<typeof linking>,
  fields: Fields,
  { create }: Switches,
): Promise<StripeAnswer> {
  if (create === "refuses") return invalid("customer", "country_unsupported");
  const opened = await openLink(c.env, {
    ...opening(c, wanted),
    description: wanted["setup_intent_data[description]"],
    request: { ...kept(c, wanted, fields), customer: wanted.customer },
  });
  return opened ? ok(setupSessionOf(opened, now(c))) : invalid("client_reference_id");
}

type Wanted = z.output<typeof asked>;

const opening = (c: Context<App>, { client_reference_id: reference, expires_at }: Wanted) => ({
  ...{ gateway: "stripe" as const, reference, merchant: MERCHANT },
  ...{ createdAtMs: now(c), expiresAtMs: Number(expires_at) * 1_000 },
});

const kept = (c: Context<App>, { success_url, cancel_url }: Wanted, fields: Fields) => ({
  ...{ origin: new URL(c.req.url).origin, successUrl: success_url, cancelUrl: cancel_url },
  webhook: webhookOf(c),
  metadata: JSON.stringify(partOf(fields, "metadata")),
});

stripeSessions.get(
  "/v1/checkout/sessions",
  stripeCall(async (c, fields) => {
    const nowMs = now(c);
    const payments = (await paymentsOf(c.env, "stripe")).filter(
      ({ request }) => request.charge === undefined,
    );
    const links = await linksOf(c.env, "stripe");
    const sessions = [
      ...payments.map((payment) => sessionOf(payment, { nowMs })),
      ...links.map((link) => setupSessionOf(link, nowMs)),
    ];
    return listed(c.req.path, sessions, fields);
  }),
);

stripeSessions.get(
  "/v1/checkout/sessions/:id",
  stripeCall(async (c, fields) => {
    const id = c.req.param("id") ?? "";
    const expanded = Object.values(partOf(fields, "expand"));
    const link = await linkOf(c.env, id);
    if (link) return ok(expandedSetup(link, now(c), expanded));
    const payment = await paymentOfSession(c.env, id);
    if (!payment) return missing("checkout.session", id);
    const told = { nowMs: now(c), isPending: await isToldPending(c.env, payment) };
    const session = sessionOf(payment, told);
    const isExpanded = expanded.includes("payment_intent") && session.payment_intent !== null;
    return ok(isExpanded ? { ...session, payment_intent: intentOf(payment, told) } : session);
  }),
);

function expandedSetup(link: SimulatedLink, nowMs: number, expanded: readonly string[]) {
  const session = setupSessionOf(link, nowMs);
  const isExpanded = expanded.includes("setup_intent.payment_method") && session.setup_intent !== null;
  return isExpanded ? { ...session, setup_intent: setupOf(link) } : session;
}

stripeSessions.post(
  "/v1/checkout/sessions/:id/expire",
  stripeCall(async (c) => {
    const id = c.req.param("id") ?? "";
    const nowMs = now(c);
    const link = await linkOf(c.env, id);
    const unlinked = link?.state === "open" ? await changeLink(c.env, link, "refused") : null;
    if (unlinked) return ok(setupSessionOf(unlinked, nowMs));
    const payment = await paymentOfSession(c.env, id);
    if (!link && !payment) return missing("checkout.session", id);
    const ended = payment ? await endPayment(c.env, payment, nowMs) : null;
    return ended ? ok(sessionOf(ended, { nowMs })) : invalid("status", "status_transition_invalid");
  }),
);

export const linkOf = (env: Env, session: string): Promise<SimulatedLink | null> =>
  linkBy(env, "stripe", "token", session.replace(/^cs_test_/, ""));

export async function paymentOfSession(env: Env, session: string): Promise<SimulatedPayment | null> {
  const payment = await paymentByTheirId(env, "stripe", session.replace(/^cs_test_/, ""));
  return payment?.request.charge === undefined ? payment : null;
}
