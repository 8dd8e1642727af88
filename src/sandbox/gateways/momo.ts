import type { Context } from "hono";
import { z } from "zod";
import { MINUTE_MS } from "../../domain/local-time.ts";
import { limitBody } from "../../http/body-limit.ts";
import { clock, now } from "../../http/clock.ts";
import type { App } from "../../http/context.ts";
import { routes } from "../../http/openapi.ts";
import { failedPage } from "../../portal/ui/closed.tsx";
import { inSandboxOnly } from "../only.ts";
import { beforeHosted, showPayment, takeDecision } from "./hosted.ts";
import { linkBy } from "./links.ts";
import { createLink, linkCreation, linkResult, momoLinks } from "./momo-links.ts";
import {
  answer,
  CREATION_ORDER,
  isFromMerchant,
  momoHost,
  PAGE,
  QUESTION_ORDER,
  REFUND_ORDER,
  REFUND_RESULT,
  refundEntry,
  resultOf,
} from "./momo-messages.ts";
import {
  askedRefund,
  begunRefund,
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

const MIN_AMOUNT = 1_000;
const MAX_AMOUNT = 50_000_000;
const DEFAULT_LIFE_MINUTES = 15;

const text = z.string().max(1_000);
const base = { partnerCode: text, requestId: text, orderId: text, signature: text };
const creation = z.object({
  ...base,
  amount: z.int(),
  orderInfo: text,
  redirectUrl: z.url(),
  ipnUrl: z.url(),
  requestType: z.literal("captureWallet"),
  extraData: text,
  orderExpireTime: z.int().min(1).default(DEFAULT_LIFE_MINUTES),
});
const question = z.object(base);
const refunding = z.object({ ...base, amount: z.int(), transId: z.int(), description: text });

export const momoSimulator = routes();
momoSimulator.onError(failedPage);
momoSimulator.use("/v2/gateway/api/*", inSandboxOnly, limitBody, clock);

momoSimulator.post("/v2/gateway/api/create", async (c) => {
  const asked = await c.req.json().catch(() => null);
  const linking = linkCreation.safeParse(asked);
  if (linking.success) return answerToLink(c, linking.data);
  const read = creation.safeParse(asked);
  if (!read.success) return c.json(answer("badFormat", {}), 400);
  const { partnerCode, orderId, requestId, amount, ...order } = read.data;
  const about = { partnerCode, orderId, requestId, amount };
  if (!(await isFromMerchant(c.env, CREATION_ORDER, read.data)))
    return c.json(answer("notAuthenticated", about), 400);
  const switches = await switchesOf(c.env, "momo");
  if (amount < MIN_AMOUNT || amount > MAX_AMOUNT) return c.json(answer("badAmount", about), 400);
  if (switches.create === "refuses") return c.json(answer("declined", about), 200);
  const nowMs = now(c);
  const opened = await openPayment(c.env, {
    gateway: "momo",
    reference: orderId,
    merchant: partnerCode,
    amountMinor: amount,
    description: order.orderInfo,
    createdAtMs: nowMs,
    expiresAtMs: nowMs + order.orderExpireTime * MINUTE_MS,
    pendingQueries: switches.pendingQueries,
    request: {
      requestId,
      extraData: order.extraData,
      ipnUrl: order.ipnUrl,
      redirectUrl: order.redirectUrl,
    },
  });
  if (!opened) return c.json(answer("duplicate", about), 400);
  if (switches.create === "times_out_after_success") return c.text("Gateway Timeout", 504);
  const payUrl = new URL(`${PAGE}?t=${encodeURIComponent(orderId)}`, c.req.url).href;
  return c.json({ ...answer("ok", about), payUrl }, 200);
});

momoSimulator.post("/v2/gateway/api/query", async (c) => {
  const read = question.safeParse(await c.req.json().catch(() => null));
  if (!read.success) return c.json(answer("badFormat", {}), 400);
  const { partnerCode, orderId, requestId } = read.data;
  const about = { partnerCode, orderId, requestId, extraData: "", amount: 0, transId: 0, payType: "" };
  if (!(await isFromMerchant(c.env, QUESTION_ORDER, read.data)))
    return c.json(answer("notAuthenticated", about), 400);
  const payment = await paymentOf(c.env, "momo", orderId);
  const link = payment ? null : await linkBy(c.env, "momo", "reference", orderId);
  if (link) return c.json(answer(linkResult(link, now(c)), about), 200);
  if (!payment) return c.json(answer("notFound", about), 400);
  const result = (await isToldPending(c.env, payment)) ? "pending" : resultOf(payment, now(c));
  const transId = result === "ok" ? Number(theirIdOf(payment)) : 0;
  return c.json(
    answer(result, { ...about, amount: payment.amountMinor, transId, payType: "qr", refundTrans: [] }),
    200,
  );
});

momoSimulator.post("/v2/gateway/api/refund", async (c) => {
  const read = refunding.safeParse(await c.req.json().catch(() => null));
  if (!read.success) return c.json(answer("badFormat", {}), 400);
  const { partnerCode, orderId, requestId, amount, transId } = read.data;
  const about = { partnerCode, orderId, requestId, amount, transId };
  if (!(await isFromMerchant(c.env, REFUND_ORDER, read.data)))
    return c.json(answer("notAuthenticated", about), 400);
  const payment = await paymentByTheirId(c.env, "momo", String(transId));
  if (payment?.state !== "paid" || amount < MIN_AMOUNT) return c.json(answer("notFound", about), 400);
  const switches = await switchesOf(c.env, "momo");
  const refunded = await refundPayment(c.env, payment, orderId, amount, switches);
  if (refunded.kind === "duplicate") return c.json(answer("duplicate", about), 400);
  if (refunded.kind === "too_much") return c.json(answer("notRefundable", about), 200);
  if (switches.refund === "times_out_after_success") return c.text("Gateway Timeout", 504);
  const { refund } = refunded;
  const result = REFUND_RESULT[begunRefund(refund, switches)];
  return c.json(
    answer(result, { ...about, transId: result === "ok" ? Number(refundIdOf(refund)) : transId }),
    200,
  );
});

momoSimulator.post("/v2/gateway/api/refund/query", async (c) => {
  const read = question.safeParse(await c.req.json().catch(() => null));
  if (!read.success) return c.json(answer("badFormat", {}), 400);
  const { partnerCode, orderId, requestId } = read.data;
  const about = { partnerCode, orderId, requestId };
  if (!(await isFromMerchant(c.env, QUESTION_ORDER, read.data)))
    return c.json(answer("notAuthenticated", about), 400);
  const refund = await refundOf(c.env, "momo", orderId);
  if (!refund) return c.json(answer("notFound", about), 400);
  const entry = refundEntry(refund, await askedRefund(c.env, refund));
  return c.json(answer("ok", { ...about, refundTrans: [entry] }), 200);
});

async function answerToLink(c: Context<App>, asked: z.output<typeof linkCreation>) {
  const { partnerCode, orderId, requestId, amount, partnerClientId } = asked;
  const about = { partnerCode, orderId, requestId, amount, partnerClientId };
  const { create } = await switchesOf(c.env, "momo");
  if (create === "refuses") return c.json(answer("declined", about), 200);
  const { result, path } = await createLink(c.env, asked, now(c));
  if (path === undefined) return c.json(answer(result, about), 400);
  if (create === "times_out_after_success") return c.text("Gateway Timeout", 504);
  return c.json({ ...answer(result, about), payUrl: new URL(path, c.req.url).href }, 200);
}

momoSimulator.route("/", momoLinks);
momoSimulator.use(PAGE, ...beforeHosted);
momoSimulator.get(PAGE, async (c) =>
  showPayment(c, momoHost, await paymentOf(c.env, "momo", c.req.query("t") ?? "")),
);
momoSimulator.post(PAGE, (c) => takeDecision(c, momoHost));
