/** The part of Node.js that the web's own cryptography lacks: PKCS#1 v1.5, by which MoMo encrypts. */
declare module "node:crypto" {
  interface RsaKey {
    readonly key: string;
    readonly padding: number;
  }

  export const constants: { readonly RSA_PKCS1_PADDING: number };
  export function publicEncrypt(key: RsaKey, text: Uint8Array): { toString(encoding: "base64"): string };
  export function privateDecrypt(key: RsaKey, sealed: Uint8Array): Uint8Array;
}
