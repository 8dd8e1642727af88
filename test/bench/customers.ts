import { signToken, userActions } from "../../src/cli/tokens.ts";
import type { Shot } from "./load.ts";
import { type Customer, type Market, orderOf, sendAll, withBody } from "./market.ts";

/** Enough for every order of a run, and far from where integers end. */
const CREDIT = 1_000_000_000_000;

const bearer = (token: string): string => `Bearer ${token}`;

export interface Opening {
  readonly baseUrl: string;
  readonly product: string;
  /** Tells this run's accounts and keys from those of others. */
  readonly run: string;
}

/** Opens accounts with credit, on a server whose secret we know. */
export async function openAccounts(of: Opening, secret: string, accounts: number): Promise<Market> {
  const { baseUrl, product, run } = of;
  const admin = bearer(await signToken({ role: "admin" }, secret));
  const buyer = bearer(await signToken({ role: "product", product }, secret));
  const customers = await Promise.all(
    Array.from({ length: accounts }, async (_, n) => {
      const account = `acc_bench_${run}_${n}`;
      const user = bearer(await signToken({ role: "user", account, actions: userActions }, secret));
      return { path: `/v1/accounts/${account}`, user, buyer };
    }),
  );
  const settings = { email: "bench@example.com", name: "Bench" };
  await sendAll(
    baseUrl,
    customers.map(({ path }) => ({ method: "PUT", path, status: 200, ...withBody(settings, admin) })),
  );
  await sendAll(baseUrl, grants(customers, admin, run));
  return { baseUrl, customers, order: { ...(await orderOf(baseUrl, product, admin)) } };
}

/**
 * The accounts of the users' tokens among these, on a server that was filled by somebody else. An admin's token has
 * them given credit; a product's one places the orders, which otherwise the users do.
 */
export async function useTokens(of: Opening, tokens: readonly string[]): Promise<Market> {
  const { baseUrl, product, run } = of;
  const claimed = tokens.map((token) => ({ ...claimsOf(token), authorization: bearer(token) }));
  const buyer = claimed.find(({ role }) => role === "product");
  const admin = claimed.find(({ role }) => role === "admin");
  const customers = claimed
    .filter(({ role }) => role === "user")
    .map(({ account, authorization: user }) => ({
      path: `/v1/accounts/${account}`,
      user,
      buyer: buyer?.authorization ?? user,
    }));
  const [first] = customers;
  if (!first) throw new Error("TOKEN needs the token of at least one user");
  if (admin) await sendAll(baseUrl, grants(customers, admin.authorization, run));
  return {
    baseUrl,
    customers,
    order: { ...(await orderOf(baseUrl, buyer?.product ?? product, first.user)) },
  };
}

const grants = (customers: readonly Customer[], admin: string, run: string): Shot[] =>
  customers.map(({ path }) => ({
    method: "POST",
    path: `${path}/credits`,
    status: 201,
    ...withBody({ amount: CREDIT, reason: "Bench" }, admin, `bench-${run}-credit`),
  }));

function claimsOf(token: string): { role?: string; account?: string; product?: string } {
  try {
    return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
  } catch {
    throw new Error("TOKEN holds something that isn't a token");
  }
}
