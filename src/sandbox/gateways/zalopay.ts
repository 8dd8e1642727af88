import { z } from "zod";
import { MINUTE_MS } from "../../domain/local-time.ts";
import { vietnamDay } from "../../gateways/vietnam-time.ts";
import { limitBody } from "../../http/body-limit.ts";
import { clock, now } from "../../http/clock.ts";
import { routes } from "../../http/openapi.ts";
import { failedPage } from "../../portal/ui/closed.tsx";
import { inSandboxOnly } from "../only.ts";
import { beforeHosted, showPayment, takeDecision } from "./hosted.ts";
import {
  askedRefund,
  isToldPending,
  openPayment,
  paymentByTheirId,
  paymentOf,
  refundIdOf,
  refundOf,
  refundPayment,
  theirIdOf,
} from "./payments.ts";
import { switchesOf } from "./switches.ts";
import {
  answer,
  isFromMerchant,
  ORDER,
  PAGE,
  REFUND_RESULT,
  resultOf,
  zalopayHost,
} from "./zalopay-messages.ts";

const MIN_AMOUNT = 1_000;
const MAX_AMOUNT = 50_000_000;
const DEFAULT_LIFE_S = 900;
const MAX_LIFE_S = 2_592_000;
/** Requests may be older or newer than that by nobody's clock. */
const TOLERANCE_MS = 15 * MINUTE_MS;

const text = z.string().max(2_048);
const transId = z.string().regex(/^\d{6}.{1,34}$/);
const base = { app_id: z.int(), mac: text };
const embedded = z.looseObject({ redirecturl: z.url() });
const creation = z.object({
  ...base,
  app_trans_id: transId,
  app_user: z.string().min(1).max(50),
  app_time: z.int(),
  expire_duration_seconds: z.int().min(300).max(MAX_LIFE_S).default(DEFAULT_LIFE_S),
  amount: z.int(),
  description: z.string().min(1).max(256),
  item: text,
  embed_data: text,
  callback_url: z.url(),
  product_code: z.literal("AGREEMENT").optional(),
});
const question = z.object({ ...base, app_trans_id: text });
const refunding = z.object({
  ...base,
  m_refund_id: z.string().max(45),
  zp_trans_id: z.string().max(15),
  amount: z.int().min(1),
  timestamp: z.int(),
  description: z.string().min(1).max(100),
});
const refundQuestion = z.object({ ...base, m_refund_id: text, timestamp: z.int() });

export const zalopaySimulator = routes();
zalopaySimulator.onError(failedPage);
for (const path of ["create", "query", "refund", "query_refund"])
  zalopaySimulator.use(`/v2/${path}`, inSandboxOnly, limitBody, clock);

zalopaySimulator.post("/v2/create", async (c) => {
  const read = creation.safeParse(await c.req.json().catch(() => null));
  const embed = embedded.safeParse(parsed(read.data?.embed_data));
  if (!read.success || !embed.success) return c.json(answer("badFormat"));
  if (!(await isFromMerchant(c.env, ORDER.create, read.data))) return c.json(answer("notAuthenticated"));
  const order = read.data;
  const nowMs = now(c);
  if (Math.abs(nowMs - order.app_time) > TOLERANCE_MS) return c.json(answer("badTime"));
  if (!order.app_trans_id.startsWith(vietnamDay(nowMs))) return c.json(answer("badDay"));
  const switches = await switchesOf(c.env, "zalopay");
  if (order.amount < MIN_AMOUNT || order.amount > MAX_AMOUNT) return c.json(answer("badAmount"));
  if (switches.create === "refuses") return c.json(answer("declined"));
  const opened = await openPayment(c.env, {
    gateway: "zalopay",
    reference: order.app_trans_id,
    merchant: String(order.app_id),
    amountMinor: order.amount,
    description: order.description,
    createdAtMs: nowMs,
    expiresAtMs: nowMs + order.expire_duration_seconds * 1_000,
    pendingQueries: switches.pendingQueries,
    request: {
      appTime: String(order.app_time),
      appUser: order.app_user,
      embedData: order.embed_data,
      item: order.item,
      callbackUrl: order.callback_url,
      redirectUrl: embed.data.redirecturl,
      productCode: order.product_code ?? "",
    },
  });
  if (!opened) return c.json(answer("duplicate"));
  if (switches.create === "times_out_after_success") return c.text("Gateway Timeout", 504);
  const token = encodeURIComponent(order.app_trans_id);
  // What a linked account is charged for has no page.
  const order_url = order.product_code ? undefined : new URL(`${PAGE}?order=${token}`, c.req.url).href;
  return c.json(answer("ok", { order_url, zp_trans_token: token, order_token: token }));
});

