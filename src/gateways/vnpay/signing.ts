import { hmac } from "../hmac.ts";

/** The values that are signed, joined by `|`, in VNPay's order: of requests and of answers. */
const SIGNED = {
  querydr: [
    "vnp_RequestId",
    "vnp_Version",
    "vnp_Command",
    "vnp_TmnCode",
    "vnp_TxnRef",
    "vnp_TransactionDate",
    "vnp_CreateDate",
    "vnp_IpAddr",
    "vnp_OrderInfo",
  ],
  refund: [
    "vnp_RequestId",
    "vnp_Version",
    "vnp_Command",
    "vnp_TmnCode",
    "vnp_TransactionType",
    "vnp_TxnRef",
    "vnp_Amount",
    "vnp_TransactionNo",
    "vnp_TransactionDate",
    "vnp_CreateBy",
    "vnp_CreateDate",
    "vnp_IpAddr",
    "vnp_OrderInfo",
  ],
} as const;

const ANSWER_TO_REFUND = [
  "vnp_ResponseId",
  "vnp_Command",
  "vnp_ResponseCode",
  "vnp_Message",
  "vnp_TmnCode",
  "vnp_TxnRef",
  "vnp_Amount",
  "vnp_BankCode",
  "vnp_PayDate",
  "vnp_TransactionNo",
  "vnp_TransactionType",
  "vnp_TransactionStatus",
  "vnp_OrderInfo",
] as const;

const SIGNED_ANSWERS = {
  querydr: [...ANSWER_TO_REFUND, "vnp_PromotionCode", "vnp_PromotionAmount"],
  refund: ANSWER_TO_REFUND,
} as const;

export type VnpayCommand = keyof typeof SIGNED;
export type VnpayFields = Readonly<Record<string, string>>;

const SIGNATURE = "vnp_SecureHash";
const NOT_SIGNED = [SIGNATURE, "vnp_SecureHashType"];

export function vnpaySigning(hashSecret: string) {
  const { sign, verifies } = hmac("SHA-512", hashSecret);
  return {
    /** The query of a signed address; empty values are left out. */
    async signedQuery(fields: VnpayFields): Promise<string> {
      const query = formEncoded(Object.entries(fields));
      return `${query}&${SIGNATURE}=${await sign(query)}`;
    },

    async signed(command: VnpayCommand, fields: VnpayFields) {
      const text = SIGNED[command].map((field) => fields[field] ?? "").join("|");
      return { ...fields, [SIGNATURE]: await sign(text) };
    },

    isAnswer(command: VnpayCommand, fields: ReadonlyMap<string, string>): Promise<boolean> {
      const text = SIGNED_ANSWERS[command].map((field) => fields.get(field) ?? "").join("|");
      return verifies(text, fields.get(SIGNATURE) ?? "");
    },

    /**
     * Whether a query is signed: as it was sent, or as one of the encoders spells it that are in use with VNPay, since
     * whoever passes an address on may spell it anew. Every `vnp_` parameter counts, also those nobody has heard of.
     */
    async isSignedQuery(query: string): Promise<boolean> {
      const pairs = rawPairs(query).filter(([name]) => name.startsWith("vnp_"));
      const [, signature = ""] = pairs.find(([name]) => name === SIGNATURE) ?? [];
      const signed = sorted(pairs.filter(([name, value]) => !NOT_SIGNED.includes(name) && value !== ""));
      const values = signed.map(decoded);
      for (const text of [joined(signed), formEncoded(values), joined(values.map(componentEncoded))])
        if (await verifies(text, signature)) return true;
      return false;
    },
  };
}

type Pair = readonly [name: string, value: string];

/** By code unit, whatever the language. */
const sorted = (pairs: readonly Pair[]): Pair[] =>
  [...pairs].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

const joined = (pairs: readonly Pair[]): string => pairs.map((pair) => pair.join("=")).join("&");

/** As Java's and PHP's encoders do: spaces become `+`. */
const formEncoded = (pairs: readonly Pair[]): string =>
  new URLSearchParams(sorted(pairs.filter(([, value]) => value !== "")).map(([n, v]) => [n, v])).toString();

/** As JavaScript's encoder does, which leaves !'()*~ as they are. */
const componentEncoded = ([name, value]: Pair): Pair => [
  name,
  encodeURIComponent(value).replaceAll("%20", "+"),
];

const rawPairs = (query: string): Pair[] =>
  query.split("&").map((part) => {
    const end = part.indexOf("=");
    return end < 0 ? [part, ""] : [part.slice(0, end), part.slice(end + 1)];
  });

const decoded = ([name, value]: Pair): Pair => [
  name,
  new URLSearchParams(`value=${value}`).get("value") ?? "",
];
