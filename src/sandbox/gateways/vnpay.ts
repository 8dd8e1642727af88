import { z } from "zod";
import { MINUTE_MS } from "../../domain/local-time.ts";
import { limitBody } from "../../http/body-limit.ts";
import { clock, now } from "../../http/clock.ts";
import { routes } from "../../http/openapi.ts";
import { failedPage } from "../../portal/ui/closed.tsx";
import { inSandboxOnly } from "../only.ts";
import { beforeHosted, showPayment, takeDecision } from "./hosted.ts";
import { notPayable } from "./page.tsx";
import {
  askedRefund,
  begunRefund,
  isToldPending,
  openPayment,
  paymentOf,
  type RefundState,
  refundIdOf,
  refundNumbered,
  refundPayment,
  type SimulatedPayment,
  type SimulatedRefund,
  theirIdOf,
} from "./payments.ts";
import { switchesOf } from "./switches.ts";
import {
  ANSWER_ORDER,
  BANK,
  codesOf,
  instantOf,
  isMerchant,
  isSignedQuery,
  PAGE,
  pipeSign,
  REFUND_STATUS,
  REQUEST_ORDER,
  timeText,
  vnpayHost,
} from "./vnpay-messages.ts";

const API = "/merchant_webapi/api/transaction";
const DEFAULT_LIFE_MS = 15 * MINUTE_MS;

const text = z.string().max(1_000);
/** An amount in hundredths of a dong, in VNPay's bounds: 5,000 dong to less than a thousand million. */
const amount = z
  .string()
  .regex(/^[1-9]\d{0,11}$/)
  .refine((value) => value.endsWith("00") && Number(value) >= 500_000 && Number(value) < 100_000_000_000);
const time = z.string().regex(/^\d{14}$/);

const order = z.object({
  vnp_Version: z.literal("2.1.0"),
  vnp_Command: z.literal("pay"),
  vnp_TmnCode: text,
  vnp_Amount: amount,
  vnp_CurrCode: z.literal("VND"),
  vnp_TxnRef: z.string().regex(/^[A-Za-z0-9]{1,100}$/),
  vnp_OrderInfo: text.regex(/^[A-Za-z0-9 .:_-]+$/),
  vnp_ReturnUrl: z.url(),
  vnp_CreateDate: time,
  vnp_ExpireDate: time.optional(),
});

/** Every value of a call is text, and signed in the order of its command. */
const call = z.record(text, text);

export const vnpaySimulator = routes();
vnpaySimulator.onError(failedPage);
vnpaySimulator.use(PAGE, ...beforeHosted);

vnpaySimulator.get(PAGE, async (c) => {
  const { search, origin } = new URL(c.req.url);
  const read = order.safeParse(c.req.query());
  const isOurs = isMerchant(c.env, c.req.query("vnp_TmnCode")) && (await isSignedQuery(c.env, search));
  if (!isOurs) return notPayable(c, "invalidSignature");
  const switches = await switchesOf(c.env, "vnpay");
  if (!read.success || switches.create === "refuses") return notPayable(c, "refused");
  const fields = read.data;
  const createdAtMs = instantOf(fields.vnp_CreateDate);
  const reference = fields.vnp_TxnRef;
  const opened = await openPayment(c.env, {
    gateway: "vnpay",
    reference,
    merchant: fields.vnp_TmnCode,
    amountMinor: Number(fields.vnp_Amount.slice(0, -2)),
    description: fields.vnp_OrderInfo,
    createdAtMs,
    expiresAtMs: fields.vnp_ExpireDate ? instantOf(fields.vnp_ExpireDate) : createdAtMs + DEFAULT_LIFE_MS,
    pendingQueries: switches.pendingQueries,
    request: {
      createDate: fields.vnp_CreateDate,
      returnUrl: fields.vnp_ReturnUrl,
      // VNPay is told a merchant's webhook once, when the merchant joins.
      webhook: `${c.env.PUBLIC_URL ?? origin}/v1/webhooks/vnpay`,
    },
  });
  if (opened && switches.create === "times_out_after_success") return notPayable(c, "timedOut");
  return showPayment(c, vnpayHost, opened ?? (await paymentOf(c.env, "vnpay", reference)));
});

vnpaySimulator.post(PAGE, (c) => takeDecision(c, vnpayHost));

vnpaySimulator.use(API, inSandboxOnly, limitBody, clock);

