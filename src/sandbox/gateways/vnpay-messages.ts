import { HOUR_MS } from "../../domain/local-time.ts";
import { hmac } from "../../gateways/hmac.ts";
import type { Statement } from "./callbacks.ts";
import type { Host } from "./hosted.ts";
import { type RefundState, type SimulatedPayment, theirIdOf } from "./payments.ts";

/** Where VNPay's page is. */
export const PAGE = "/paymentv2/vpcpay.html";
export const BANK = "NCB";
const VIETNAM_OFFSET_MS = 7 * HOUR_MS;

export const REQUEST_ORDER: Readonly<Record<string, string>> = {
  querydr: "RequestId Version Command TmnCode TxnRef TransactionDate CreateDate IpAddr OrderInfo",
  refund:
    "RequestId Version Command TmnCode TransactionType TxnRef Amount TransactionNo TransactionDate CreateBy CreateDate IpAddr OrderInfo",
};
export const ANSWER_ORDER: Readonly<Record<string, string>> = {
  querydr:
    "ResponseId Command ResponseCode Message TmnCode TxnRef Amount BankCode PayDate TransactionNo TransactionType TransactionStatus OrderInfo PromotionCode PromotionAmount",
  refund:
    "ResponseId Command ResponseCode Message TmnCode TxnRef Amount BankCode PayDate TransactionNo TransactionType TransactionStatus OrderInfo",
};

/** VNPay's own side: it knows one merchant, whose key is this installation's. */
const sign = (env: Env, signed: string): Promise<string> =>
  hmac("SHA-512", env.VNPAY_HASH_SECRET ?? "").sign(signed);

export const pipeSign = (
  env: Env,
  names: string,
  fields: Readonly<Record<string, string>>,
): Promise<string> =>
  sign(
    env,
    names
      .split(" ")
      .map((name) => fields[`vnp_${name}`] ?? "")
      .join("|"),
  );

export const isMerchant = (env: Env, tmnCode: string | undefined): boolean =>
  Boolean(env.VNPAY_HASH_SECRET) && tmnCode === env.VNPAY_TMN_CODE;

/** The query that VNPay puts behind an address, with its signature. */
async function signedQuery(env: Env, fields: Readonly<Record<string, string>>, isForged: boolean) {
  const query = new URLSearchParams(fields);
  query.sort();
  const signature = await sign(env, isForged ? `${query}&` : query.toString());
  return `${query}&vnp_SecureHash=${signature}`;
}

export async function isSignedQuery(env: Env, search: string): Promise<boolean> {
  const query = new URLSearchParams(search);
  const signature = query.get("vnp_SecureHash");
  query.delete("vnp_SecureHash");
  query.sort();
  return signature === (await sign(env, query.toString()));
}

/** `yyyyMMddHHmmss` on Vietnam's clock, to and fro. */
export const timeText = (atMs: number): string =>
  new Date(atMs + VIETNAM_OFFSET_MS).toISOString().replace(/\D/g, "").slice(0, 14);
export const instantOf = (digits: string): number =>
  Date.parse(digits.replace(/^(....)(..)(..)(..)(..)(..)$/, "$1-$2-$3T$4:$5:$6Z")) - VIETNAM_OFFSET_MS;

/** Response code and transaction status of a payment. */
export function codesOf({ state }: SimulatedPayment, isPending: boolean): readonly [string, string] {
  if (isPending || state === "open") return ["00", "01"];
  return state === "paid" ? ["00", "00"] : ["24", "02"];
}

/** Transaction status of a refund. */
export const REFUND_STATUS: Readonly<Record<RefundState, string>> = {
  refunded: "00",
  processing: "05",
  refused: "09",
};

const resultQuery = (env: Env, { payment, isPending, amountMinor, isForged }: Statement): Promise<string> => {
  const [responseCode, status] = codesOf(payment, isPending);
  const fields = {
    vnp_Amount: `${amountMinor}00`,
    vnp_BankCode: BANK,
    vnp_BankTranNo: `VNP${theirIdOf(payment)}`,
    vnp_CardType: "ATM",
    vnp_OrderInfo: payment.description,
    vnp_PayDate: timeText(Date.now()),
    vnp_ResponseCode: responseCode,
    vnp_TmnCode: payment.merchant,
    vnp_TransactionNo: status === "00" ? theirIdOf(payment) : "0",
    vnp_TransactionStatus: status,
    vnp_TxnRef: payment.reference,
  };
  return signedQuery(env, fields, isForged);
};

export const vnpayHost: Host = {
  gateway: "vnpay",
  name: "VNPay",
  path: PAGE,
  async message(env, statement) {
    const { webhook = "" } = statement.payment.request;
    return { method: "GET", url: `${webhook}?${await resultQuery(env, statement)}`, body: "" };
  },
  isTaken: (_, body) => /"RspCode"\s*:\s*"0[02]"/.test(body),
  async wayBack(env, payment) {
    const statement = { payment, isPending: false, amountMinor: payment.amountMinor, isForged: false };
    const url = new URL(payment.request.returnUrl ?? "");
    const query = await resultQuery(env, statement);
    return `${url.href}${url.search === "" ? "?" : "&"}${query}`;
  },
};
