import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { sign } from "hono/jwt";
import type { HonoJsonWebKey } from "hono/utils/jwt/jws";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { signToken, TOKEN_AUDIENCE, TOKEN_ISSUER, userActions } from "../../src/cli/tokens.ts";
import type { AccountId } from "../../src/domain/ids.ts";
import worker from "../../src/index.ts";
import {
  type Answer,
  admin,
  bodyOf,
  freshId,
  itemOf,
  type OrderView,
  openAccount,
  type Page,
  type Problem,
  productConsole,
  putCatalogue,
  type ResourceView,
  type TestAccount,
  userOf,
} from "../support/api.ts";
import { SMALL_MONTH, VMONITOR, VSERVER } from "../support/catalogue.ts";
import { Peer, type PeerAnswer } from "../support/peer/peer.ts";
import { contentsOf, tablesOf } from "../support/tables.ts";
import { expectProblem, type Refusal } from "./expect-problem.ts";
import { send } from "./send.ts";

const MAX_BODY_BYTES = 256 * 1_024;

const secret = (): string => env.AUTH_SECRET ?? "";
const HOUR_SECONDS = 3_600;
const nowSeconds = (): number => Math.floor(Date.now() / 1_000);

beforeAll(putCatalogue);

const UNAUTHENTICATED: Refusal = { status: 401, code: "unauthenticated" };
const FORBIDDEN: Refusal = { status: 403, code: "forbidden" };
const OTHER_TENANT: Refusal = { status: 404, code: "account_not_found" };

/** Whoever may do something about resources, or see what they use, sees them. */
const ABOUT_RESOURCES = [
  ...["ListUsages", "GetTrafficUsages", "PayOrder"],
  ...["RenewResources", "DeleteResources", "ManageResources"],
];

/**
 * Every call that needs a token, and who may make it: operations unless said otherwise; `user` is the action a user's
 * token must have, or one of several, "any" if none.
 */
