import { constants, publicEncrypt } from "node:crypto";

/** A secret that is an AES key, too: MoMo gives out secrets of 32 characters. */
const KEY_BYTES = 32;
const BLOCK_BYTES = 16;
const MAX_LABEL_LENGTH = 50;

/** A token as MoMo gave it, and as it reads once it is decrypted. */
interface MomoToken {
  readonly received: string;
  readonly plain: string;
}

/** Whether tokens that come under a secret can be decrypted by it. */
export const isTokenKey = (secretKey: string): boolean => bytesOf(secretKey).length === KEY_BYTES;

/** Decrypts what `/tokenization/bind` answered: AES-256-CBC under the secret, from a zero vector. Null where it wasn't. */
export async function readToken(received: string, secretKey: string): Promise<MomoToken | null> {
  const aes = { name: "AES-CBC", iv: new Uint8Array(BLOCK_BYTES) };
  try {
    const key = await crypto.subtle.importKey("raw", bytesOf(secretKey), aes.name, false, ["decrypt"]);
    const sealed = Uint8Array.from(atob(received), (char) => char.charCodeAt(0));
    return { received, plain: new TextDecoder().decode(await crypto.subtle.decrypt(aes, key, sealed)) };
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}

/** The wallet's masked number, where MoMo tells it. */
export function labelOf({ plain }: MomoToken): string | null {
  const found = /"userAlias"\s*:\s*"([^"\\\p{Cc}]+)"/u.exec(plain)?.[1];
  return found === undefined ? null : found.slice(0, MAX_LABEL_LENGTH);
}

export const asText = ({ received, plain }: MomoToken): string => JSON.stringify([received, plain]);

export function fromText(text: string): MomoToken {
  const [received, plain] = JSON.parse(text) as [string, string];
  return { received, plain };
}

/**
 * The token as it is sent, and as it is signed: encrypted with MoMo's public key, where there is one, else as it was
 * received. MoMo's documents leave open which form is signed; whatever else turns out to be right belongs here.
 */
export function sentToken({ received, plain }: MomoToken, publicKey: string | undefined): string {
  if (!publicKey) return received;
  const padding = constants.RSA_PKCS1_PADDING;
  return publicEncrypt({ key: publicKey, padding }, bytesOf(plain)).toString("base64");
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
