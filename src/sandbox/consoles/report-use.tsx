import type { Context } from "hono";
import { now } from "../../http/clock.ts";
import type { App } from "../../http/context.ts";
import { languageOf } from "../../portal/language.ts";
import { Field, Notice } from "../../portal/ui/parts.tsx";
import { consoleTexts } from "../../texts/console.ts";
import { accountPath, askBilling, type Problem, type Resource, type Sku } from "./billing.ts";
import { skuField } from "./configuration.ts";
import { consolePage, Refused } from "./page.tsx";
import { resourceAskedFor } from "./resource-actions.tsx";
import { consolePath, noSuchPage, type Visit } from "./visit.tsx";

/** What billing said of an event. */
interface Result {
  readonly id: string;
  readonly status: string;
  readonly code?: string;
}

type MeteredSku = Sku & { readonly metering: Exclude<Sku["metering"], "configuration"> };

const isMetered = (sku: Sku): sku is MeteredSku => sku.metering !== "configuration";

/** The SKUs of a resource whose use its product measures; none of what is paid in advance. */
export function metersOf(
  { product }: Visit,
  { resourceType, billing, configuration }: Resource,
): MeteredSku[] {
  if (billing !== "hold" && billing !== "postpaid") return [];
  const skus = product.resourceTypes.find(({ id }) => id === resourceType)?.skus ?? [];
  return skus.filter(isMetered).filter(({ id }) => configuration.some(({ sku }) => sku === id));
}

/** The form that plays a product which measures what a resource uses. */
export async function showUse(c: Context<App>) {
  const resource = await resourceAskedFor(c);
  return resource ? usePage(c, resource, {}) : noSuchPage(c);
}

/** Reports what was entered, as used now. */
export async function reportUse(c: Context<App>) {
  const resource = await resourceAskedFor(c);
  if (!resource) return noSuchPage(c);
  const { product, customer } = c.var.visit;
  const form = await c.req.parseBody();
  const textOf = (field: string) => (typeof form[field] === "string" ? form[field].trim() : "");
  const at = new Date(now(c)).toISOString();
  const events = metersOf(c.var.visit, resource).flatMap((sku) => {
    const [quantity, key] = [textOf(skuField(sku)), textOf(keyField(sku))];
    const event = { id: crypto.randomUUID(), resource: resource.id, sku: sku.id, quantity, at };
    return quantity === "" ? [] : [key === "" ? event : { ...event, key }];
  });
  const reported = await askBilling<{ results: readonly Result[] }>(
    c,
    product.id,
    `${accountPath(customer.id)}/usage-events`,
    { body: { events } },
  );
  return usePage(
    c,
    resource,
    reported.ok ? { results: reported.value.results } : { problem: reported.error },
  );
}

const keyField = ({ id }: Sku): string => `key:${id}`;

function usePage(
  c: Context<App>,
  resource: Resource,
  { results = [], problem }: { readonly results?: readonly Result[]; readonly problem?: Problem },
) {
  const meters = metersOf(c.var.visit, resource);
  if (meters.length === 0) return noSuchPage(c);
  const { product } = c.var.visit;
  const locale = languageOf(c);
  const texts = consoleTexts[locale];
  const title = `${texts.reportUse}: ${resource.name}`;
  const refused = results.flatMap(({ code }) => code ?? []);
  const content = (
    <>
      <h1>{title}</h1>
      {problem ? <Refused problem={problem} locale={locale} /> : null}
      {refused.length === 0 ? null : (
        <Notice tone="bad">
          <strong>{texts.refused}</strong> <span class="code">{refused.join(", ")}</span>
        </Notice>
      )}
      {results.length > refused.length ? <Notice tone="good">{texts.useReported}</Notice> : null}
      <form method="post" class="card">
        <p class="hint">{texts.useHint}</p>
        {meters.map((sku) => (
          <div class="grid">
            <Field id={skuField(sku)} label={`${sku.name} (${texts.measures[sku.metering]})`}>
              <input id={skuField(sku)} name={skuField(sku)} inputmode="decimal" autocomplete="off" />
            </Field>
            {sku.metering === "counter" ? (
              <Field id={keyField(sku)} label={texts.key}>
                <input id={keyField(sku)} name={keyField(sku)} autocomplete="off" />
              </Field>
            ) : null}
          </div>
        ))}
        <div class="row">
          <button type="submit" class="primary">
            {texts.report}
          </button>
          <a href={consolePath(product.id)}>{texts.cancel}</a>
        </div>
      </form>
    </>
  );
  return consolePage(c, title, content, problem?.status);
}