const CALLS: readonly {
  readonly method: string;
  readonly path: string;
  readonly admin?: false;
  readonly product?: true;
  readonly user?: string | readonly string[];
}[] = [
  { method: "PUT", path: "/v1/catalog/products/vserver" },
  { method: "GET", path: "/v1/catalog/products/vserver", product: true, user: "any" },
  { method: "GET", path: "/v1/catalog/products", product: true, user: "any" },
  { method: "POST", path: "/v1/catalog/products/vserver/webhook-secret" },
  { method: "PUT", path: "/v1/catalog/products/vserver/portal-actions" },
  { method: "PUT", path: "/v1/coupons/CPN" },
  { method: "GET", path: "/v1/coupons/CPN" },
  { method: "PUT", path: "/v1/accounts/acc_mine" },
  { method: "GET", path: "/v1/accounts/acc_mine", user: "GetUserInfo" },
  { method: "GET", path: "/v1/accounts/acc_mine/balance", user: "GetUserBalance" },
  { method: "POST", path: "/v1/accounts/acc_mine/credits" },
  {
    method: "POST",
    path: "/v1/accounts/acc_mine/orders",
    admin: false,
    product: true,
    user: ["ManageResources", "RenewResources"],
  },
  { method: "GET", path: "/v1/accounts/acc_mine/orders/ord", product: true, user: "any" },
  {
    method: "PATCH",
    path: "/v1/accounts/acc_mine/orders/ord",
    admin: false,
    product: true,
    user: "PayOrder",
  },
  { method: "POST", path: "/v1/accounts/acc_mine/orders/ord/pay", admin: false, user: "PayOrder" },
  {
    method: "POST",
    path: "/v1/accounts/acc_mine/orders/ord/cancel",
    admin: false,
    product: true,
    user: "PayOrder",
  },
  { method: "POST", path: "/v1/accounts/acc_mine/top-ups", admin: false, user: "BuyCredit" },
  { method: "POST", path: "/v1/accounts/acc_mine/payments/pay/refunds" },
  { method: "GET", path: "/v1/accounts/acc_mine/auto-top-up", user: "BuyCredit" },
  { method: "PUT", path: "/v1/accounts/acc_mine/auto-top-up", admin: false, user: "BuyCredit" },
  { method: "DELETE", path: "/v1/accounts/acc_mine/auto-top-up", admin: false, user: "BuyCredit" },
  {
    method: "POST",
    path: "/v1/accounts/acc_mine/orders/ord/share",
    admin: false,
    user: "PayOrder",
  },
  {
    method: "DELETE",
    path: "/v1/accounts/acc_mine/orders/ord/share",
    admin: false,
    user: "PayOrder",
  },
  {
    method: "POST",
    path: "/v1/accounts/acc_mine/linked-accounts",
    admin: false,
    user: "ManageLinkedAccounts",
  },
  {
    method: "GET",
    path: "/v1/accounts/acc_mine/linked-accounts",
    user: ["ManageLinkedAccounts", "PayOrder"],
  },
  {
    method: "GET",
    path: "/v1/accounts/acc_mine/linked-accounts/link",
    user: ["ManageLinkedAccounts", "PayOrder"],
  },
  {
    method: "DELETE",
    path: "/v1/accounts/acc_mine/linked-accounts/link",
    admin: false,
    user: "ManageLinkedAccounts",
  },
  {
    method: "PUT",
    path: "/v1/accounts/acc_mine/linked-accounts/link/default",
    admin: false,
    user: "ManageLinkedAccounts",
  },
  { method: "GET", path: "/v1/accounts/acc_mine/resources", product: true, user: ABOUT_RESOURCES },
  { method: "GET", path: "/v1/accounts/acc_mine/resources/res", product: true, user: ABOUT_RESOURCES },
  { method: "POST", path: "/v1/accounts/acc_mine/resources/res/provisioning", admin: false, product: true },
  {
    method: "DELETE",
    path: "/v1/accounts/acc_mine/resources/res",
    admin: false,
    product: true,
    user: "DeleteResources",
  },
  {
    method: "POST",
    path: "/v1/accounts/acc_mine/resources/res/stop",
    admin: false,
    product: true,
    user: "ManageResources",
  },
  {
    method: "POST",
    path: "/v1/accounts/acc_mine/resources/res/start",
    admin: false,
    product: true,
    user: "ManageResources",
  },
  { method: "PUT", path: "/v1/accounts/acc_mine/resources/res/auto-renew", user: "RenewResources" },
  {
    method: "PUT",
    path: "/v1/accounts/acc_mine/resources/res/tags",
    admin: false,
    user: "ManageResources",
  },
  { method: "GET", path: "/v1/accounts/acc_mine/credit-notes", user: "ListBillings" },
  { method: "GET", path: "/v1/accounts/acc_mine/credit-notes/code", user: "GetBilling" },
  { method: "GET", path: "/v1/accounts/acc_mine/invoices", user: "ListBillings" },
  { method: "GET", path: "/v1/accounts/acc_mine/invoices/code", user: "GetBilling" },
  { method: "GET", path: "/v1/accounts/acc_mine/invoices/code.pdf", user: "GetBilling" },
  { method: "POST", path: "/v1/accounts/acc_mine/invoices/pay", admin: false, user: "PayBilling" },
  { method: "POST", path: "/v1/accounts/acc_mine/invoices/code/pay", admin: false, user: "PayBilling" },
  { method: "POST", path: "/v1/accounts/acc_mine/invoices/code/outside-payments" },
  { method: "GET", path: "/v1/accounts/acc_mine/costs", user: "GetBillingStatistic" },
  { method: "GET", path: "/v1/accounts/acc_mine/costs.csv", user: "ExportBillings" },
  { method: "GET", path: "/v1/accounts/acc_mine/usage", user: "ListUsages" },
  { method: "GET", path: "/v1/accounts/acc_mine/usage-report", user: "ListUsages" },
  { method: "GET", path: "/v1/accounts/acc_mine/usage-report.xlsx", user: "ExportUsages" },
  { method: "GET", path: "/v1/accounts/acc_mine/usage-report.csv", user: "ExportUsages" },
  { method: "GET", path: "/v1/accounts/acc_mine/invoices.xlsx", user: "ExportBillings" },
  { method: "GET", path: "/v1/accounts/acc_mine/invoices.pdf", user: "ExportBillings" },
  { method: "GET", path: "/v1/accounts/acc_mine/payments.xlsx", user: "ExportPayments" },
  { method: "GET", path: "/v1/accounts/acc_mine/payments.pdf", user: "ExportPayments" },
  { method: "GET", path: "/v1/accounts/acc_mine/credit-transactions.xlsx", user: "ExportCredits" },
  { method: "GET", path: "/v1/accounts/acc_mine/credit-transactions.pdf", user: "ExportCredits" },
  {
    method: "GET",
    path: "/v1/accounts/acc_mine/resources/res/usage",
    product: true,
    user: "GetTrafficUsages",
  },
  { method: "GET", path: "/v1/accounts/acc_mine/holds", user: "GetUserBalance" },
  { method: "POST", path: "/v1/accounts/acc_mine/usage-events", admin: false, product: true },
  { method: "PUT", path: "/v1/accounts/acc_mine/poc-wallet" },
  { method: "GET", path: "/v1/accounts/acc_mine/poc-transactions", user: "ListCredits" },
  {
    method: "POST",
    path: "/v1/accounts/acc_mine/resources/res/stop-poc",
    ...{ admin: false, user: "ManageResources" },
  },
  { method: "GET", path: "/v1/accounts/acc_mine/payments", user: "ListPayments" },
  { method: "GET", path: "/v1/accounts/acc_mine/credit-transactions", user: "ListCredits" },
  { method: "POST", path: "/v1/accounts/acc_mine/portal-sessions", product: true },
  { method: "GET", path: "/v1/accounts/acc_mine/recipients", user: "ManageProfile" },
  { method: "POST", path: "/v1/accounts/acc_mine/recipients", admin: false, user: "ManageProfile" },
  { method: "DELETE", path: "/v1/accounts/acc_mine/recipients/rcp", admin: false, user: "ManageProfile" },
  {
    method: "GET",
    path: "/v1/accounts/acc_mine/invoice-addresses",
    user: ["ManageProfile", "PayOrder"],
  },
  {
    method: "POST",
    path: "/v1/accounts/acc_mine/invoice-addresses",
    ...{ admin: false, user: ["ManageProfile", "PayOrder"] },
  },
  {
    method: "PUT",
    path: "/v1/accounts/acc_mine/invoice-addresses/adr/default",
    ...{ admin: false, user: "ManageProfile" },
  },
  {
    method: "DELETE",
    path: "/v1/accounts/acc_mine/invoice-addresses/adr",
    ...{ admin: false, user: "ManageProfile" },
  },
  {
    method: "PUT",
    path: "/v1/accounts/acc_mine/budget",
    ...{ admin: false, user: "ManageProfile" },
  },
  { method: "GET", path: "/v1/accounts/acc_mine/budget", user: ["ManageProfile", "GetBillingStatistic"] },
  {
    method: "DELETE",
    path: "/v1/accounts/acc_mine/budget",
    ...{ admin: false, user: "ManageProfile" },
  },
  { method: "GET", path: "/v1/admin/alerts" },
  { method: "GET", path: "/v1/admin/audit" },
  { method: "GET", path: "/v1/admin/callbacks" },
  { method: "POST", path: "/v1/admin/callbacks/cb/deposit" },
  { method: "GET", path: "/v1/admin/console-calls" },
  { method: "POST", path: "/v1/admin/console-calls/acc/res/retry" },
  { method: "GET", path: "/v1/admin/due-work" },
  { method: "GET", path: "/v1/admin/mails" },
  { method: "POST", path: "/v1/admin/mails/mail/resend" },
  { method: "POST", path: "/v1/admin/rebuild" },
  { method: "POST", path: "/v1/admin/reseal" },
  { method: "POST", path: "/v1/admin/verify" },
  { method: "PUT", path: "/v1/sandbox/clock" },
  { method: "GET", path: "/v1/sandbox/clock" },
  { method: "DELETE", path: "/v1/sandbox/clock" },
  { method: "POST", path: "/v1/sandbox/clock/advance" },
  { method: "GET", path: "/v1/sandbox/mailbox" },
  { method: "PUT", path: "/v1/sandbox/consoles/vserver" },
  { method: "GET", path: "/v1/sandbox/gateways/momo" },
  { method: "PUT", path: "/v1/sandbox/gateways/momo" },
  { method: "POST", path: "/v1/sandbox/gateways/momo/callbacks" },
];

