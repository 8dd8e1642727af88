import { constants, privateDecrypt } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  asText,
  fromText,
  isTokenKey,
  labelOf,
  readToken,
  sentToken,
} from "../../src/gateways/momo/tokens.ts";

const SECRET = "K951B6PE1waDMi640xX08PD3vg6EkVlz";
const PLAIN = '{"value":"tok_1","userAlias":"09******99"}';

/** As MoMo hands tokens out: AES-256-CBC under the secret, from a zero vector. */
async function encrypted(text: string): Promise<string> {
  const utf8 = new TextEncoder();
  const key = await crypto.subtle.importKey("raw", utf8.encode(SECRET), "AES-CBC", false, ["encrypt"]);
  const iv = new Uint8Array(16);
  const sealed = await crypto.subtle.encrypt({ name: "AES-CBC", iv }, key, utf8.encode(text));
  return btoa(String.fromCharCode(...new Uint8Array(sealed)));
}

async function keyPair(): Promise<{ publicKey: string; privateKey: string }> {
  const algorithm = {
    ...{ name: "RSA-OAEP", hash: "SHA-256", modulusLength: 2_048 },
    publicExponent: Uint8Array.of(1, 0, 1),
  };
  const pair = (await crypto.subtle.generateKey(algorithm, true, ["encrypt", "decrypt"])) as CryptoKeyPair;
  const pem = async (format: "spki" | "pkcs8", key: CryptoKey, title: string) => {
    const bytes = new Uint8Array((await crypto.subtle.exportKey(format, key)) as ArrayBuffer);
    const lines = btoa(String.fromCharCode(...bytes)).match(/.{1,64}/g) ?? [];
    return `-----BEGIN ${title}-----\n${lines.join("\n")}\n-----END ${title}-----\n`;
  };
  return {
    publicKey: await pem("spki", pair.publicKey, "PUBLIC KEY"),
    privateKey: await pem("pkcs8", pair.privateKey, "PRIVATE KEY"),
  };
}

describe("MoMo's token", () => {
  it("is read under the merchant's secret, and nothing else is", async () => {
    const received = await encrypted(PLAIN);
    const token = await readToken(received, SECRET);
    expect(token).toEqual({ received, plain: PLAIN });
    expect(token && [labelOf(token), fromText(asText(token))]).toEqual(["09******99", token]);
    expect(await readToken(received, SECRET.replace("K", "L"))).toBeNull();
    expect(await readToken("no base64 at all!", SECRET)).toBeNull();
    expect(await readToken("", SECRET)).toBeNull();
  });

  it("has a label only where MoMo gives one", () => {
    const label = (plain: string) => labelOf({ received: "", plain });
    expect([label("tok_1"), label('{"userAlias":""}'), label('{"userAlias":"a\\nb"}')]).toEqual([
      ...[null, null, null],
    ]);
  });

  it("needs a secret of 32 characters", () => {
    expect([isTokenKey(SECRET), isTokenKey(`${SECRET}x`), isTokenKey("short")]).toEqual([true, false, false]);
  });

  it("is sent as it was received, or encrypted for MoMo's private key", async () => {
    const token = { received: await encrypted(PLAIN), plain: PLAIN };
    expect(sentToken(token, undefined)).toBe(token.received);
    const { publicKey, privateKey } = await keyPair();
    const sent = sentToken(token, publicKey);
    const opened = privateDecrypt(
      { key: privateKey, padding: constants.RSA_PKCS1_PADDING },
      Uint8Array.from(atob(sent), (char) => char.charCodeAt(0)),
    );
    expect(new TextDecoder().decode(opened)).toBe(PLAIN);
  });
});
