import { verify } from "hono/jwt";
import { describe, expect, it } from "vitest";
import { signToken, TOKEN_AUDIENCE, TOKEN_ISSUER, userActions } from "../../src/cli/tokens.ts";

const secret = "test-secret-0123456789-0123456789-0123";
const DAY_SECONDS = 86_400;

const read = (token: string) =>
  verify(token, secret, { alg: "HS256", iss: TOKEN_ISSUER, aud: TOKEN_AUDIENCE });

describe("signToken", () => {
  it("names the issuer and the audience the API pins, and lasts 24 hours", async () => {
    const claims = await read(await signToken({ role: "admin" }, secret));
    expect(claims).toMatchObject({ role: "admin", sub: "admin" });
    expect(Number(claims.exp) - Number(claims.iat)).toBe(DAY_SECONDS);
  });

  it("carries the product of a product console", async () => {
    const claims = await read(await signToken({ role: "product", product: "vserver" }, secret));
    expect(claims).toMatchObject({ role: "product", product: "vserver", sub: "product:vserver" });
    expect(claims).not.toHaveProperty("actions");
  });

  it("carries the account of a user and the actions granted", async () => {
    const claims = await read(
      await signToken({ role: "user", account: "acc_demo", actions: ["ListBillings"] }, secret),
    );
    expect(claims).toMatchObject({ role: "user", account: "acc_demo", actions: ["ListBillings"] });
  });

  it("is refused under another secret", async () => {
    const token = await signToken({ role: "admin" }, "another-secret-0123456789-0123456789-01");
    await expect(read(token)).rejects.toThrow();
  });

  it("knows every portal action once", () => {
    expect(new Set(userActions).size).toBe(userActions.length);
  });
});