it("knows every call that needs a token", async () => {
  const { body } = await send<{ paths: Record<string, Record<string, { security?: unknown }>> }>(
    "/openapi.json",
  );
  const described = Object.entries(body.paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, operation]) =>
      operation.security ? `${method.toUpperCase()} ${path}` : [],
    ),
  );
  const known = described.filter((call) => {
    const [method, path = ""] = call.split(" ");
    const pattern = new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`);
    return CALLS.some((candidate) => candidate.method === method && pattern.test(candidate.path));
  });
  expect(known).toEqual(described);
});

describe.each(CALLS)("$method $path", ({ method, path, admin: isForOperations, product, user }) => {
  it("is answered 401 without a token", async () => {
    const answer = await send(path, { method });
    expectProblem(answer, UNAUTHENTICATED);
    expect(answer.headers.get("WWW-Authenticate")).toBe("Bearer");
  });

  it(`is ${isForOperations === false ? "closed" : "open"} to operations`, async () => {
    const answer = await send(path, { method, token: await signToken({ role: "admin" }, secret()) });
    if (isForOperations === false) expectProblem(answer, FORBIDDEN);
    else expect([401, 403]).not.toContain(answer.status);
  });

  it(`is ${product ? "open" : "closed"} to a product console`, async () => {
    const token = await signToken({ role: "product", product: VSERVER }, secret());
    const answer = await send(path, { method, token });
    if (product) expect([401, 403]).not.toContain(answer.status);
    else expectProblem(answer, FORBIDDEN);
  });

  it(`asks of a user: ${[user ?? "not to be one"].flat().join(" or ")}`, async () => {
    const tokenWith = (actions: readonly string[]) =>
      signToken({ role: "user", account: "acc_mine", actions }, secret());
    const others = userActions.filter((action) => ![user].flat().includes(action));
    const without = await send(path, { method, token: await tokenWith(others) });
    if (user === "any") expect([401, 403]).not.toContain(without.status);
    else expectProblem(without, FORBIDDEN);
    if (user === undefined) return;
    for (const action of [user].flat()) {
      const granted = await send(path, { method, token: await tokenWith(user === "any" ? [] : [action]) });
      expect([401, 403]).not.toContain(granted.status);
    }
  });
});

describe("doesn't exist for the user of another account:", () => {
  const calls = CALLS.filter(({ path, user }) => user !== undefined && path.includes("acc_mine"));

  it.each(calls)("$method $path", async ({ method, path }) => {
    const token = await signToken({ role: "user", account: "acc_other", actions: userActions }, secret());
    expectProblem(await send(path, { method, token }), OTHER_TENANT);
  });
});

describe("a token", () => {
  const claims = (more: Record<string, unknown> = {}) => ({
    role: "admin",
    sub: "admin",
    iss: TOKEN_ISSUER,
    aud: TOKEN_AUDIENCE,
    iat: nowSeconds(),
    exp: nowSeconds() + HOUR_SECONDS,
    ...more,
  });
  const without = (name: string) => ({ ...claims(), [name]: undefined });
  const listProducts = (token: string) => send("/v1/catalog/products", { token });
  const base64url = (value: object) =>
    btoa(JSON.stringify(value)).replaceAll("=", "").replaceAll("+", "-").replaceAll("/", "_");

  it("that is right lets the call through", async () => {
    expect((await listProducts(await sign(claims(), secret(), "HS256"))).status).toBe(200);
  });

  it("may name several audiences, ours among them", async () => {
    const several = claims({ aud: ["another-api", TOKEN_AUDIENCE] });
    expect((await listProducts(await sign(several, secret(), "HS256"))).status).toBe(200);
  });

  it.each([
    ["that has expired", claims({ exp: nowSeconds() - 1 })],
    ["that never expires", without("exp")],
    ["that isn't valid yet", claims({ nbf: nowSeconds() + HOUR_SECONDS })],
    ["of another issuer", claims({ iss: "somebody" })],
    ["of no issuer", without("iss")],
    ["for another audience", claims({ aud: "another-api" })],
    ["for no audience", without("aud")],
    ["of nobody", without("sub")],
    ["without a role", without("role")],
    ["of an unknown role", claims({ role: "root" })],
    ["of a product without its name", claims({ role: "product" })],
    ["of a product with odd characters", claims({ role: "product", product: "../vserver" })],
    ["of a user without an account", claims({ role: "user", actions: [] })],
    ["of a user without actions", claims({ role: "user", account: "acc_mine" })],
  ])("%s is refused", async (_, payload) => {
    expectProblem(await listProducts(await sign(payload, secret(), "HS256")), UNAUTHENTICATED);
  });

  it("signed with another key is refused", async () => {
    const forged = await sign(claims(), "another-secret-0123456789-0123456789-01", "HS256");
    expectProblem(await listProducts(forged), UNAUTHENTICATED);
  });

  it.each(["HS384", "HS512"] as const)("signed by %s with the right key is refused", async (algorithm) => {
    expectProblem(await listProducts(await sign(claims(), secret(), algorithm)), UNAUTHENTICATED);
  });

  it("that says it needs no signature is refused", async () => {
    const [header, payload] = [base64url({ alg: "none", typ: "JWT" }), base64url(claims())];
    for (const token of [`${header}.${payload}.`, `${header}.${payload}`, `${header}.${payload}.x`]) {
      expectProblem(await listProducts(token), UNAUTHENTICATED);
    }
  });

  it("whose claims were changed after signing is refused", async () => {
    const user = { role: "user", account: "acc_mine", actions: [] };
    const [header, , signature] = (await sign(claims(user), secret(), "HS256")).split(".");
    expectProblem(await listProducts(`${header}.${base64url(claims())}.${signature}`), UNAUTHENTICATED);
  });

  it.each(["", "Bearer", "Bearer ", "Bearer x", "Basic YWRtaW46YWRtaW4=", "admin"])(
    "spelled %j is refused",
    async (Authorization) => {
      expectProblem(await send("/v1/catalog/products", { headers: { Authorization } }), UNAUTHENTICATED);
    },
  );

  it("is refused by an installation that has no key at all", async () => {
    const token = await signToken({ role: "admin" }, secret());
    expectProblem(await askedOf({ AUTH_SECRET: undefined }, token), UNAUTHENTICATED);
  });
});

/** What an installation with other settings than the tests' own answers to a token. */
async function askedOf(
  settings: { readonly [name in keyof Env]?: unknown },
  token: string,
): Promise<Answer<Page<unknown>>> {
  const headers = { Authorization: `Bearer ${token}` };
  const request = new Request("http://edge-billing.test/v1/catalog/products", { headers });
  const context = createExecutionContext();
  const response = await worker.fetch(request, { ...env, ...settings } as Env, context);
  const body = await response.json<Page<unknown>>();
  await waitOnExecutionContext(context);
  return { status: response.status, headers: response.headers, replayed: false, body };
}

describe("where an identity provider publishes its keys, a token", () => {
  /** A provider of one test's own, behind real HTTP. */
  class Provider {
    readonly peer = new Peer();

    publishes = (...keys: readonly KeyPair[]) =>
      this.answers({ body: JSON.stringify({ keys: keys.map(({ published }) => published) }) });

    answers = (answer: PeerAnswer) =>
      this.peer.answers({ status: 200, headers: { "Content-Type": "application/json" }, ...answer });

    /** What the API answers to a token when it trusts this provider. */
    ask = (token: string) => askedOf({ AUTH_JWKS_URL: this.peer.url }, token);

    fetches = async (): Promise<number> => (await this.peer.requests()).length;
  }

  interface KeyPair {
    readonly published: HonoJsonWebKey;
    readonly secret: HonoJsonWebKey;
  }

  const ALGORITHMS = {
    RS256: {
      name: "RSASSA-PKCS1-v1_5",
      modulusLength: 2_048,
      publicExponent: new Uint8Array([1, 0, 1]),
      hash: "SHA-256",
    },
    RS512: {
      name: "RSASSA-PKCS1-v1_5",
      modulusLength: 2_048,
      publicExponent: new Uint8Array([1, 0, 1]),
      hash: "SHA-512",
    },
    ES256: { name: "ECDSA", namedCurve: "P-256" },
  } as const;

  async function keyPair(alg: keyof typeof ALGORITHMS, kid: string): Promise<KeyPair> {
    const pair = (await crypto.subtle.generateKey(ALGORITHMS[alg], true, [
      "sign",
      "verify",
    ])) as CryptoKeyPair;
    const written = async (key: CryptoKey) => {
      const { key_ops: _, ext: _ext, ...jwk } = (await crypto.subtle.exportKey("jwk", key)) as JsonWebKey;
      return { ...jwk, kid, alg } as HonoJsonWebKey;
    };
    return { published: await written(pair.publicKey), secret: await written(pair.privateKey) };
  }

  const claims = (more: Record<string, unknown> = {}) => ({
    ...{ role: "admin", sub: "admin", iss: TOKEN_ISSUER, aud: TOKEN_AUDIENCE },
    ...{ iat: nowSeconds(), exp: nowSeconds() + HOUR_SECONDS },
    ...more,
  });

  const PATIENCE_MS = 31_000;
  const KEYS_LIFE_MS = 5 * 60_000;

  let rsa: KeyPair;
  let other: KeyPair;

  beforeAll(async () => {
    [rsa, other] = await Promise.all([keyPair("RS256", "key-1"), keyPair("RS256", "key-2")]);
  });
  afterEach(() => void vi.useRealTimers());

  it.each(["RS256", "ES256"] as const)("signed by %s with one of them lets the call through", async (alg) => {
    const provider = new Provider();
    const key = await keyPair(alg, `key-${alg}`);
    await provider.publishes(other, key);
    expect((await provider.ask(await sign(claims(), key.secret))).status).toBe(200);
    const [asked] = await provider.peer.requests();
    expect([asked?.method, asked?.headers.authorization]).toEqual(["GET", undefined]);
  });

  it("is still looked at for its role, tenant and action", async () => {
    const provider = new Provider();
    await provider.publishes(rsa);
    const odd = await sign(claims({ role: "root" }), rsa.secret);
    expectProblem(await provider.ask(odd), UNAUTHENTICATED);
    const user = claims({ role: "user", account: "acc_mine", actions: [] });
    expect((await provider.ask(await sign(user, rsa.secret))).status).toBe(200);
  });

  it.each<readonly [name: string, token: () => Promise<string>]>([
    ["signed with another key under a known name", () => sign(claims(), { ...other.secret, kid: "key-1" })],
    ["signed with a key that isn't published", () => sign(claims(), other.secret)],
    ["that names no key", () => sign(claims(), { ...rsa.secret, kid: undefined } as never)],
    ["that has expired", () => sign(claims({ exp: nowSeconds() - 1 }), rsa.secret)],
    ["that never expires", () => sign(claims({ exp: undefined }), rsa.secret)],
    ["of another issuer", () => sign(claims({ iss: "somebody" }), rsa.secret)],
    ["for another audience", () => sign(claims({ aud: "another-api" }), rsa.secret)],
    [
      "signed with the shared secret, which doesn't count beside them",
      () => sign(claims(), secret(), "HS256"),
    ],
    ["signed with a published key as if it were a shared secret", () => confused(rsa.published)],
    [
      "that says it needs no signature",
      async () => `${part({ alg: "none", typ: "JWT", kid: "key-1" })}.${part(claims())}.`,
    ],
    ["that names another algorithm than its key", () => renamed({ alg: "ES256", typ: "JWT", kid: "key-1" })],
  ])("%s is refused", async (_, token) => {
    const provider = new Provider();
    await provider.publishes(rsa);
    expectProblem(await provider.ask(await token()), UNAUTHENTICATED);
    expect((await provider.ask(await sign(claims(), rsa.secret))).status).toBe(200);
  });

  const part = (value: object): string =>
    btoa(JSON.stringify(value)).replaceAll("=", "").replaceAll("+", "-").replaceAll("/", "_");

  /** Whoever takes the algorithm from the token verifies this with the public key as the secret. */
  async function confused(published: HonoJsonWebKey): Promise<string> {
    const [, payload, signature] = (await sign(claims(), JSON.stringify(published), "HS256")).split(".");
    return `${part({ alg: "HS256", typ: "JWT", kid: published.kid })}.${payload}.${signature}`;
  }

  async function renamed(header: object): Promise<string> {
    const [, payload, signature] = (await sign(claims(), rsa.secret)).split(".");
    return `${part(header)}.${payload}.${signature}`;
  }

  it("signed by an algorithm that isn't pinned is refused, even with a published key", async () => {
    const provider = new Provider();
    const strong = await keyPair("RS512", "key-512");
    await provider.publishes(strong);
    expectProblem(await provider.ask(await sign(claims(), strong.secret)), UNAUTHENTICATED);
  });

  it("doesn't have the keys fetched each time, nor does one with an unknown key soon again", async () => {
    const provider = new Provider();
    await provider.publishes(rsa);
    const [known, unknown] = [await sign(claims(), rsa.secret), await sign(claims(), other.secret)];
    for (let n = 0; n < 3; n += 1) expect((await provider.ask(known)).status).toBe(200);
    for (let n = 0; n < 3; n += 1) expectProblem(await provider.ask(unknown), UNAUTHENTICATED);
    expect(await provider.fetches()).toBe(1);
  });

  it("signed with a new key is let through soon after that is published", async () => {
    const provider = new Provider();
    await provider.publishes(rsa);
    expect((await provider.ask(await sign(claims(), rsa.secret))).status).toBe(200);
    await provider.publishes(rsa, other);
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + PATIENCE_MS);
    expect((await provider.ask(await sign(claims(), other.secret))).status).toBe(200);
    expect(await provider.fetches()).toBe(2);
  });

  it("signed with a key that is no longer published is refused before long", async () => {
    const provider = new Provider();
    await provider.publishes(rsa, other);
    expect((await provider.ask(await sign(claims(), other.secret))).status).toBe(200);
    await provider.publishes(rsa);
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + KEYS_LIFE_MS);
    expectProblem(await provider.ask(await sign(claims(), other.secret)), UNAUTHENTICATED);
  });

  it.each<readonly [name: string, answer: PeerAnswer]>([
    ["fails", { status: 500, body: "{}" }],
    ["hangs up", { close: true }],
    ["answers no JSON", { body: "<html>" }],
    ["answers no keys", { body: "{}" }],
    ["answers odd keys", { body: '{"keys":[null,1,{"kid":"key-1"}]}' }],
    ["sends elsewhere", { status: 302, headers: { Location: "http://127.0.0.1:9/" } }],
  ])("is refused while the provider %s, and taken as soon as it answers again", async (_, answer) => {
    const provider = new Provider();
    await provider.answers(answer);
    const token = await sign(claims(), rsa.secret);
    expectProblem(await provider.ask(token), UNAUTHENTICATED);
    await provider.publishes(rsa);
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + PATIENCE_MS);
    expect((await provider.ask(token)).status).toBe(200);
  });
});

describe("to strangers, an account that exists looks like one that doesn't:", () => {
  /** A call of the table, about something that exists. */
  const about = (path: string, real: { account: string; order: string; resource: string; code: string }) =>
    path
      .replace("acc_mine", real.account)
      .replace(/\/orders\/ord\b/, `/orders/${real.order}`)
      .replace(/\/resources\/res\b/, `/resources/${real.resource}`)
      .replace(/\/invoices\/code\b/, `/invoices/${real.code}`);
  const calls = CALLS.filter(({ path }) => path.includes("acc_mine"));

  let real: { account: string; order: string; resource: string; code: string };
  let account: TestAccount;

  beforeAll(async () => {
    account = await openAccount(2 * SMALL_MONTH);
    const { id, lines } = await account.placeAndPay();
    await account.provisionAll(id, "succeeded");
    const [invoice] = await account.invoices();
    real = {
      account: account.id,
      order: id,
      resource: lines[0]?.resourceId ?? "",
      code: invoice?.code ?? "",
    };
  });

  it.each(calls.filter(({ user }) => user !== undefined))(
    "$method $path, to another user",
    async ({ method, path }) => {
      const token = await signToken({ role: "user", account: "acc_other", actions: userActions }, secret());
      const headers = { "Idempotency-Key": "k", "X-Request-Id": "the-same-id" };
      const before = await tablesOf(account.object);
      const [answer, none] = [
        await send<Problem>(about(path, real), { method, token, headers }),
        await send<Problem>(path, { method, token, headers }),
      ];
      expectProblem(answer, OTHER_TENANT);
      expect({ ...answer.body, instance: path }).toEqual({ ...none.body, instance: path });
      expect(await tablesOf(account.object)).toEqual(before);
    },
  );

  // A product's console sees accounts, and in them only what is its own.
  const ofOneThing = calls.filter(({ product, path }) => product && /\/(ord|res)\b/.test(path));
  it.each(ofOneThing)("$method $path, to another product's console", async ({ method, path }) => {
    const body = path.endsWith("/provisioning") ? { orderLine: "ord.1", status: "succeeded" } : {};
    const request = {
      method,
      token: await signToken({ role: "product", product: VMONITOR }, secret()),
      headers: { "Content-Type": "application/json", "X-Request-Id": "the-same-id" },
      ...(method === "GET" ? {} : { body: JSON.stringify(body) }),
    };
    const before = await contentsOf(account.object);
    const answer = await send<Problem>(about(path, real), request);
    const none = await send<Problem>(about(path, { ...real, order: "none", resource: "none" }), request);
    expect([answer.status, answer.body.code]).toEqual([
      404,
      expect.stringMatching(/^(order|resource)_not_found$/),
    ]);
    expect({ ...answer.body, instance: path }).toEqual({ ...none.body, instance: path });
    expect(await contentsOf(account.object)).toEqual(before);
  });
});

describe("what belongs to another tenant", () => {
  it("doesn't exist for another product's console: order, resource, answer", async () => {
    const account = await openAccount(90_000);
    const order = await account.placeAndPay();
    const other = productConsole(VMONITOR);
    const [line] = order.lines;
    const orderPath = `${account.path}/orders/${order.id}`;
    const resourcePath = `${account.path}/resources/${line?.resourceId}`;
    const noOrder = { status: 404, code: "order_not_found" };
    const noResource = { status: 404, code: "resource_not_found" };
    expectProblem(await other.get(orderPath), noOrder);
    expectProblem(await other.patch(orderPath, {}), noOrder);
    expectProblem(await other.post(`${orderPath}/cancel`), noOrder);
    expectProblem(await other.get(resourcePath), noResource);
    const answer = { orderLine: line?.id, status: "succeeded" };
    expectProblem(await other.post(`${resourcePath}/provisioning`, answer), noResource);
    expect(bodyOf(await other.get(`${account.path}/resources`), 200)).toEqual({ data: [], nextCursor: null });
    expect((await account.order(order.id)).status).toBe("provisioning");
  });

  it("doesn't exist under the caller's own account either", async () => {
    const [mine, theirs] = [await openAccount(), await openAccount(90_000)];
    const order = await theirs.placeAndPay();
    await theirs.provisionAll(order.id, "succeeded");
    const [invoice] = await theirs.invoices();
    const [resource] = await theirs.resources();
    const under = (path: string) => mine.user.get(`${mine.path}/${path}`);
    expectProblem(await under(`orders/${order.id}`), { status: 404, code: "order_not_found" });
    expectProblem(await under(`resources/${resource?.id}`), { status: 404, code: "resource_not_found" });
    expectProblem(await under(`invoices/${invoice?.code}`), { status: 404, code: "invoice_not_found" });
    expectProblem(await mine.pay(order.id), { status: 404, code: "order_not_found" });
    for (const list of ["resources", "invoices", "payments", "credit-transactions"]) {
      expect(bodyOf(await under(list), 200), list).toEqual({ data: [], nextCursor: null });
    }
  });

  it("can't be ordered by a product's console", async () => {
    const account = await openAccount();
    const order = {
      product: VMONITOR,
      action: "create",
      lines: [itemOf()],
      returnUrl: "https://console.example/",
    };
    expectProblem(await account.console.post(`${account.path}/orders`, order), FORBIDDEN);
  });

  it("can't be ordered, changed, cancelled or answered for by operations", async () => {
    const account = await openAccount(90_000);
    const [unpaid, paid] = [await account.place(), await account.placeAndPay()];
    const order = {
      product: VSERVER,
      action: "create",
      lines: [itemOf()],
      returnUrl: "https://console.example/",
    };
    const [line] = paid.lines;
    const answer = { orderLine: line?.id, status: "succeeded" };
    const unpaidPath = `${account.path}/orders/${unpaid.id}`;
    expectProblem(await admin.post(`${account.path}/orders`, order), FORBIDDEN);
    expectProblem(await admin.patch(unpaidPath, { period: { months: 2 } }), FORBIDDEN);
    expectProblem(await admin.post(`${unpaidPath}/cancel`), FORBIDDEN);
    expectProblem(
      await admin.post(`${account.path}/resources/${line?.resourceId}/provisioning`, answer),
      FORBIDDEN,
    );
    expect([await account.order(unpaid.id), await account.order(paid.id)]).toEqual([unpaid, paid]);
  });

  it("is shown to operations", async () => {
    const account = await openAccount(90_000);
    const order = await account.placeAndPay();
    const seen = bodyOf(await admin.get<OrderView>(`${account.path}/orders/${order.id}`), 200);
    expect(seen.id).toBe(order.id);
    const path = `${account.path}/resources/${order.lines[0]?.resourceId}`;
    expect(bodyOf(await admin.get<ResourceView>(path), 200).order).toBe(order.id);
  });
});

describe("checks run in the order token, role, tenant, key present, key replay, body, state:", () => {
  const BROKEN = "{";

  it("a request that is wrong in every way hears of its token first", async () => {
    const account = await openAccount();
    const path = `${account.path}/orders/none/pay`;
    expectProblem(await send(path, { method: "POST", body: BROKEN }), UNAUTHENTICATED);
  });

  it("even when its body is too large to be read", async () => {
    const account = await openAccount();
    const body = " ".repeat(MAX_BODY_BYTES + 1);
    const path = `${account.path}/orders/none/pay`;
    expectProblem(await send(path, { method: "POST", body }), UNAUTHENTICATED);
  });

  it("then of its role, before the tenant", async () => {
    const account = await openAccount();
    const path = `${account.path}/orders/none/pay`;
    const refused = await account.console.post(path, BROKEN, { key: null });
    expectProblem(refused, FORBIDDEN);
    const stranger = userOf(freshId<AccountId>("acc"), ["ListBillings"]);
    expectProblem(await stranger.post(path, BROKEN, { key: null }), FORBIDDEN);
  });

  it("then of its tenant, before the key", async () => {
    const account = await openAccount();
    const stranger = userOf(freshId<AccountId>("acc"));
    const refused = await stranger.post(`${account.path}/orders/none/pay`, BROKEN, { key: null });
    expectProblem(refused, OTHER_TENANT);
  });

  it("then of its missing or odd key, before the body", async () => {
    const account = await openAccount();
    const pay = (key: string | null) => account.user.post(`${account.path}/orders/none/pay`, BROKEN, { key });
    expectProblem(await pay(null), { status: 400, code: "idempotency_key_required" });
    expectProblem(await pay("k".repeat(256)), { status: 400, code: "idempotency_key_invalid" });
    expectProblem(await pay("two words"), { status: 400, code: "idempotency_key_invalid" });
    const grant = await admin.post(`${account.path}/credits`, BROKEN, { key: null });
    expectProblem(grant, { status: 400, code: "idempotency_key_required" });
  });

  it.each([
    ["broken", BROKEN, {}],
    ["not valid", "{}", {}],
    ["not JSON", "method=credit", { "Content-Type": "text/plain" }],
  ])("then of its key's former use, before a body that is %s", async (_, body, headers) => {
    const account = await openAccount(90_000);
    const order = await account.place();
    bodyOf(await account.pay(order.id, { key: "used" }), 200);
    const again = await account.user.post(`${account.path}/orders/${order.id}/pay`, body, {
      key: "used",
      headers,
    });
    expectProblem(again, { status: 422, code: "idempotency_key_reused" });
  });

  it("then of its body, before the state", async () => {
    const account = await openAccount();
    const order = await account.place();
    bodyOf(await account.cancel(order.id), 200);
    const barter = { status: 400, code: "invalid_request", path: "method" };
    expectProblem(await account.pay(order.id, { method: "barter" }), barter);
    expectProblem(await account.pay("none", { method: "barter" }), barter);
  });

  it("and last of the state", async () => {
    const account = await openAccount();
    const order = await account.place();
    bodyOf(await account.cancel(order.id), 200);
    expectProblem(await account.pay(order.id), { status: 409, code: "order_cancelled" });
    expectProblem(await account.pay("none"), { status: 404, code: "order_not_found" });
  });
});
