import { hmac } from "../../gateways/hmac.ts";
import type { Statement } from "./callbacks.ts";
import type { Host } from "./hosted.ts";
import { type RefundState, type SimulatedPayment, theirIdOf } from "./payments.ts";

/** Where ZaloPay's page is. */
export const PAGE = "/openinapp";

const WALLET_CHANNEL = 38;

/** `return_code`, `sub_return_code`, and what they mean. */
const RESULT = {
  ok: [1, 1, "Transaction successful."],
  processing: [3, 3, "The transaction is being processed."],
  badFormat: [2, -401, "Illegal data request."],
  notAuthenticated: [2, -402, "Illegal app or signature request."],
  badAmount: [2, -94, "The amount isn't allowed."],
  badDay: [2, -92, "app_trans_id has to begin with today's yymmdd."],
  badTime: [2, -54, "The time is invalid."],
  duplicate: [2, -68, "Duplicated app_trans_id."],
  notFound: [2, -101, "It doesn't exist."],
  declined: [2, -217, "The bank declines."],
  insufficient: [2, -63, "The balance isn't enough."],
  noAgreement: [2, -10_001, "There is no such agreement."],
  refused: [2, -329, "The user cancelled the payment."],
  expired: [2, -54, "The transaction is expired."],
  duplicateRefund: [2, -23, "Duplicated m_refund_id."],
  notRefundable: [2, -13, "This transaction can't be refunded."],
  refundTooLarge: [2, -14, "The amount of the refund is invalid."],
} as const;
export type Result = keyof typeof RESULT;

export const REFUND_RESULT = {
  refunded: "ok",
  refused: "notRefundable",
  processing: "processing",
} as const satisfies Record<RefundState, Result>;

export const answer = (result: Result, fields: object = {}) => {
  const [return_code, sub_return_code, message] = RESULT[result];
  return {
    return_code,
    return_message: message,
    sub_return_code,
    sub_return_message: message,
    ...fields,
  };
};

/** What is signed of each method, in ZaloPay's order. */
export const ORDER = {
  create: "app_id app_trans_id app_user amount app_time embed_data item",
  query: "app_id app_trans_id key1",
  refund: "app_id zp_trans_id amount description timestamp",
  queryRefund: "app_id m_refund_id timestamp",
} as const;

/** ZaloPay's own side: it knows one merchant, whose keys are this installation's. */
export async function isFromMerchant(
  env: Env,
  order: string,
  fields: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const { ZALOPAY_APP_ID: appId, ZALOPAY_KEY1: key1 } = env;
  if (!key1 || String(fields.app_id) !== appId) return false;
  const all: Readonly<Record<string, unknown>> = { ...fields, key1 };
  const text = order.split(" ").map((name) => all[name]);
  return fields.mac === (await hmac("SHA-256", key1).sign(text.join("|")));
}

const signedForMerchant = (env: Env, text: string): Promise<string> =>
  hmac("SHA-256", env.ZALOPAY_KEY2 ?? "").sign(text);

/** A callback's body, rightly signed or not; ZaloPay signs the data as the text that it is. */
export async function envelope(env: Env, type: 1 | 2, fields: object, isForged: boolean): Promise<string> {
  const data = JSON.stringify(fields);
  return JSON.stringify({ data, mac: await signedForMerchant(env, isForged ? `${data} ` : data), type });
}

export const resultOf = (payment: SimulatedPayment, nowMs: number): Result => {
  if (payment.state === "paid") return "ok";
  if (payment.state === "refused") return "refused";
  return nowMs >= payment.expiresAtMs ? "expired" : "processing";
};

const paidFields = ({ payment, amountMinor }: Statement) => ({
  app_id: Number(payment.merchant),
  app_trans_id: payment.reference,
  app_time: Number(payment.request.appTime),
  app_user: payment.request.appUser,
  amount: amountMinor,
  embed_data: payment.request.embedData,
  item: payment.request.item,
  zp_trans_id: Number(theirIdOf(payment)),
  server_time: Date.now(),
  channel: WALLET_CHANNEL,
  merchant_user_id: payment.request.appUser,
  user_fee_amount: 0,
  discount_amount: 0,
});

export const zalopayHost: Host = {
  gateway: "zalopay",
  name: "ZaloPay",
  path: PAGE,
  async message(env, statement) {
    const { payment, isPending, isForged } = statement;
    // ZaloPay tells of success alone.
    if (isPending || payment.state !== "paid") return null;
    const body = await envelope(env, 1, paidFields(statement), isForged);
    return { method: "POST", url: payment.request.callbackUrl ?? "", body };
  },
  isTaken: (_, body) => /"return_code"\s*:\s*[12]\b/.test(body),
  async wayBack(env, { merchant, reference, state, amountMinor, request }) {
    const status = RESULT[state === "paid" ? "ok" : "refused"][1];
    const fields = {
      appid: merchant,
      apptransid: reference,
      pmcid: WALLET_CHANNEL,
      bankcode: "",
      amount: amountMinor,
      discountamount: 0,
      status,
    };
    const checksum = await signedForMerchant(env, Object.values(fields).join("|"));
    const url = new URL(request.redirectUrl ?? "");
    for (const [name, value] of Object.entries({ ...fields, checksum }))
      url.searchParams.append(name, String(value));
    return url.href;
  },
};
