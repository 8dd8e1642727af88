import type { GatewayClaim } from "../../domain/gateway.ts";
import { readAmount } from "../amounts.ts";
import type { CallbackAnswer, CallbackVerdict } from "../port.ts";
import { type RawFields, readRawJson } from "../raw-json.ts";
import { readText } from "../read-text.ts";
import { referenceOf } from "./names.ts";
import { readTheirId } from "./orders.ts";
import { type ZalopayKeys, zalopaySigning } from "./signing.ts";

const MAX_CALLBACK_BYTES = 64 * 1_024;
const ORDER = "1";
const AGREEMENT = "2";

/** Reads what ZaloPay tells of an order that was paid, or of an agreement that a customer made or changed. */
export function zalopayCallbacks(appId: string, keys: ZalopayKeys) {
  const signing = zalopaySigning(keys);
  return async (request: Request): Promise<CallbackVerdict> => {
    const raw = await readText(request, MAX_CALLBACK_BYTES);
    const envelope = raw === null ? null : readRawJson(raw);
    if (raw === null || !envelope) return malformed("no JSON object");
    const data = envelope.get("data") ?? "";
    if (!(await signing.isCallback(data, envelope.get("mac") ?? ""))) return { kind: "bad_signature" };
    const fields = readRawJson(data);
    if (!fields) return malformed("its data is no JSON object");
    // What kind of callback it is isn't signed: the data must have what its kind has.
    const type = envelope.get("type");
    if (type === ORDER) return paid(fields, raw);
    return type === AGREEMENT ? agreed(fields, appId) : { kind: "irrelevant" };
  };
}

/** ZaloPay tells of success alone. */
function paid(fields: RawFields, raw: string): CallbackVerdict {
  const claim = readClaim(fields);
  if (!claim) return malformed("a field is missing or unreadable");
  return { kind: "payment", claim, standing: { kind: "succeeded" }, raw };
}

/** ZaloPay takes dong alone; its callbacks name no currency. */
function readClaim(fields: RawFields): GatewayClaim | null {
  const transId = fields.get("app_trans_id");
  const merchant = fields.get("app_id");
  const amountMinor = readAmount(fields.get("amount"));
  if (!transId || !merchant || amountMinor === null) return null;
  const reference = referenceOf(transId, fields.get("embed_data") ?? "");
  return { reference, merchant, amountMinor, currency: "VND", theirId: readTheirId(fields) };
}

/** A link's reference is what the customer is called at ZaloPay. */
function agreed(fields: RawFields, appId: string): CallbackVerdict {
  const reference = fields.get("merchant_user_id");
  if (!reference || !fields.get("binding_id")) return malformed("a field is missing");
  return fields.get("app_id") === appId ? { kind: "link", reference, grant: null } : { kind: "irrelevant" };
}

const malformed = (detail: string): CallbackVerdict => ({ kind: "malformed", detail });

/** ZaloPay reads the body alone, and sends again, three times at most, what is to come again. */
export const ANSWERS: Readonly<
  Record<CallbackAnswer, { readonly return_code: number; readonly return_message: string }>
> = {
  taken: { return_code: 1, return_message: "success" },
  repeated: { return_code: 2, return_message: "known already" },
  unmatched: { return_code: 2, return_message: "order not found" },
  mismatched: { return_code: 2, return_message: "not what was agreed" },
  irrelevant: { return_code: 2, return_message: "nothing to do" },
  bad_signature: { return_code: -1, return_message: "mac not equal" },
  malformed: { return_code: -1, return_message: "unreadable" },
  retry_later: { return_code: 0, return_message: "try again" },
};
