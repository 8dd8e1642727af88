import type { LinkedAccountId, SealedText } from "../domain/linking/linked-account.ts";

/** What is sealed: what an account is charged by, or what a callback handed over to ask for that. */
type Content = "token" | "grant";

const IV_BYTES = 12;
const KEY_ID_BYTES = 8;

interface Key {
  readonly id: string;
  readonly aes: CryptoKey;
}

/**
 * Seals a text with the first of the installation's keys (AES-256-GCM). It opens as what it is of the link it is of
 * alone; a link's id names its account's object. Throws where there is no key.
 */
export async function seal(
  env: Env,
  link: LinkedAccountId,
  content: Content,
  text: string,
): Promise<SealedText> {
  const [secret] = secretsOf(env.TOKEN_ENCRYPTION_KEY);
  if (secret === undefined)
    throw new Error("TOKEN_ENCRYPTION_KEY isn't set: there are no linked accounts without it");
  const { id: keyId, aes } = await keyOf(secret);
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const ciphertext = await crypto.subtle.encrypt(parameters(iv, link, content), aes, bytesOf(text));
  return { keyId, iv: base64(iv), ciphertext: base64(new Uint8Array(ciphertext)) };
}

/** What was sealed, by whichever of the keys it was; null where that key is gone, or it isn't what it says it is. */
export async function open(
  env: Env,
  link: LinkedAccountId,
  content: Content,
  { keyId, iv, ciphertext }: SealedText,
): Promise<string | null> {
  for (const secret of secretsOf(env.TOKEN_ENCRYPTION_KEY)) {
    const { id, aes } = await keyOf(secret);
    if (id !== keyId) continue;
    try {
      const sealed = parameters(fromBase64(iv), link, content);
      return new TextDecoder().decode(await crypto.subtle.decrypt(sealed, aes, fromBase64(ciphertext)));
    } catch (error) {
      if (error instanceof DOMException) return null;
      throw error;
    }
  }
  return null;
}

/** Whether it is sealed with the key that is in use now. */
export async function isSealedAnew(env: Env, { keyId }: SealedText): Promise<boolean> {
  const [secret] = secretsOf(env.TOKEN_ENCRYPTION_KEY);
  return secret !== undefined && (await keyOf(secret)).id === keyId;
}

/** The newest first, separated by commas or spaces. */
const secretsOf = (keys: string | undefined): string[] => (keys ?? "").split(/[\s,]+/).filter(Boolean);

/** A secret is any text: the key, and the name that stands beside what it sealed, are derived from it. */
async function keyOf(secret: string): Promise<Key> {
  const root = await crypto.subtle.importKey("raw", bytesOf(secret), "HKDF", false, [
    "deriveKey",
    "deriveBits",
  ]);
  const from = (info: string) => ({
    name: "HKDF",
    hash: "SHA-256",
    salt: new Uint8Array(),
    info: bytesOf(info),
  });
  const gcm = { name: "AES-GCM", length: 256 };
  const aes = await crypto.subtle.deriveKey(from("linked account tokens"), root, gcm, false, [
    "encrypt",
    "decrypt",
  ]);
  const name = await crypto.subtle.deriveBits(from("key id"), root, KEY_ID_BYTES * 8);
  return { id: base64(new Uint8Array(name)), aes };
}

const parameters = (iv: Uint8Array<ArrayBuffer>, link: LinkedAccountId, content: Content) => ({
  name: "AES-GCM",
  iv,
  additionalData: bytesOf(`${content} ${link}`),
});

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
