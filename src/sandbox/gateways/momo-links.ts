import { z } from "zod";
import { MINUTE_MS } from "../../domain/local-time.ts";
import { now } from "../../http/clock.ts";
import { routes } from "../../http/openapi.ts";
import { failedPage } from "../../portal/ui/closed.tsx";
import { tell } from "./callbacks.ts";
import { beforeHosted } from "./hosted.ts";
import { type LinkHost, showLink, takeLinkDecision } from "./hosted-links.ts";
import { changeLink, linkBy, openLink, type SimulatedLink } from "./links.ts";
import {
  answer,
  DECISION_ORDER,
  isFromMerchant,
  momoHost,
  type Result,
  signatureOf,
  statusOf,
} from "./momo-messages.ts";
import { decidePayment, openPayment, theirIdOf } from "./payments.ts";
import { type ChargeMode, switchesOf } from "./switches.ts";

/** Where MoMo asks whether a wallet may be linked. */
const LINK_PAGE = "/v2/gateway/link";
const CREATION_ORDER =
  "accessKey amount extraData ipnUrl orderId orderInfo partnerClientId partnerCode redirectUrl requestId requestType";
const BIND_ORDER = "accessKey callbackToken orderId partnerClientId partnerCode requestId";
const CHARGE_ORDER =
  "accessKey amount extraData orderId orderInfo partnerClientId partnerCode requestId token";
const UNLINK_ORDER = "accessKey orderId partnerClientId partnerCode requestId token";
const DEFAULT_LIFE_MINUTES = 15;
const WALLET = "09******99";

const text = z.string().max(1_000);
const base = { partnerCode: text, requestId: text, orderId: text, partnerClientId: text, signature: text };
export const linkCreation = z.object({
  ...base,
  amount: z.literal(0),
  orderInfo: text,
  redirectUrl: z.url(),
  ipnUrl: z.url(),
  requestType: z.literal("linkWallet"),
  extraData: text,
  orderExpireTime: z.int().min(1).default(DEFAULT_LIFE_MINUTES),
});
const binding = z.object({ ...base, callbackToken: text });
const charging = z.object({
  ...base,
  amount: z.int(),
  orderInfo: text,
  ipnUrl: z.url(),
  extraData: text,
  token: text,
});
const unlinking = z.object({ ...base, token: text });

export const momoLinks = routes();
momoLinks.onError(failedPage);

/** What MoMo answers to who asks for a link, beside an address where its customer agrees to it. */
export async function createLink(
  env: Env,
  asked: z.output<typeof linkCreation>,
  nowMs: number,
): Promise<{ readonly result: Result; readonly path?: string }> {
  const { partnerCode, orderId, requestId, ipnUrl, redirectUrl, orderInfo } = asked;
  if (!(await isFromMerchant(env, CREATION_ORDER, asked))) return { result: "notAuthenticated" };
  const opened = await openLink(env, {
    ...{ gateway: "momo", reference: orderId, merchant: partnerCode, description: orderInfo },
    createdAtMs: nowMs,
    expiresAtMs: nowMs + asked.orderExpireTime * MINUTE_MS,
    request: { requestId, ipnUrl, redirectUrl, callbackToken: crypto.randomUUID() },
  });
  return opened
    ? { result: "ok", path: `${LINK_PAGE}?t=${encodeURIComponent(orderId)}` }
    : { result: "duplicate" };
}

/** How a link stands, to who asks by its order's name. */
export function linkResult({ state, expiresAtMs }: SimulatedLink, nowMs: number): Result {
  if (state === "linked") return "authorised";
  if (state === "open") return nowMs >= expiresAtMs ? "expired" : "pending";
  return "refused";
}

momoLinks.post("/v2/gateway/api/tokenization/bind", async (c) => {
  const read = binding.safeParse(await c.req.json().catch(() => null));
  if (!read.success) return c.json(answer("badFormat", {}), 400);
  const { partnerCode, orderId, requestId, partnerClientId, callbackToken } = read.data;
  const about = { partnerCode, orderId, requestId, partnerClientId };
  if (!(await isFromMerchant(c.env, BIND_ORDER, read.data)))
    return c.json(answer("notAuthenticated", about), 400);
  const link = await linkBy(c.env, "momo", "reference", orderId);
  if (link?.state !== "linked" || link.request.callbackToken !== callbackToken)
    return c.json(answer("notFound", about), 400);
  return c.json(answer("ok", { ...about, aesToken: await aesTokenOf(c.env, link) }), 200);
});

