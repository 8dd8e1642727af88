const HEX = /^(?:[0-9a-f]{2})+$/i;

/** Signatures under one secret, as lower-case hex. */
export interface Hmac {
  sign(text: string): Promise<string>;
  /** Whether a signature that came from outside is the text's; takes as long for a wrong one as for a right one. */
  verifies(text: string, signature: string): Promise<boolean>;
}

export function hmac(hash: "SHA-256" | "SHA-512", secret: string): Hmac {
  const utf8 = new TextEncoder();
  const key = () =>
    crypto.subtle.importKey("raw", utf8.encode(secret), { name: "HMAC", hash }, false, ["sign", "verify"]);
  return {
    async sign(text) {
      return hex(new Uint8Array(await crypto.subtle.sign("HMAC", await key(), utf8.encode(text))));
    },
    async verifies(text, signature) {
      if (!HEX.test(signature)) return false;
      return crypto.subtle.verify("HMAC", await key(), bytes(signature), utf8.encode(text));
    },
  };
}

const hex = (raw: Uint8Array): string => [...raw].map((byte) => byte.toString(16).padStart(2, "0")).join("");

const bytes = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
