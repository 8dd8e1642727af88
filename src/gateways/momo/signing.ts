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
} as const;

export type MomoMessage = keyof typeof SIGNED;

export interface MomoKeys {
  readonly accessKey: string;
  readonly secretKey: string;
}

/** Values stand in the signed text as they are, not URL-encoded; a missing one is empty. */
const signedText = (message: MomoMessage, accessKey: string, read: (field: string) => string) =>
  SIGNED[message].map((field) => `${field}=${field === "accessKey" ? accessKey : read(field)}`).join("&");

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
