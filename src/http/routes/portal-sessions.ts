import { createRoute, z } from "@hono/zod-openapi";
import { accountObject } from "../../account/client.ts";
import { mayReturnTo } from "../../domain/catalogue.ts";
import type { ProductId } from "../../domain/ids.ts";
import { currentProduct, currentProducts } from "../../store/catalogue.ts";
import { isSandbox } from "../../store/clock.ts";
import { portalActionsOf, putPortalActions } from "../../store/portal-actions.ts";
import { ACTIONS } from "../actions.ts";
import { audited } from "../audited.ts";
import { access } from "../auth.ts";
import { actorOf, newId } from "../commands.ts";
import type { Principal } from "../context.ts";
import { PORTAL_LINK_SECONDS, publicUrl, secondsOf, signPass } from "../links.ts";
import { body, json, problems, routes, security } from "../openapi.ts";
import { problem, refusalProblem } from "../problems.ts";
import { accountParams, httpUrl, id, iso, text } from "../schemas.ts";

const actions = z.array(z.enum(ACTIONS)).max(ACTIONS.length);

const post = createRoute({
  method: "post",
  path: "/v1/accounts/{account}/portal-sessions",
  tags: ["Portal"],
  summary: "A link that lets the console's signed-in customer into the portal: once, within a minute",
  security,
  middleware: [access({ admin: true, product: true })],
  request: {
    params: accountParams,
    body: body(
      z
        .strictObject({ user: text(200), returnUrl: httpUrl, actions: actions.optional() })
        .openapi("PortalSessionRequest"),
    ),
  },
  responses: { 201: json(z.object({ url: z.string(), expiresAt: z.string() }), "The link."), ...problems },
});

const put = createRoute({
  method: "put",
  path: "/v1/catalog/products/{product}/portal-actions",
  tags: ["Catalogue"],
  summary: "Set what a product's portal sessions may allow at most; nothing until then",
  security,
  middleware: [access({ admin: true }), audited("put_portal_actions")],
  request: {
    params: z.object({ product: id<ProductId>() }),
    body: body(z.strictObject({ actions }).openapi("PortalActions")),
  },
  responses: { 200: json(z.object({ actions }), "What they may allow."), ...problems },
});

export const portalSessions = routes()
  .openapi(post, async (c) => {
    const { account } = c.req.valid("param");
    const { user, returnUrl, actions: wanted } = c.req.valid("json");
    const vouching = await voucher(c.env, c.get("principal"));
    if (!vouching.products.some((product) => mayReturnTo(returnUrl, product, isSandbox(c.env))))
      return refusalProblem(c, { code: "return_url_not_allowed", path: "returnUrl" });
    const beyond = wanted?.filter((action) => !vouching.ceiling.includes(action)) ?? [];
    if (beyond.length > 0)
      return problem(c, { code: "portal_action_not_allowed", detail: beyond.join(", ") });
    if (!c.env.LINK_SECRET) return problem(c, { code: "unavailable" });
    const actor = actorOf(c);
    const isKnown = actor && (await accountObject(c.env, account).trail(actor, "open_portal", user));
    if (!isKnown) return problem(c, { code: "account_not_found" });
    const untilSeconds = secondsOf(Date.now()) + PORTAL_LINK_SECONDS;
    const granted = wanted ?? vouching.ceiling;
    const session = { account, session: newId<string>("ses"), user, returnUrl, product: vouching.product };
    const code = await signPass(c.env, "portal_link", { ...session, actions: [...granted] }, untilSeconds);
    return c.json(
      { url: `${publicUrl(c)}/portal/enter?code=${code}`, expiresAt: iso(untilSeconds * 1_000) },
      201,
    );
  })
  .openapi(put, async (c) => {
    const { product } = c.req.valid("param");
    const { actions: ceiling } = c.req.valid("json");
    if (!(await currentProduct(c.env, product))) return problem(c, { code: "product_not_found" });
    await putPortalActions(c.env, product, ceiling);
    return c.json({ actions: ceiling }, 200);
  });

/** Who vouches for a portal user: where they may be sent back to, and what they may be allowed at most. */
async function voucher(env: Env, principal: Principal) {
  if (principal.role !== "product")
    return { product: null, products: await currentProducts(env), ceiling: ACTIONS };
  const product = await currentProduct(env, principal.product);
  const ceiling = await portalActionsOf(env, principal.product);
  return { product: principal.product, products: product ? [product] : [], ceiling };
}
