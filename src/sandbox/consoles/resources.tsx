import type { Context } from "hono";
import type { App } from "../../http/context.ts";
import { languageOf } from "../../portal/language.ts";
import { Card, Field, Notice, type Tone } from "../../portal/ui/parts.tsx";
import { consoleTexts } from "../../texts/console.ts";
import {
  accountPath,
  askBilling,
  type Order,
  type Page,
  type Problem,
  type Product,
  type Resource,
} from "./billing.ts";
import { orderableTypes } from "./configuration.ts";
import { consolePage, Refused } from "./page.tsx";
import { isBusy, ResourceList, type Texts } from "./resource-list.tsx";
import { type LastCall, lastCalls, OUTCOMES } from "./state.ts";
import { consolePath, type Visit } from "./visit.tsx";

/** How soon what is being set up is looked at again. */
const REFRESH_SECONDS = 2;

const ORDER_TONES: Record<Order["status"], Tone> = {
  awaiting_payment: "warn",
  paid: "accent",
  provisioning: "accent",
  completed: "good",
  failed: "bad",
  cancelled: "neutral",
  expired: "warn",
};

/** The customer's resources of this product, and what comes before them. `refused`: what billing said to the last press. */
export async function showResources(c: Context<App>, refused?: Problem) {
  const { visit } = c.var;
  const { product, customer } = visit;
  const locale = languageOf(c);
  const texts = consoleTexts[locale];
  const path = `${accountPath(customer.id)}/resources`;
  const resources = await askBilling<Page<Resource>>(c, product.id, path);
  if (!resources.ok)
    return consolePage(c, product.name, <Refused problem={resources.error} locale={locale} />, 502);
  const order = await orderReturnedFrom(c);
  const calls = await lastCalls(c.env, product.id, customer.id);
  const isCalled = isCalledAt(product, callsUrl(c));
  const list = { texts, locale, visit, calls, resources: resources.value };
  const willChange =
    isCalled && resources.value.data.some((resource) => isBusy(resource) && !isHanging(calls, resource));
  const content = (
    <>
      <Heading visit={visit} texts={texts} />
      {refused ? <Refused problem={refused} locale={locale} /> : null}
      {order ? <OrderNotice order={order} texts={texts} /> : null}
      {isCalled ? null : <NotCalled url={callsUrl(c)} texts={texts} />}
      <div data-refresh={willChange ? REFRESH_SECONDS : undefined}>
        <ResourceList {...list} />
      </div>
      <NextOutcome visit={visit} texts={texts} />
    </>
  );
  return consolePage(c, product.name, content, refused?.status);
}

/** Where billing must call for this console to hear it. */
const callsUrl = (c: Context<App>): string =>
  new URL(`${consolePath(c.var.visit.product.id)}/calls`, c.req.url).href;

/** This machine has several names: what counts is who listens there. */
function isCalledAt({ callbackUrl }: Product, callsUrl: string): boolean {
  if (callbackUrl === undefined) return false;
  const [called, here] = [new URL(callbackUrl), new URL(callsUrl)];
  return called.port === here.port && called.pathname === here.pathname;
}

const isHanging = (calls: ReadonlyMap<string, LastCall>, { id }: Resource): boolean =>
  calls.get(id)?.outcome === "hang";

/** The order that the checkout sends its customer back with. */
async function orderReturnedFrom(c: Context<App>): Promise<Order | null> {
  const { product, customer } = c.var.visit;
  const id = c.req.query("order");
  if (id === undefined) return null;
  const path = `${accountPath(customer.id)}/orders/${encodeURIComponent(id)}`;
  const order = await askBilling<Order>(c, product.id, path);
  return order.ok ? order.value : null;
}

const Heading = ({
  visit: { product, customer },
  texts,
}: {
  readonly visit: Visit;
  readonly texts: Texts;
}) => (
  <div class="heading">
    <h1>{product.name}</h1>
    <div class="row">
      <form method="post" action={`${consolePath(product.id)}/portal`}>
        <button type="submit" id="payments">
          {texts.payments}
        </button>
      </form>
      {orderableTypes(product, customer).map(({ id, name }) => (
        <a
          id={`new-${id}`}
          class="button primary"
          href={`${consolePath(product.id)}/new/${encodeURIComponent(id)}`}
        >
          {texts.create}: {name}
        </a>
      ))}
    </div>
  </div>
);

const OrderNotice = ({ order, texts }: { readonly order: Order; readonly texts: Texts }) => (
  <Notice tone={ORDER_TONES[order.status]}>
    {texts.order} <span class="code">{order.id}</span>: {texts.orders[order.status]}{" "}
    {order.status === "awaiting_payment" && order.checkoutUrl !== null ? (
      <a href={order.checkoutUrl}>{texts.toCheckout}</a>
    ) : null}
  </Notice>
);

const NotCalled = ({ url, texts }: { readonly url: string; readonly texts: Texts }) => (
  <Notice tone="warn">
    <strong>{texts.notCalled}.</strong> {texts.notCalledHint} <span class="code">{url}</span>.{" "}
    {texts.notCalledRemedy}
  </Notice>
);

const NextOutcome = ({ visit, texts }: { readonly visit: Visit; readonly texts: Texts }) => (
  <Card>
    <form method="post" action={`${consolePath(visit.product.id)}/next`}>
      <Field id="next" label={texts.next} hint={texts.nextHint}>
        <div class="joined">
          <select id="next" name="next" aria-describedby="next-hint">
            {OUTCOMES.map((outcome) => (
              <option value={outcome} selected={outcome === visit.settings.next}>
                {texts.outcomes[outcome]}
              </option>
            ))}
          </select>
          <button type="submit" id="save-next">
            {texts.save}
          </button>
        </div>
      </Field>
    </form>
  </Card>
);
