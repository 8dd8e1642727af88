import { z } from "zod";
import { MINUTE_MS } from "../../domain/local-time.ts";
import { vietnamDay } from "../../gateways/vietnam-time.ts";
import { limitBody } from "../../http/body-limit.ts";
import { clock, now } from "../../http/clock.ts";
import { routes } from "../../http/openapi.ts";
import { failedPage } from "../../portal/ui/closed.tsx";
import { inSandboxOnly } from "../only.ts";
import { tell } from "./callbacks.ts";
import { beforeHosted } from "./hosted.ts";
import { type LinkHost, showLink, takeLinkDecision } from "./hosted-links.ts";
import { changeLink, linkBy, openLink, type SimulatedLink } from "./links.ts";
import { decidePayment, paymentOf, theirIdOf } from "./payments.ts";
import { switchesOf } from "./switches.ts";
import { answer, envelope, isFromMerchant, type Result, zalopayHost } from "./zalopay-messages.ts";

/** Where ZaloPay asks whether a wallet may be charged. */
const PAGE = "/agreement/binding";
const LIFE_MS = 15 * MINUTE_MS;
const WALLET = "****3801";

const BIND_ORDER = "app_id app_trans_id binding_data binding_type identifier max_amount req_date";
const QUERY_ORDER = "app_id app_trans_id req_date";
const PAY_ORDER = "app_id identifier zp_trans_token pay_token req_date";
const UNBIND_ORDER = "app_id identifier binding_id req_date";

const text = z.string().max(1_000);
const base = { app_id: z.int(), req_date: z.int(), mac: text };
const binding = z.object({
  ...base,
  app_trans_id: z.string().regex(/^\d{6}.{1,34}$/),
  identifier: text.min(1),
  binding_type: z.literal("WALLET"),
  binding_data: text,
  max_amount: z.int().min(0),
  redirect_url: z.url(),
  callback_url: z.url(),
});
const question = z.object({ ...base, app_trans_id: text });
const charging = z.object({ ...base, identifier: text, zp_trans_token: text, pay_token: text });
const unbinding = z.object({ ...base, identifier: text, binding_id: text });

export const zalopayLinks = routes();
zalopayLinks.onError(failedPage);
zalopayLinks.use("/v2/agreement/*", inSandboxOnly, limitBody, clock);

zalopayLinks.post("/v2/agreement/bind", async (c) => {
  const read = binding.safeParse(await c.req.json().catch(() => null));
  if (!read.success) return c.json(answer("badFormat"));
  if (!(await isFromMerchant(c.env, BIND_ORDER, read.data))) return c.json(answer("notAuthenticated"));
  const { app_id, app_trans_id, identifier, redirect_url, callback_url } = read.data;
  const nowMs = now(c);
  if (!app_trans_id.startsWith(vietnamDay(nowMs))) return c.json(answer("badDay"));
  const { create } = await switchesOf(c.env, "zalopay");
  if (create === "refuses") return c.json(answer("declined"));
  const opened = await openLink(c.env, {
    ...{ gateway: "zalopay", reference: app_trans_id, merchant: String(app_id), description: identifier },
    createdAtMs: nowMs,
    expiresAtMs: nowMs + LIFE_MS,
    request: { identifier, callbackUrl: callback_url, redirectUrl: redirect_url },
  });
  if (!opened) return c.json(answer("duplicate"));
  if (create === "times_out_after_success") return c.text("Gateway Timeout", 504);
  const token = encodeURIComponent(app_trans_id);
  const binding_qr_link = new URL(`${PAGE}?binding_token=${token}`, c.req.url).href;
  return c.json(answer("ok", { binding_token: token, deep_link: `zalopay://${token}`, binding_qr_link }));
});

zalopayLinks.post("/v2/agreement/query", async (c) => {
  const read = question.safeParse(await c.req.json().catch(() => null));
  if (!read.success) return c.json(answer("badFormat"));
  if (!(await isFromMerchant(c.env, QUERY_ORDER, read.data))) return c.json(answer("notAuthenticated"));
  const link = await linkBy(c.env, "zalopay", "reference", read.data.app_trans_id);
  if (!link) return c.json(answer("notFound"));
  const result = resultOf(link, now(c));
  return c.json(answer(result, result === "ok" ? { data: agreement(link) } : {}));
});

