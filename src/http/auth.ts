import { createMiddleware } from "hono/factory";
import { verify, verifyWithJwks } from "hono/jwt";
import { decodeHeader } from "hono/utils/jwt/jwt";
import { z } from "zod";
import type { AccountId, ProductId } from "../domain/ids.ts";
import { ID_PATTERN } from "../domain/ids.ts";
import { ACTIONS, type Action } from "./actions.ts";
import { limitBodyTo, MAX_BODY_BYTES } from "./body-limit.ts";
import type { App, Principal } from "./context.ts";
import { publishedKeys } from "./jwks.ts";
import { problem } from "./problems.ts";

/** Which roles may make a call; of users, those whose token has the action, or one of several. */
export interface Access {
  readonly admin?: true;
  readonly product?: true;
  readonly user?: Action | readonly Action[] | "any";
  /** How long its body may be, where that is more than usual. */
  readonly maxBodyBytes?: number;
}

const id = z.string().regex(ID_PATTERN);
const subject = z.string().min(1).max(255);

const claimsSchema = z.discriminatedUnion("role", [
  z.object({ role: z.literal("admin"), sub: subject, exp: z.number() }),
  z.object({ role: z.literal("product"), product: id, sub: subject, exp: z.number() }),
  z.object({
    role: z.literal("user"),
    account: id,
    actions: z.array(z.string()),
    sub: subject,
    exp: z.number(),
  }),
]);

/**
 * Lets a call through to whoever may make it. 401 without a valid token, 403 for a role or action that doesn't
 * allow it, 404 for a user's call about another account: what isn't theirs doesn't exist for them.
 */
export const access = ({ maxBodyBytes = MAX_BODY_BYTES, ...allowed }: Access) => {
  const limit = limitBodyTo(maxBodyBytes);
  return createMiddleware<App>(async (c, next) => {
    const principal = await authenticate(c.env, c.req.header("Authorization"));
    if (!principal) {
      c.header("WWW-Authenticate", "Bearer");
      return problem(c, { code: "unauthenticated" });
    }
    if (!mayCall(principal, allowed)) return problem(c, { code: "forbidden" });
    const account = c.req.param("account");
    if (principal.role === "user" && account !== undefined && account !== principal.account) {
      return problem(c, { code: "account_not_found" });
    }
    c.set("principal", principal);
    // Strangers' bodies aren't even measured.
    return limit(c, next);
  });
};

/** Whether somebody may make a call, or see what one is about. */
export function mayCall(principal: Principal, allowed: Access): boolean {
  if (principal.role !== "user") return allowed[principal.role] === true;
  const { user = [] } = allowed;
  if (user === "any") return true;
  return [user].flat().some((action) => principal.actions.includes(action));
}

async function authenticate(env: Env, header: string | undefined): Promise<Principal | null> {
  const token = /^Bearer ([\w.-]+)$/i.exec(header ?? "")?.[1];
  if (!token) return null;
  const claims = claimsSchema.safeParse(await verifiedClaims(env, token));
  if (!claims.success) return null;
  const { data } = claims;
  switch (data.role) {
    case "admin":
      return { role: "admin", subject: data.sub };
    case "product":
      return { role: "product", product: data.product as ProductId, subject: data.sub };
    case "user": {
      const actions = data.actions.filter((action): action is Action =>
        (ACTIONS as readonly string[]).includes(action),
      );
      return { role: "user", account: data.account as AccountId, actions, subject: data.sub };
    }
  }
}

/** The claims of a token that one of the configured keys signed for us, and that is in force; otherwise null. */
async function verifiedClaims(env: Env, token: string): Promise<unknown> {
  const expected = { iss: env.AUTH_ISSUER, aud: env.AUTH_AUDIENCE };
  try {
    if (env.AUTH_JWKS_URL) {
      return await verifyWithJwks(token, {
        keys: await publishedKeys(env.AUTH_JWKS_URL, decodeHeader(token).kid, Date.now()),
        verification: expected,
        allowedAlgorithms: ["RS256", "ES256"],
      });
    }
    return env.AUTH_SECRET ? await verify(token, env.AUTH_SECRET, { alg: "HS256", ...expected }) : null;
  } catch {
    // Every way in which a token can be wrong is answered alike.
    return null;
  }
}
