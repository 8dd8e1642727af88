declare const kind: unique symbol;

/** What we call a payment or refund towards its gateway: where its account is, and which attempt of it this is. */
export type GatewayReference = string & { readonly [kind]: "gateway reference" };

export interface ReferenceParts {
  /** The account object's own id, 64 lower-case hex digits: an account's name may be longer than gateways allow. */
  readonly objectId: string;
  /** Tells the account's attempts apart: ATTEMPT_LENGTH letters and digits. */
  readonly attempt: string;
}

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE = BigInt(DIGITS.length);
/** 256 bits in base 62. */
const OBJECT_ID_LENGTH = 43;
export const ATTEMPT_LENGTH = 7;

const OBJECT_ID = /^[0-9a-f]{64}$/;
const ATTEMPT = new RegExp(`^[0-9A-Za-z]{${ATTEMPT_LENGTH}}$`);
const REFERENCE = new RegExp(`^[0-9A-Za-z]{${OBJECT_ID_LENGTH + ATTEMPT_LENGTH}}$`);

/**
 * Letters and digits only, always 50 of them: what MoMo's orderId and requestId hold, and VNPay's vnp_TxnRef. The
 * account's object is found from it with D1 down. Throws on other parts: they come from the object itself.
 */
export function gatewayReferenceOf({ objectId, attempt }: ReferenceParts): GatewayReference {
  if (!OBJECT_ID.test(objectId) || !ATTEMPT.test(attempt))
    throw new RangeError("no parts of a gateway reference");
  let rest = BigInt(`0x${objectId}`);
  let digits = "";
  while (digits.length < OBJECT_ID_LENGTH) {
    digits = `${DIGITS.charAt(Number(rest % BASE))}${digits}`;
    rest /= BASE;
  }
  return `${digits}${attempt}` as GatewayReference;
}

/** The parts of a reference that came from outside; null unless it is one of ours. */
export function readGatewayReference(text: string): ReferenceParts | null {
  if (!REFERENCE.test(text)) return null;
  let value = 0n;
  for (const digit of text.slice(0, OBJECT_ID_LENGTH)) value = value * BASE + BigInt(DIGITS.indexOf(digit));
  // 43 digits hold a little more than 256 bits.
  const objectId = value.toString(16).padStart(64, "0");
  return OBJECT_ID.test(objectId) ? { objectId, attempt: text.slice(OBJECT_ID_LENGTH) } : null;
}

/**
 * An attempt's part of its reference, from random bytes. Chance and no counter: an account restored to an earlier
 * point in time must not use a name again that its gateway knows.
 */
export function attemptOf(randomBytes: Uint8Array): string {
  if (randomBytes.length < ATTEMPT_LENGTH) throw new RangeError("too few random bytes");
  return [...randomBytes.slice(0, ATTEMPT_LENGTH)]
    .map((byte) => DIGITS.charAt(byte % DIGITS.length))
    .join("");
}