zalopayLinks.post("/v2/agreement/pay", async (c) => {
  const read = charging.safeParse(await c.req.json().catch(() => null));
  if (!read.success) return c.json(answer("badFormat"));
  if (!(await isFromMerchant(c.env, PAY_ORDER, read.data))) return c.json(answer("notAuthenticated"));
  const { identifier, pay_token, zp_trans_token } = read.data;
  const { charge, callback } = await switchesOf(c.env, "zalopay");
  const link = await linkBy(c.env, "zalopay", "token", pay_token);
  if (link?.state !== "linked" || link.request.identifier !== identifier || charge === "gone") {
    if (link && charge === "gone") await changeLink(c.env, link, "removed");
    return c.json(answer("noAgreement"));
  }
  const order = await paymentOf(c.env, "zalopay", decodeURIComponent(zp_trans_token));
  if (order?.request.productCode !== "AGREEMENT") return c.json(answer("notFound"));
  const about = { app_trans_id: order.reference, zp_trans_id: Number(theirIdOf(order)) };
  if (charge === "pending") return c.json(answer("processing", about));
  const decided = await decidePayment(c.env, order, charge === "refuses" ? "refused" : "paid");
  if (!decided) return c.json(answer("duplicate"));
  await tell(c.env, zalopayHost, decided, callback);
  if (charge === "refuses") return c.json(answer("insufficient", about));
  if (charge === "times_out_after_success") return c.text("Gateway Timeout", 504);
  // ZaloPay asks nobody to confirm a charge, and says how it went when it is asked.
  return c.json(answer("processing", about));
});

zalopayLinks.post("/v2/agreement/unbind", async (c) => {
  const read = unbinding.safeParse(await c.req.json().catch(() => null));
  if (!read.success) return c.json(answer("badFormat"));
  if (!(await isFromMerchant(c.env, UNBIND_ORDER, read.data))) return c.json(answer("notAuthenticated"));
  const { create } = await switchesOf(c.env, "zalopay");
  if (create === "refuses") return c.text("Service Unavailable", 503);
  const { binding_id, identifier } = read.data;
  const link = await linkBy(c.env, "zalopay", "reference", binding_id.slice(BINDING.length));
  if (link?.state !== "linked" || link.request.identifier !== identifier) return c.json(answer("notFound"));
  await changeLink(c.env, link, "removed");
  return c.json(answer("ok"));
});

/** How a link stands, to who asks. What is over is told as an agreement that is. */
function resultOf({ state, expiresAtMs }: SimulatedLink, nowMs: number): Result {
  if (state === "open") return nowMs >= expiresAtMs ? "expired" : "processing";
  return state === "refused" ? "refused" : "ok";
}

const BINDING = "binding-";

const agreement = ({ merchant, reference, token, state, request }: SimulatedLink) => ({
  app_id: Number(merchant),
  app_trans_id: reference,
  binding_id: `${BINDING}${reference}`,
  pay_token: token,
  server_time: Math.floor(Date.now() / 1_000),
  merchant_user_id: request.identifier,
  status: state === "linked" ? 1 : 3,
  msg_type: 1,
  zp_user_id: "Bs8KJXf2GKyfVv_fnxG7IwG5VbQ8H_qGsOUW2UJAJSM",
  masked_user_phone: WALLET,
});

const host: LinkHost = {
  ...{ gateway: "zalopay", name: "ZaloPay", path: PAGE, isTaken: zalopayHost.isTaken },
  async message(env, link, isForged) {
    // ZaloPay tells of success alone.
    if (link.state !== "linked") return null;
    const body = await envelope(env, 2, agreement(link), isForged);
    return { method: "POST", url: link.request.callbackUrl ?? "", body };
  },
  async wayBack(_, { request }) {
    return request.redirectUrl ?? "";
  },
};

zalopayLinks.use(PAGE, ...beforeHosted);
zalopayLinks.get(PAGE, async (c) =>
  showLink(c, host, await linkBy(c.env, "zalopay", "reference", c.req.query("binding_token") ?? "")),
);
zalopayLinks.post(PAGE, (c) => takeLinkDecision(c, host));
