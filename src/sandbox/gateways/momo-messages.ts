import { hmac } from "../../gateways/hmac.ts";
import type { Statement } from "./callbacks.ts";
import type { Host } from "./hosted.ts";
import {
  type RefundState,
  refundIdOf,
  type SimulatedPayment,
  type SimulatedRefund,
  theirIdOf,
} from "./payments.ts";

/** Where MoMo's page is. */
export const PAGE = "/v2/gateway/pay";

const RESULT = {
  ok: [0, "Successful."],
  notAuthenticated: [13, "Merchant authentication failed."],
  badFormat: [20, "Bad format request."],
  badAmount: [22, "The transaction amount is out of range."],
  duplicate: [41, "Duplicated orderId."],
  notFound: [42, "Invalid orderId or orderId is not found."],
  authorised: [9000, "Transaction is authorized successfully."],
  pending: [1000, "Transaction is initiated, waiting for user confirmation."],
  insufficient: [1001, "Transaction failed due to insufficient funds."],
  declined: [1002, "Transaction rejected by the issuer."],
  expired: [1005, "Transaction failed because the url or QR code expired."],
  refused: [1006, "Transaction failed because user has denied to confirm the payment."],
  tokenGone: [2001, "Transaction failed due to wrong linking information."],
  notRefundable: [1081, "Refund rejected."],
  processing: [7002, "Transaction is being processed by the provider of the payment instrument selected."],
} as const;

/** MoMo's own side: it knows one merchant, whose keys are this installation's. */
export async function signatureOf(
  env: Env,
  order: string,
  fields: Readonly<Record<string, unknown>>,
): Promise<string> {
  const all: Readonly<Record<string, unknown>> = { ...fields, accessKey: env.MOMO_ACCESS_KEY };
  const signed = order.split(" ").map((name) => `${name}=${all[name]}`);
  return hmac("SHA-256", env.MOMO_SECRET_KEY ?? "").sign(signed.join("&"));
}

export const CREATION_ORDER =
  "accessKey amount extraData ipnUrl orderId orderInfo partnerCode redirectUrl requestId requestType";
export const QUESTION_ORDER = "accessKey orderId partnerCode requestId";
export const REFUND_ORDER = "accessKey amount description orderId partnerCode requestId transId";
const RESULT_ORDER =
  "accessKey amount extraData message orderId orderInfo orderType partnerCode payType requestId responseTime resultCode transId";

/** What is paid from a linked wallet names it. */
const LINKED_RESULT_ORDER = RESULT_ORDER.replace("orderType", "orderType partnerClientId");
export const DECISION_ORDER = LINKED_RESULT_ORDER.replace("amount", "amount callbackToken");

export const isFromMerchant = async (
  env: Env,
  order: string,
  fields: { readonly partnerCode: string; readonly signature: string },
): Promise<boolean> =>
  Boolean(env.MOMO_SECRET_KEY) &&
  fields.partnerCode === env.MOMO_PARTNER_CODE &&
  fields.signature === (await signatureOf(env, order, fields));

export type Result = keyof typeof RESULT;

export const resultOf = (payment: SimulatedPayment, nowMs: number): Result => {
  if (payment.state === "paid") return "ok";
  if (payment.state === "refused") return "refused";
  return nowMs >= payment.expiresAtMs ? "expired" : "pending";
};

export const REFUND_RESULT = {
  refunded: "ok",
  refused: "notRefundable",
  processing: "processing",
} as const satisfies Record<RefundState, Result>;

/** One refund, as MoMo lists it. */
export const refundEntry = (refund: SimulatedRefund, state: RefundState) => ({
  orderId: refund.reference,
  amount: refund.amountMinor,
  resultCode: RESULT[REFUND_RESULT[state]][0],
  transId: state === "refunded" ? Number(refundIdOf(refund)) : 0,
  createdTime: Date.now(),
});

export const statusOf = (result: Result) => ({
  resultCode: RESULT[result][0],
  message: RESULT[result][1],
});

export const answer = (result: Result, fields: object) => ({
  ...fields,
  ...statusOf(result),
  responseTime: Date.now(),
});

/** The signed result of a payment, as its callback and the way back carry it. */
async function resultFields(env: Env, { payment, isPending, amountMinor, isForged }: Statement) {
  const { partnerClientId } = payment.request;
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
    ...(partnerClientId === undefined ? {} : { partnerClientId }),
  };
  const order = partnerClientId === undefined ? RESULT_ORDER : LINKED_RESULT_ORDER;
  const signed = isForged ? { ...fields, amount: -1 } : fields;
  return { ...fields, signature: await signatureOf(env, order, signed) };
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
