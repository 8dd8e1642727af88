import { hmac } from "../hmac.ts";

/** The values that are signed, joined by `|`, in ZaloPay's order: of each method that it has. */
const SIGNED = {
  create: ["app_id", "app_trans_id", "app_user", "amount", "app_time", "embed_data", "item"],
  query: ["app_id", "app_trans_id", "key1"],
  refund: ["app_id", "zp_trans_id", "amount", "description", "timestamp"],
  query_refund: ["app_id", "m_refund_id", "timestamp"],
  "agreement/bind": [
    "app_id",
    "app_trans_id",
    "binding_data",
    "binding_type",
    "identifier",
    "max_amount",
    "req_date",
  ],
  "agreement/query": ["app_id", "app_trans_id", "req_date"],
  "agreement/pay": ["app_id", "identifier", "zp_trans_token", "pay_token", "req_date"],
  "agreement/unbind": ["app_id", "identifier", "binding_id", "req_date"],
} as const;

export type ZalopayMethod = keyof typeof SIGNED;
export type ZalopayFields = Readonly<Record<string, string | number>>;

export interface ZalopayKeys {
  /** Signs what merchants ask. */
  readonly key1: string;
  /** Signs what merchants are told. */
  readonly key2: string;
}

export function zalopaySigning({ key1, key2 }: ZalopayKeys) {
  return {
    /** The same fields, with their signature. */
    async signed<F extends ZalopayFields>(method: ZalopayMethod, fields: F) {
      const all: ZalopayFields = { ...fields, key1 };
      const text = SIGNED[method].map((field) => all[field] ?? "").join("|");
      return { ...fields, mac: await hmac("SHA-256", key1).sign(text) };
    },
    /** A callback's data is a text of its own, signed as it is spelled. */
    isCallback: (data: string, mac: string): Promise<boolean> => hmac("SHA-256", key2).verifies(data, mac),
  };
}