vnpaySimulator.post(API, async (c) => {
  const read = call.safeParse(await c.req.json().catch(() => null));
  if (!read.success) return c.json({ vnp_ResponseCode: "03", vnp_Message: "Invalid format" });
  const { vnp_SecureHash: signature, ...fields } = read.data;
  const command = fields.vnp_Command ?? "";
  const names = REQUEST_ORDER[command];
  const isOurs =
    isMerchant(c.env, fields.vnp_TmnCode) && signature === (await pipeSign(c.env, names ?? "", fields));
  if (!names || !isOurs) return c.json({ vnp_ResponseCode: "97", vnp_Message: "Invalid checksum" });
  const payment = await paymentOf(c.env, "vnpay", fields.vnp_TxnRef ?? "");
  const isKnown = payment?.request.createDate === fields.vnp_TransactionDate;
  const result = isKnown && payment ? await RUN[command]?.(c.env, payment, fields, now(c)) : NOT_FOUND;
  if (result === null) return c.text("Gateway Timeout", 504);
  const answer = {
    vnp_ResponseId: crypto.randomUUID().replaceAll("-", ""),
    vnp_Command: command,
    vnp_TmnCode: fields.vnp_TmnCode ?? "",
    vnp_TxnRef: fields.vnp_TxnRef ?? "",
    ...result,
  };
  return c.json({ ...answer, vnp_SecureHash: await pipeSign(c.env, ANSWER_ORDER[command] ?? "", answer) });
});

type Fields = Readonly<Record<string, string>>;

const NOT_FOUND: Fields = { vnp_ResponseCode: "91", vnp_Message: "Order not found" };

const RUN: Readonly<
  Record<
    string,
    (env: Env, payment: SimulatedPayment, fields: Fields, nowMs: number) => Promise<Fields | null>
  >
> = {
  async querydr(env, payment, { vnp_TransactionNo: number = null }, nowMs) {
    const refund = await refundNumbered(env, payment, number);
    if (refund) return refundAnswer(payment, refund, await askedRefund(env, refund));
    if (number !== null && number !== theirIdOf(payment)) return NOT_FOUND;
    const isExpired = payment.state === "open" && nowMs >= payment.expiresAtMs;
    const isPending = await isToldPending(env, payment);
    const [, status] = isExpired && !isPending ? ["00", "02"] : codesOf(payment, isPending);
    return {
      ...described(payment, payment.amountMinor),
      vnp_ResponseCode: "00",
      vnp_Message: "Success",
      vnp_TransactionNo: status === "00" ? theirIdOf(payment) : "0",
      vnp_TransactionType: "01",
      vnp_TransactionStatus: status,
    };
  },
  async refund(env, payment, fields) {
    const asked = amount.safeParse(fields.vnp_Amount);
    const type = fields.vnp_TransactionType ?? "";
    if (!asked.success || !["02", "03"].includes(type))
      return { vnp_ResponseCode: "03", vnp_Message: "Invalid format" };
    if (payment.state !== "paid" || fields.vnp_TransactionNo !== theirIdOf(payment))
      return { vnp_ResponseCode: "95", vnp_Message: "Transaction was not successful" };
    const amountMinor = Number(asked.data.slice(0, -2));
    const switches = await switchesOf(env, "vnpay");
    const refunded = await refundPayment(env, payment, fields.vnp_RequestId ?? "", amountMinor, switches);
    if (refunded.kind === "duplicate") return { vnp_ResponseCode: "94", vnp_Message: "Duplicate request" };
    if (refunded.kind === "too_much") return { vnp_ResponseCode: "93", vnp_Message: "Invalid amount" };
    if (switches.refund === "times_out_after_success") return null;
    const state = begunRefund(refunded.refund, switches);
    return state === "refused"
      ? { vnp_ResponseCode: "95", vnp_Message: "Refused" }
      : refundAnswer(payment, refunded.refund, state);
  },
};

const refundAnswer = (payment: SimulatedPayment, refund: SimulatedRefund, state: RefundState): Fields => ({
  ...described(payment, refund.amountMinor),
  vnp_ResponseCode: "00",
  vnp_Message: "Success",
  vnp_TransactionNo: refundIdOf(refund),
  vnp_TransactionType: refund.amountMinor === payment.amountMinor ? "02" : "03",
  vnp_TransactionStatus: REFUND_STATUS[state],
});

const described = (payment: SimulatedPayment, amountMinor: number): Fields => ({
  vnp_Amount: `${amountMinor}00`,
  vnp_BankCode: BANK,
  vnp_PayDate: timeText(payment.createdAtMs),
  vnp_OrderInfo: payment.description,
});
