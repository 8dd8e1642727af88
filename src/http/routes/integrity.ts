import { createRoute, z } from "@hono/zod-openapi";
import { accountObject } from "../../account/client.ts";
import { directory } from "../../directory/directory-object.ts";
import type { AccountId, CouponCode } from "../../domain/ids.ts";
import { type Finding, rebuildAccount, verifyAccount, verifyCoupon } from "../../jobs/integrity.ts";
import { resealTokens } from "../../jobs/resealing.ts";
import { leaveTrail } from "../audited.ts";
import { access } from "../auth.ts";
import { body, json, problems, routes, security } from "../openapi.ts";
import { problem } from "../problems.ts";
import { id } from "../schemas.ts";

/** Accounts or coupons that one call looks at. */
const PER_CALL = 50;

const pageBody = z.strictObject({
  account: id<AccountId>().optional(),
  cursor: z.string().max(512).optional(),
});

const finding = z.object({ subject: z.string(), invariant: z.int(), problem: z.string() }).openapi("Finding");

const verify = createRoute({
  method: "post",
  path: "/v1/admin/verify",
  tags: ["Operations"],
  summary: "Check every invariant of an account, or of all accounts and coupons in pages",
  security,
  middleware: [access({ admin: true })],
  request: { body: body(pageBody.openapi("VerifyRequest")) },
  responses: {
    200: json(
      z.object({ checked: z.int(), findings: z.array(finding), nextCursor: z.string().nullable() }),
      "What was found; no findings is the only good answer.",
    ),
    ...problems,
  },
});

const rebuild = createRoute({
  method: "post",
  path: "/v1/admin/rebuild",
  tags: ["Operations"],
  summary: "Tell the read side everything anew, of an account or of all in pages",
  security,
  middleware: [access({ admin: true })],
  request: { body: body(pageBody.openapi("RebuildRequest")) },
  responses: {
    200: json(z.object({ rebuilt: z.int(), nextCursor: z.string().nullable() }), "How many accounts."),
    ...problems,
  },
});

const reseal = createRoute({
  method: "post",
  path: "/v1/admin/reseal",
  tags: ["Operations"],
  summary: "Seal the tokens of linked accounts with the newest key, of an account or of all in pages",
  security,
  middleware: [access({ admin: true })],
  request: { body: body(pageBody.openapi("ResealRequest")) },
  responses: {
    200: json(
      z.object({ resealed: z.int(), unreadable: z.int(), nextCursor: z.string().nullable() }),
      "How many tokens, and how many are sealed with a key that isn't there.",
    ),
    ...problems,
  },
});

export const integrity = routes()
  .openapi(verify, async (c) => {
    const { account, cursor } = c.req.valid("json");
    if (account === undefined) return c.json(await verifyPage(c.env, cursor ?? ""), 200);
    if (!(await accountObject(c.env, account).account())) return problem(c, { code: "account_not_found" });
    return c.json({ checked: 1, findings: await verifyAccount(c.env, account), nextCursor: null }, 200);
  })
  .openapi(rebuild, async (c) => {
    const { account, cursor } = c.req.valid("json");
    if (account !== undefined && !(await accountObject(c.env, account).account())) {
      return problem(c, { code: "account_not_found" });
    }
    const names =
      account === undefined ? await directory(c.env).list("account", cursor ?? "", PER_CALL) : [account];
    for (const name of names) await rebuildAccount(c.env, name as AccountId);
    await leaveTrail(c, "rebuild", account ?? c.req.path);
    return c.json({ rebuilt: names.length, nextCursor: lastOfFullPage(names) }, 200);
  })
  .openapi(reseal, async (c) => {
    const { account, cursor } = c.req.valid("json");
    if (account !== undefined && !(await accountObject(c.env, account).account())) {
      return problem(c, { code: "account_not_found" });
    }
    const names =
      account === undefined ? await directory(c.env).list("account", cursor ?? "", PER_CALL) : [account];
    const sum = { resealed: 0, unreadable: 0 };
    for (const name of names) {
      const { resealed, unreadable } = await resealTokens(c.env, name as AccountId);
      sum.resealed += resealed;
      sum.unreadable += unreadable;
    }
    await leaveTrail(c, "reseal", account ?? c.req.path);
    return c.json({ ...sum, nextCursor: lastOfFullPage(names) }, 200);
  });

/** Coupons come after the last account; a cursor into them is marked. */
const COUPONS_MARK = "coupons:";

async function verifyPage(env: Env, cursor: string) {
  return cursor.startsWith(COUPONS_MARK)
    ? verifyCoupons(env, cursor.slice(COUPONS_MARK.length))
    : verifyAccounts(env, cursor);
}

async function verifyAccounts(env: Env, after: string) {
  const names = await directory(env).list("account", after, PER_CALL);
  const findings: Finding[] = [];
  for (const name of names) findings.push(...(await verifyAccount(env, name as AccountId)));
  return { checked: names.length, findings, nextCursor: lastOfFullPage(names) ?? COUPONS_MARK };
}

async function verifyCoupons(env: Env, after: string) {
  const names = await directory(env).list("coupon", after, PER_CALL);
  const findings: Finding[] = [];
  for (const name of names) findings.push(...(await verifyCoupon(env, name as CouponCode)));
  const last = lastOfFullPage(names);
  return { checked: names.length, findings, nextCursor: last === null ? null : `${COUPONS_MARK}${last}` };
}

const lastOfFullPage = (names: readonly string[]): string | null =>
  names.length === PER_CALL ? (names.at(-1) ?? null) : null;