zalopaySimulator.post("/v2/query", async (c) => {
  const read = question.safeParse(await c.req.json().catch(() => null));
  if (!read.success) return c.json(answer("badFormat"));
  if (!(await isFromMerchant(c.env, ORDER.query, read.data))) return c.json(answer("notAuthenticated"));
  const payment = await paymentOf(c.env, "zalopay", read.data.app_trans_id);
  if (!payment) return c.json(answer("notFound"));
  const result = (await isToldPending(c.env, payment)) ? "processing" : resultOf(payment, now(c));
  const isPaid = result === "ok";
  return c.json(
    answer(result, {
      is_processing: result === "processing",
      amount: isPaid ? payment.amountMinor : 0,
      zp_trans_id: isPaid ? Number(theirIdOf(payment)) : 0,
      discount_amount: 0,
      server_time: now(c),
    }),
  );
});

/** ZaloPay takes a refund in hand, and says how it went when it is asked. */
zalopaySimulator.post("/v2/refund", async (c) => {
  const read = refunding.safeParse(await c.req.json().catch(() => null));
  if (!read.success) return c.json(answer("badFormat"));
  if (!(await isFromMerchant(c.env, ORDER.refund, read.data))) return c.json(answer("notAuthenticated"));
  const refund = read.data;
  if (Math.abs(now(c) - refund.timestamp) > TOLERANCE_MS) return c.json(answer("badTime"));
  if (!refund.m_refund_id.startsWith(`${vietnamDay(now(c))}_${refund.app_id}_`))
    return c.json(answer("badFormat"));
  const payment = await paymentByTheirId(c.env, "zalopay", refund.zp_trans_id);
  if (payment?.state !== "paid") return c.json(answer("notFound"));
  const switches = await switchesOf(c.env, "zalopay");
  const refunded = await refundPayment(c.env, payment, refund.m_refund_id, refund.amount, switches);
  if (refunded.kind === "duplicate") return c.json(answer("duplicateRefund"));
  if (refunded.kind === "too_much") return c.json(answer("refundTooLarge"));
  if (switches.refund === "times_out_after_success") return c.text("Gateway Timeout", 504);
  if (switches.refund === "refuses") return c.json(answer("notRefundable"));
  return c.json(answer("processing", { refund_id: Number(refundIdOf(refunded.refund)) }));
});

zalopaySimulator.post("/v2/query_refund", async (c) => {
  const read = refundQuestion.safeParse(await c.req.json().catch(() => null));
  if (!read.success) return c.json(answer("badFormat"));
  if (!(await isFromMerchant(c.env, ORDER.queryRefund, read.data))) return c.json(answer("notAuthenticated"));
  const refund = await refundOf(c.env, "zalopay", read.data.m_refund_id);
  return c.json(answer(refund ? REFUND_RESULT[await askedRefund(c.env, refund)] : "notFound"));
});

zalopaySimulator.use(PAGE, ...beforeHosted);
zalopaySimulator.get(PAGE, async (c) =>
  showPayment(c, zalopayHost, await paymentOf(c.env, "zalopay", c.req.query("order") ?? "")),
);
zalopaySimulator.post(PAGE, (c) => takeDecision(c, zalopayHost));

function parsed(json: string | undefined): unknown {
  try {
    return JSON.parse(json ?? "");
  } catch {
    return null;
  }
}
