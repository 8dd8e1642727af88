import type { Context } from "hono";
import type { App } from "../../http/context.ts";
import { languageOf } from "../../portal/language.ts";
import { Field, Notice } from "../../portal/ui/parts.tsx";
import { consoleTexts } from "../../texts/console.ts";
import { formatDecimal, formatUnit } from "../../texts/units.ts";
import { accountPath, askBilling, type Order, type Problem, type ResourceType, type Sku } from "./billing.ts";
import {
  type Entered,
  fieldErrors,
  isEmpty,
  itemOf,
  orderableTypes,
  readEntered,
  skuField,
  suggested,
} from "./configuration.ts";
import { consolePage, leadTo, Refused } from "./page.tsx";
import { consolePath, noSuchPage } from "./visit.tsx";

const typeAskedFor = (c: Context<App>): ResourceType | undefined =>
  orderableTypes(c.var.visit.product).find(({ id }) => id === c.req.param("type"));

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
  const { checkoutUrl } = ordered.value;
  if (checkoutUrl !== null) return leadTo(c, checkoutUrl);
  const { noCheckout } = consoleTexts[languageOf(c)];
  return consolePage(c, product.name, <Notice tone="bad">{noCheckout}</Notice>, 503);
}

function formPage(c: Context<App>, type: ResourceType, entered: Entered, problem?: Problem) {
  const { product } = c.var.visit;
  const locale = languageOf(c);
  const texts = consoleTexts[locale];
  const errors = problem ? fieldErrors(type, entered, problem) : new Map<string, string>();
  const title = `${texts.create}: ${type.name}`;
  const priceOf = ({ unit, unitPrice, minimum }: Sku): string => {
    const price = `${formatDecimal(unitPrice, locale)} ${product.currency} ${texts.per} ${formatUnit(unit, locale)}`;
    return minimum === undefined ? price : `${price}, ${texts.atLeast} ${formatDecimal(minimum, locale)}`;
  };
  const content = (
    <>
      <h1>{title}</h1>
      {problem ? <Refused problem={problem} locale={locale} /> : null}
      <form method="post" class="card">
        <Input id="name" label={texts.name} value={entered.name} error={errors.get("name")} />
        <fieldset class="stack">
          <legend>{texts.configuration}</legend>
          <p class="hint">{texts.configurationHint}</p>
          {errors.has("configuration") ? (
            <p class="error">{isEmpty(type, entered) ? texts.nothingChosen : errors.get("configuration")}</p>
          ) : null}
          <div class="grid">
            {type.skus.map((sku) => (
              <Input
                id={skuField(sku)}
                label={sku.name}
                hint={priceOf(sku)}
                value={entered.skus[sku.id] ?? ""}
                error={errors.get(skuField(sku))}
                least={0}
              />
            ))}
          </div>
        </fieldset>
        <div class="grid">
          <Input
            id="months"
            label={texts.months}
            value={entered.months}
            error={errors.get("months")}
            least={type.minimumMonths}
          />
          <Input
            id="quantity"
            label={texts.quantity}
            hint={texts.quantityHint}
            value={entered.quantity}
            error={errors.get("quantity")}
            least={1}
          />
        </div>
        {type.autoRenewable ? (
          <label class="check">
            <input type="checkbox" name="autoRenew" checked={entered.autoRenew} />
            {texts.renew}
          </label>
        ) : null}
        <div class="row">
          <button type="submit" class="primary">
            {texts.goToCheckout}
          </button>
          <a href={consolePath(product.id)}>{texts.cancel}</a>
        </div>
      </form>
    </>
  );
  return consolePage(c, title, content, problem?.status);
}

interface InputProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
  readonly error?: string | undefined;
  /** The least number; without one the field takes text. */
  readonly least?: number;
}

const Input = ({ id, label, value, hint, error, least }: InputProps) => {
  const described = [error === undefined ? [] : `${id}-error`, hint === undefined ? [] : `${id}-hint`].flat();
  return (
    <Field id={id} label={label} {...(hint === undefined ? {} : { hint })} error={error}>
      <input
        id={id}
        name={id}
        value={value}
        required
        {...(least === undefined
          ? { autocomplete: "off" }
          : { type: "number", min: least, inputmode: "numeric" })}
        aria-invalid={error === undefined ? undefined : "true"}
        aria-describedby={described.length > 0 ? described.join(" ") : undefined}
      />
    </Field>
  );
};
