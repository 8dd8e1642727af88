import type { Context } from "hono";
import type { App } from "../../http/context.ts";
import { languageOf } from "../../portal/language.ts";
import { consoleTexts } from "../../texts/console.ts";
import {
  accountPath,
  askBilling,
  type Order,
  type Problem,
  type Resource,
  resourcePath,
  type Sku,
} from "./billing.ts";
import { configurationOf, fieldErrors, type OfferedType, offeredAs, readSkus } from "./configuration.ts";
import { consolePage, Refused, toCheckout } from "./page.tsx";
import { showResources } from "./resources.tsx";
import { SkuFields } from "./sku-fields.tsx";
import { consolePath, noSuchPage } from "./visit.tsx";

/** What the buttons beside a resource do. */
export const ACTS = ["stop", "start", "delete", "recover"] as const;

/** Stops, starts, deletes or recovers a resource: here, and as billing has it. */
export async function act(c: Context<App>) {
  const { action } = await c.req.parseBody();
  const resource = await resourceAskedFor(c);
  const asked = ACTS.find((known) => known === action);
  if (!resource || !asked) return noSuchPage(c);
  if (asked === "recover") return recover(c, resource);
  const { product, customer } = c.var.visit;
  const path = resourcePath(customer.id, resource.id);
  const answered = await (asked === "delete"
    ? askBilling(c, product.id, path, { method: "DELETE" })
    : askBilling(c, product.id, `${path}/${asked}`, { method: "POST" }));
  return answered.ok ? c.redirect(consolePath(product.id), 303) : showResources(c, answered.error);
}

async function recover(c: Context<App>, resource: Resource) {
  const ordered = await order(c, "recover", resource, {
    period: { months: typeOf(c, resource)?.minimumMonths ?? 1 },
  });
  return ordered.ok ? toCheckout(c, ordered.value) : showResources(c, ordered.error);
}

/** The form that gives a resource another configuration. */
export async function showResize(c: Context<App>) {
  const resource = await resourceAskedFor(c);
  const type = resource && typeOf(c, resource);
  if (!type) return noSuchPage(c);
  const quantityOf = ({ id }: Sku) => resource.configuration.find(({ sku }) => sku === id)?.quantity ?? 0;
  const present = Object.fromEntries(type.skus.map((sku) => [sku.id, String(quantityOf(sku))]));
  return resizePage(c, resource, present);
}

/** Orders it, and takes its customer to the checkout. */
export async function orderResize(c: Context<App>) {
  const resource = await resourceAskedFor(c);
  const type = resource && typeOf(c, resource);
  if (!type) return noSuchPage(c);
  const entered = readSkus(type.skus, await c.req.parseBody());
  const ordered = await order(c, "resize", resource, { configuration: configurationOf(type, entered) });
  return ordered.ok ? toCheckout(c, ordered.value) : resizePage(c, resource, entered, ordered.error);
}

function order(c: Context<App>, action: "resize" | "recover", { id, resourceType }: Resource, more: object) {
  const { product, customer } = c.var.visit;
  return askBilling<Order>(c, product.id, `${accountPath(customer.id)}/orders`, {
    body: {
      action,
      lines: [{ resourceType, resourceId: id, ...more }],
      returnUrl: new URL(consolePath(product.id), c.req.url).href,
    },
  });
}

function resizePage(
  c: Context<App>,
  resource: Resource,
  entered: Readonly<Record<string, string>>,
  problem?: Problem,
) {
  const type = typeOf(c, resource);
  if (!type) return noSuchPage(c);
  const { product } = c.var.visit;
  const isConfirmed = resource.billing === "postpaid";
  const locale = languageOf(c);
  const texts = consoleTexts[locale];
  const title = `${texts.resize}: ${resource.name}`;
  const errors = problem ? fieldErrors(type, entered, problem) : new Map<string, string>();
  const content = (
    <>
      <h1>{title}</h1>
      {problem ? <Refused problem={problem} locale={locale} /> : null}
      <form method="post" class="card">
        <SkuFields {...{ type, entered, errors, reader: { locale, currency: product.currency } }} />
        <div class="row">
          <button type="submit" class="primary">
            {isConfirmed ? texts.orderNow : texts.goToCheckout}
          </button>
          <a href={consolePath(product.id)}>{texts.cancel}</a>
        </div>
      </form>
    </>
  );
  return consolePage(c, title, content, problem?.status);
}

function typeOf(c: Context<App>, { resourceType, billing }: Resource): OfferedType | undefined {
  const type = c.var.visit.product.resourceTypes.find(({ id }) => id === resourceType);
  return type && offeredAs(type, billing === "hold" || billing === "postpaid");
}

/** The resource that an address names; null where its customer has none by that id. */
export async function resourceAskedFor(c: Context<App>): Promise<Resource | null> {
  const { product, customer } = c.var.visit;
  const path = resourcePath(customer.id, c.req.param("resource") ?? "");
  const found = await askBilling<Resource>(c, product.id, path);
  return found.ok ? found.value : null;
}
