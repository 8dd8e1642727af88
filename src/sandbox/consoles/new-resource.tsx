import type { Context } from "hono";
import type { App } from "../../http/context.ts";
import { languageOf } from "../../portal/language.ts";
import { consoleTexts } from "../../texts/console.ts";
import { accountPath, askBilling, type Order, type Problem } from "./billing.ts";
import {
  type Entered,
  fieldErrors,
  isRenewable,
  itemOf,
  type OfferedType,
  orderableTypes,
  readEntered,
  suggested,
} from "./configuration.ts";
import { consolePage, Refused, toCheckout } from "./page.tsx";
import { Input, SkuFields } from "./sku-fields.tsx";
import { consolePath, noSuchPage } from "./visit.tsx";

const typeAskedFor = (c: Context<App>): OfferedType | undefined =>
  orderableTypes(c.var.visit.product, c.var.visit.customer).find(({ id }) => id === c.req.param("type"));

/** The form that configures a resource of one type. */
export function showNewResource(c: Context<App>) {
  const type = typeAskedFor(c);
  return type ? formPage(c, type, suggested(type)) : noSuchPage(c);
}

/** Orders what the form says, and takes its customer to the checkout. */
export async function orderNewResource(c: Context<App>) {
  const type = typeAskedFor(c);
  if (!type) return noSuchPage(c);
  const { product, customer } = c.var.visit;
  const entered = readEntered(type, await c.req.parseBody());
  const ordered = await askBilling<Order>(c, product.id, `${accountPath(customer.id)}/orders`, {
    body: {
      action: "create",
      lines: [itemOf(type, entered)],
      returnUrl: new URL(consolePath(product.id), c.req.url).href,
    },
  });
  if (!ordered.ok) return formPage(c, type, entered, ordered.error);
  return toCheckout(c, ordered.value);
}

function formPage(c: Context<App>, type: OfferedType, entered: Entered, problem?: Problem) {
  const { product, customer } = c.var.visit;
  const locale = languageOf(c);
  const texts = consoleTexts[locale];
  const errors = problem ? fieldErrors(type, entered.skus, problem) : new Map<string, string>();
  const title = `${texts.create}: ${type.name}`;
  const content = (
    <>
      <h1>{title}</h1>
      {problem ? <Refused problem={problem} locale={locale} /> : null}
      <form method="post" class="card">
        <Input id="name" label={texts.name} value={entered.name} error={errors.get("name")} />
        <SkuFields
          type={type}
          entered={entered.skus}
          errors={errors}
          reader={{ locale, currency: product.currency }}
        />
        <div class="grid">
          {type.isByUse ? null : (
            <Input
              id="months"
              label={texts.months}
              value={entered.months}
              error={errors.get("months")}
              least={type.minimumMonths}
            />
          )}
          <Input
            id="quantity"
            label={texts.quantity}
            hint={texts.quantityHint}
            value={entered.quantity}
            error={errors.get("quantity")}
            least={1}
          />
        </div>
        {isRenewable(type) ? (
          <label class="check">
            <input type="checkbox" name="autoRenew" checked={entered.autoRenew} />
            {texts.renew}
          </label>
        ) : null}
        <div class="row">
          <button type="submit" class="primary">
            {customer.billingMode === "postpaid" ? texts.orderNow : texts.goToCheckout}
          </button>
          <a href={consolePath(product.id)}>{texts.cancel}</a>
        </div>
      </form>
    </>
  );
  return consolePage(c, title, content, problem?.status);
}
