/** The part of Node.js that the web's own cryptography lacks: encryption by PKCS#1 v1.5. */
declare module "node:crypto" {
  export const constants: { readonly RSA_PKCS1_PADDING: number };
  export function publicEncrypt(
    key: { readonly key: string; readonly padding: number },
    text: Uint8Array,
  ): { toString(encoding: "base64"): string };
}
