import { z } from "zod";
import { MINUTE_MS } from "../../domain/local-time.ts";
import { hmac } from "../../gateways/hmac.ts";
import { limitBody } from "../../http/body-limit.ts";
import { clock, now } from "../../http/clock.ts";
import { routes } from "../../http/openapi.ts";
import { failedPage } from "../../portal/ui/closed.tsx";
import { inSandboxOnly } from "../only.ts";
import type { Statement } from "./callbacks.ts";
import { beforeHosted, type Host, showPayment, takeDecision } from "./hosted.ts";
import {
  isToldPending,
  openPayment,
  paymentByTheirId,
  paymentOf,
  refundPayment,
  type SimulatedPayment,
  theirIdOf,
} from "./payments.ts";
import { switchesOf } from "./switches.ts";

const PAGE = "/v2/gateway/pay";
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

const RESULT = {
  ok: [0, "Successful."],
  notAuthenticated: [13, "Merchant authentication failed."],
  badFormat: [20, "Bad format request."],
  badAmount: [22, "The transaction amount is out of range."],
  duplicate: [41, "Duplicated orderId."],
  notFound: [42, "Invalid orderId or orderId is not found."],
  pending: [1000, "Transaction is initiated, waiting for user confirmation."],
  declined: [1002, "Transaction rejected by the issuer."],
  expired: [1005, "Transaction failed because the url or QR code expired."],
  refused: [1006, "Transaction failed because user has denied to confirm the payment."],
  notRefundable: [1081, "Refund rejected."],
} as const;

/** MoMo's own side: it knows one merchant, whose keys are this installation's. */
async function signatureOf(
  env: Env,
  order: string,
  fields: Readonly<Record<string, unknown>>,
): Promise<string> {
  const all: Readonly<Record<string, unknown>> = { ...fields, accessKey: env.MOMO_ACCESS_KEY };
  const signed = order.split(" ").map((name) => `${name}=${all[name]}`);
  return hmac("SHA-256", env.MOMO_SECRET_KEY ?? "").sign(signed.join("&"));
}

const CREATION_ORDER =
  "accessKey amount extraData ipnUrl orderId orderInfo partnerCode redirectUrl requestId requestType";
const QUESTION_ORDER = "accessKey orderId partnerCode requestId";
const REFUND_ORDER = "accessKey amount description orderId partnerCode requestId transId";
const RESULT_ORDER =
  "accessKey amount extraData message orderId orderInfo orderType partnerCode payType requestId responseTime resultCode transId";

const isFromMerchant = async (
  env: Env,
  order: string,
  fields: { readonly partnerCode: string; readonly signature: string },
): Promise<boolean> =>
  Boolean(env.MOMO_SECRET_KEY) &&
  fields.partnerCode === env.MOMO_PARTNER_CODE &&
  fields.signature === (await signatureOf(env, order, fields));

type Result = keyof typeof RESULT;

const resultOf = (payment: SimulatedPayment, nowMs: number): Result => {
  if (payment.state === "paid") return "ok";
  if (payment.state === "refused") return "refused";
  return nowMs >= payment.expiresAtMs ? "expired" : "pending";
};

const answer = (result: Result, fields: object) => ({
  ...fields,
  resultCode: RESULT[result][0],
  message: RESULT[result][1],
  responseTime: Date.now(),
});

/** The signed result of a payment, as its callback and the way back carry it. */
async function resultFields(env: Env, { payment, isPending, amountMinor, isForged }: Statement) {
  const [resultCode, message] = RESULT[isPending ? "pending" : payment.state === "paid" ? "ok" : "refused"];
  const fields = {
    partnerCode: payment.merchant,
    orderId: payment.reference,
    requestId: payment.request.requestId ?? "",
    amount: amountMinor,
    orderInfo: payment.description,
    orderType: "momo_wallet",
    transId: Number(theirIdOf(payment)),
    resultCode,
    message,
    payType: "qr",
    responseTime: Date.now(),
    extraData: payment.request.extraData ?? "",
  };
  const signed = isForged ? { ...fields, amount: -1 } : fields;
  return { ...fields, signature: await signatureOf(env, RESULT_ORDER, signed) };
}

export const momoHost: Host = {
  gateway: "momo",
  name: "MoMo",
  path: PAGE,
  async message(env, statement) {
    const url = statement.payment.request.ipnUrl ?? "";
    return { method: "POST", url, body: JSON.stringify(await resultFields(env, statement)) };
  },
  isTaken: (status) => status === 204,
  async wayBack(env, payment) {
    const statement = { payment, isPending: false, amountMinor: payment.amountMinor, isForged: false };
    const url = new URL(payment.request.redirectUrl ?? "");
    for (const [name, value] of Object.entries(await resultFields(env, statement)))
      url.searchParams.append(name, String(value));
    return url.href;
  },
};

export const momoSimulator = routes();
momoSimulator.onError(failedPage);
momoSimulator.use("/v2/gateway/api/*", inSandboxOnly, limitBody, clock);

momoSimulator.post("/v2/gateway/api/create", async (c) => {
  const read = creation.safeParse(await c.req.json().catch(() => null));
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
  const refunded = await refundPayment(c.env, payment, orderId, amount);
  if (refunded.kind === "duplicate") return c.json(answer("duplicate", about), 400);
  if (refunded.kind === "too_much") return c.json(answer("notRefundable", about), 200);
  return c.json(answer("ok", { ...about, transId: Number(refunded.theirId) }), 200);
});

momoSimulator.use(PAGE, ...beforeHosted);
momoSimulator.get(PAGE, async (c) =>
  showPayment(c, momoHost, await paymentOf(c.env, "momo", c.req.query("t") ?? "")),
);
momoSimulator.post(PAGE, (c) => takeDecision(c, momoHost));
