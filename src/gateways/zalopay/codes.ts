import type { Failure, FailureReason } from "../../domain/gateway.ts";
import { unknown } from "../exchange.ts";
import type { Unknown } from "../port.ts";
import type { RawFields } from "../raw-json.ts";

/** What an answer comes to: `return_code` says so in general, `sub_return_code` in detail. */
export type Reply =
  | { readonly kind: "done"; readonly fields: RawFields }
  | { readonly kind: "processing"; readonly fields: RawFields }
  /** `isGeneral`: the answer says in general that it failed, and not only by a code of somewhere in ZaloPay. */
  | { readonly kind: "refused"; readonly code: string; readonly isGeneral: boolean }
  | Unknown;

export function replyOf(fields: RawFields): Reply {
  const code = fields.get("return_code") ?? "";
  if (code === "1") return { kind: "done", fields };
  if (code === "3") return { kind: "processing", fields };
  if (code === "2") return { kind: "refused", code: fields.get("sub_return_code") ?? code, isGeneral: true };
  // ZaloPay's own lists have some details in the place of the general code.
  return code.startsWith("-") ? { kind: "refused", code, isGeneral: false } : unknown(`return_code ${code}`);
}

type Refused = Extract<Reply, { kind: "refused" }>;
type Reasons = Readonly<Record<string, FailureReason>>;

/** The request itself was refused, so it did nothing. Of what was asked for earlier these say nothing. */
const REQUEST_REFUSED: Reasons = {
  "-2": "misconfigured",
  "-3": "misconfigured",
  "-10": "misconfigured",
  "-24": "misconfigured",
  "-26": "misconfigured",
  "-33": "gateway_unavailable",
  "-53": "misconfigured",
  "-401": "misconfigured",
  "-402": "misconfigured",
  "-403": "misconfigured",
  "-405": "misconfigured",
  "-429": "gateway_unavailable",
  "-503": "gateway_unavailable",
  "-999": "gateway_unavailable",
};

/** ZaloPay stumbled, or knows the name already: nobody can say from these what was done. */
const UNCERTAIN = [
  ...["-1", "-15", "-16", "-17", "-19", "-20", "-22", "-30", "-31"],
  ...["-23", "-25", "-32", "-49", "-68", "-92", "-135", "-301", "-500"],
];

const PAYMENT_FAILED: Reasons = {
  "-54": "expired",
  "-61": "declined",
  "-63": "insufficient_funds",
  "-94": "amount_not_allowed",
  "-217": "declined",
  "-322": "expired",
  "-329": "cancelled",
  "-332": "declined",
  "-333": "declined",
  // More than the payer may spend in a day, in a month.
  ...{ "-1330": "limit_exceeded", "-1331": "limit_exceeded", "-1332": "limit_exceeded" },
  ...{ "-1333": "limit_exceeded", "-1340": "limit_exceeded", "-1341": "limit_exceeded" },
  ...{ "-1342": "limit_exceeded", "-1343": "limit_exceeded" },
};

const REFUND_REFUSED: Reasons = {
  "-4": "not_refundable",
  "-5": "not_refundable",
  "-6": "not_refundable",
  "-8": "not_refundable",
  "-9": "not_refundable",
  "-13": "not_refundable",
  "-14": "amount_not_allowed",
  "-18": "not_refundable",
  "-28": "not_refundable",
  "-32": "not_refundable",
  "-101": "not_refundable",
};

/** Nobody was ever told of what is asked about. */
const NOT_FOUND = ["-101", "-49", "-21"];
export const isNotFound = ({ code }: Refused): boolean => NOT_FOUND.includes(code);

/** How a payment or a link failed that is asked about. */
export const standingFailure = (refused: Refused): Failure | Unknown => asked(refused, PAYMENT_FAILED);

/** How what was asked of ZaloPay failed: a creation, a charge, the end of a link. */
export const requestFailure = (refused: Refused): Failure | Unknown =>
  failure(refused, REQUEST_REFUSED, PAYMENT_FAILED);

/** How a refund failed. */
export const refundFailure = (refused: Refused): Failure | Unknown =>
  failure(refused, REFUND_REFUSED, REQUEST_REFUSED);

/** How a refund failed that is asked about. */
export const refundStandingFailure = (refused: Refused): Failure | Unknown => asked(refused, REFUND_REFUSED);

/** A question that was refused says nothing. */
const asked = (refused: Refused, reasons: Reasons): Failure | Unknown =>
  REQUEST_REFUSED[refused.code] ? unclear(refused) : failure(refused, reasons);

/** What is listed nowhere is a failure if ZaloPay says in general that it is one. */
function failure({ code, isGeneral }: Refused, ...tables: readonly Reasons[]): Failure | Unknown {
  const reason = tables.map((table) => table[code]).find((found) => found !== undefined);
  if (reason !== undefined) return { kind: "failed", reason, theirCode: code };
  const isCertain = isGeneral && !UNCERTAIN.includes(code);
  return isCertain ? { kind: "failed", reason: "declined", theirCode: code } : unclear({ code });
}

const unclear = ({ code }: Pick<Refused, "code">): Unknown => unknown(`sub_return_code ${code}`);