momoLinks.post("/v2/gateway/api/tokenization/pay", async (c) => {
  const read = charging.safeParse(await c.req.json().catch(() => null));
  if (!read.success) return c.json(answer("badFormat", {}), 400);
  const { partnerCode, orderId, requestId, partnerClientId, amount, ...order } = read.data;
  const about = { partnerCode, orderId, requestId, partnerClientId, amount };
  if (!(await isFromMerchant(c.env, CHARGE_ORDER, read.data)))
    return c.json(answer("notAuthenticated", about), 400);
  const { charge, callback, pendingQueries } = await switchesOf(c.env, "momo");
  const link = await heldLink(c.env, partnerClientId, order.token);
  if (!link || charge === "gone") {
    if (link) await changeLink(c.env, link, "removed");
    return c.json(answer("tokenGone", about), 200);
  }
  const opened = await openPayment(c.env, {
    ...{ gateway: "momo", reference: orderId, merchant: partnerCode, amountMinor: amount },
    description: order.orderInfo,
    createdAtMs: now(c),
    expiresAtMs: now(c) + DEFAULT_LIFE_MINUTES * MINUTE_MS,
    pendingQueries,
    request: { requestId, partnerClientId, extraData: order.extraData, ipnUrl: order.ipnUrl },
  });
  if (!opened) return c.json(answer("duplicate", about), 400);
  if (charge === "pending") return c.json(answer("pending", about), 200);
  const paid = await decidePayment(c.env, opened, charge === "refuses" ? "refused" : "paid");
  if (paid) await tell(c.env, momoHost, paid, callback);
  if (charge === "times_out_after_success") return c.text("Gateway Timeout", 504);
  return c.json(answer(CHARGED[charge], { ...about, transId: Number(theirIdOf(opened)) }), 200);
});

/** MoMo asks nobody to confirm a charge. */
const CHARGED = {
  normal: "ok",
  asks: "ok",
  refuses: "insufficient",
} as const satisfies Partial<Record<ChargeMode, Result>>;

momoLinks.post("/v2/gateway/api/tokenization/delete", async (c) => {
  const read = unlinking.safeParse(await c.req.json().catch(() => null));
  if (!read.success) return c.json(answer("badFormat", {}), 400);
  const { partnerCode, orderId, requestId, partnerClientId, token } = read.data;
  const about = { partnerCode, orderId, requestId, partnerClientId };
  if (!(await isFromMerchant(c.env, UNLINK_ORDER, read.data)))
    return c.json(answer("notAuthenticated", about), 400);
  const { create } = await switchesOf(c.env, "momo");
  if (create === "refuses") return c.text("Service Unavailable", 503);
  const link = await heldLink(c.env, partnerClientId, token);
  if (!link) return c.json(answer("notFound", about), 400);
  await changeLink(c.env, link, "removed");
  return c.json(answer("ok", about), 200);
});

/** A link that stands, where the token is its own; what is encrypted for MoMo's private key isn't looked into. */
async function heldLink(env: Env, reference: string, token: string): Promise<SimulatedLink | null> {
  const link = await linkBy(env, "momo", "reference", reference);
  if (link?.state !== "linked") return null;
  return env.MOMO_PUBLIC_KEY || token === (await aesTokenOf(env, link)) ? link : null;
}

/** What MoMo hands out as a token: its own, and whose wallet it is, encrypted under the merchant's secret. */
async function aesTokenOf(env: Env, { token }: SimulatedLink): Promise<string> {
  const aes = { name: "AES-CBC", iv: new Uint8Array(16) };
  const utf8 = new TextEncoder();
  const key = await crypto.subtle.importKey("raw", utf8.encode(env.MOMO_SECRET_KEY), aes.name, false, [
    "encrypt",
  ]);
  const sealed = await crypto.subtle.encrypt(
    aes,
    key,
    utf8.encode(JSON.stringify({ value: token, userAlias: WALLET })),
  );
  return btoa(String.fromCharCode(...new Uint8Array(sealed)));
}

/** The signed word of what was decided, as the callback and the way back carry it. */
async function decisionFields(env: Env, link: SimulatedLink, isForged: boolean) {
  const isLinked = link.state === "linked";
  const { resultCode, message } = statusOf(isLinked ? "ok" : "refused");
  const fields = {
    partnerCode: link.merchant,
    orderId: link.reference,
    requestId: link.request.requestId ?? "",
    amount: 0,
    orderInfo: link.description,
    orderType: "momo_wallet",
    partnerClientId: link.reference,
    callbackToken: isLinked ? (link.request.callbackToken ?? "") : "",
    transId: 0,
    resultCode,
    message,
    payType: "",
    responseTime: Date.now(),
    extraData: "",
  };
  const order = isLinked ? DECISION_ORDER : DECISION_ORDER.replace("callbackToken ", "");
  const signed = isForged ? { ...fields, orderId: "another" } : fields;
  return { ...fields, signature: await signatureOf(env, order, signed) };
}

const host: LinkHost = {
  ...{ gateway: "momo", name: "MoMo", path: LINK_PAGE, isTaken: momoHost.isTaken },
  async message(env, link, isForged) {
    const body = JSON.stringify(await decisionFields(env, link, isForged));
    return { method: "POST", url: link.request.ipnUrl ?? "", body };
  },
  async wayBack(env, link) {
    const url = new URL(link.request.redirectUrl ?? "");
    const { callbackToken: _, ...fields } = await decisionFields(env, link, false);
    for (const [name, value] of Object.entries(fields)) url.searchParams.append(name, String(value));
    return url.href;
  },
};

momoLinks.use(LINK_PAGE, ...beforeHosted);
momoLinks.get(LINK_PAGE, async (c) =>
  showLink(c, host, await linkBy(c.env, "momo", "reference", c.req.query("t") ?? "")),
);
momoLinks.post(LINK_PAGE, (c) => takeLinkDecision(c, host));
