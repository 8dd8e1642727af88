import type { Context } from "hono";
import type { App } from "../../http/context.ts";
import { routes } from "../../http/openapi.ts";
import { chooseLanguage } from "../../portal/language.ts";
import { beforePages } from "../../portal/security.ts";
import { failedPage } from "../../portal/ui/closed.tsx";
import { inSandboxOnly, onThisMachineOnly } from "../only.ts";
import { accountPath, askBilling, customerOf } from "./billing.ts";
import { answerProvisioning, takeCall } from "./calls.ts";
import { enterConsole, showEntry } from "./entry.tsx";
import { orderNewResource, showNewResource } from "./new-resource.tsx";
import { leadTo } from "./page.tsx";
import { reportUse, showUse } from "./report-use.tsx";
import { act, orderResize, showResize } from "./resource-actions.tsx";
import { showResources } from "./resources.tsx";
import { OUTCOMES, setNext } from "./state.ts";
import { ableToRun, CONSOLES_PATH, consolePath, noSuchPage, visiting } from "./visit.tsx";

export { consoleSetup } from "./setup.ts";

/**
 * Product consoles to try this installation with. They are programs of their own: what they do with billing they do
 * over its public API, and what they know beside it stands in tables of their own.
 */
export const consoles = routes();
consoles.use(`${CONSOLES_PATH}/*`, inSandboxOnly, onThisMachineOnly, ...beforePages, chooseLanguage);
consoles.onError(failedPage);
consoles.post(`${CONSOLES_PATH}/:product/calls`, takeCall);
consoles.use(`${CONSOLES_PATH}/*`, ableToRun);
consoles.get(CONSOLES_PATH, showEntry);
consoles.post(CONSOLES_PATH, enterConsole);
consoles.get(`${CONSOLES_PATH}/:product`, visiting, (c) => showResources(c));
consoles.get(`${CONSOLES_PATH}/:product/new/:type`, visiting, showNewResource);
consoles.post(`${CONSOLES_PATH}/:product/new/:type`, visiting, orderNewResource);
consoles.post(`${CONSOLES_PATH}/:product/next`, visiting, chooseNext);
consoles.post(`${CONSOLES_PATH}/:product/resources/:resource`, visiting, answerByHand);
consoles.post(`${CONSOLES_PATH}/:product/resources/:resource/action`, visiting, act);
consoles.get(`${CONSOLES_PATH}/:product/resources/:resource/resize`, visiting, showResize);
consoles.post(`${CONSOLES_PATH}/:product/resources/:resource/resize`, visiting, orderResize);
consoles.get(`${CONSOLES_PATH}/:product/resources/:resource/use`, visiting, showUse);
consoles.post(`${CONSOLES_PATH}/:product/resources/:resource/use`, visiting, reportUse);
consoles.post(`${CONSOLES_PATH}/:product/portal`, visiting, openPortal);
consoles.get(`${CONSOLES_PATH}/*`, noSuchPage);

async function chooseNext(c: Context<App>) {
  const { next } = await c.req.parseBody();
  const { product } = c.var.visit;
  const outcome = OUTCOMES.find((known) => known === next);
  if (outcome) await setNext(c.env, product.id, outcome);
  return c.redirect(consolePath(product.id), 303);
}

/** Tells billing what became of a resource that somebody looked at: one that hangs, or that this console wasn't told of. */
async function answerByHand(c: Context<App>) {
  const { outcome, line } = await c.req.parseBody();
  if (outcome !== "succeed" && outcome !== "fail") return noSuchPage(c);
  const { product, customer } = c.var.visit;
  const answered = await answerProvisioning(c, {
    product: product.id,
    account: customer.id,
    resource: c.req.param("resource") ?? "",
    line: typeof line === "string" ? line : undefined,
    outcome,
  });
  return answered.ok ? c.redirect(consolePath(product.id), 303) : showResources(c, answered.error);
}

async function openPortal(c: Context<App>) {
  const { product, customer } = c.var.visit;
  const path = `${accountPath(customer.id)}/portal-sessions`;
  const returnUrl = new URL(consolePath(product.id), c.req.url).href;
  const session = await askBilling<{ url: string }>(c, product.id, path, {
    body: { user: customerOf(customer.id), returnUrl },
  });
  return session.ok ? leadTo(c, session.value.url) : showResources(c, session.error);
}
