import { hmac } from "../hmac.ts";

/** The fields that are signed, in MoMo's order. */
const SIGNED = {
  create: [
    "accessKey",
    "amount",
    "extraData",
    "ipnUrl",
    "orderId",
    "orderInfo",
    "partnerCode",
    "redirectUrl",
    "requestId",
    "requestType",
  ],
  link: [
    "accessKey",
    "amount",
    "extraData",
    "ipnUrl",
    "orderId",
    "orderInfo",
    "partnerClientId",
    "partnerCode",
    "redirectUrl",
    "requestId",
    "requestType",
  ],
  bind: ["accessKey", "callbackToken", "orderId", "partnerClientId", "partnerCode", "requestId"],
  charge: [
    "accessKey",
    "amount",
    "extraData",
    "orderId",
    "orderInfo",
    "partnerClientId",
    "partnerCode",
    "requestId",
    "token",
  ],
  unlink: ["accessKey", "orderId", "partnerClientId", "partnerCode", "requestId", "token"],
  query: ["accessKey", "orderId", "partnerCode", "requestId"],
  refund: ["accessKey", "amount", "description", "orderId", "partnerCode", "requestId", "transId"],
  ipn: [
    "accessKey",
    "amount",
    "extraData",
    "message",
    "orderId",
    "orderInfo",
    "orderType",
    "partnerCode",
    "payType",
    "requestId",
    "responseTime",
    "resultCode",
    "transId",
  ],
  linkedIpn: [
    "accessKey",
    "amount",
    "callbackToken",
    "extraData",
    "message",
    "orderId",
    "orderInfo",
    "orderType",
    "partnerClientId",
    "partnerCode",
    "payType",
    "requestId",
    "responseTime",
    "resultCode",
    "transId",
  ],
} as const;

export type MomoMessage = keyof typeof SIGNED;

export interface MomoKeys {
  readonly accessKey: string;
  readonly secretKey: string;
}

/** Values stand in the signed text as they are, not URL-encoded; a missing one is empty, but a token that only links hand over is left out. */
const signedText = (message: MomoMessage, accessKey: string, read: (field: string) => string) =>
  SIGNED[message]
    .filter((field) => field !== "callbackToken" || read(field) !== "")
    .map((field) => `${field}=${field === "accessKey" ? accessKey : read(field)}`)
    .join("&");

export function momoSigning({ accessKey, secretKey }: MomoKeys) {
  const { sign, verifies } = hmac("SHA-256", secretKey);
  return {
    /** The same fields, with their signature. */
    async signed<F extends Readonly<Record<string, string | number>>>(message: MomoMessage, fields: F) {
      const signature = await sign(signedText(message, accessKey, (field) => String(fields[field] ?? "")));
      return { ...fields, signature };
    },
    isSigned: (message: MomoMessage, fields: ReadonlyMap<string, string>): Promise<boolean> =>
      verifies(
        signedText(message, accessKey, (field) => fields.get(field) ?? ""),
        fields.get("signature") ?? "",
      ),
  };
}
