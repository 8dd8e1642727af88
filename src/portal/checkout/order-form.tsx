import { sum } from "../../domain/money.ts";
import type { Order, OrderItem, OrderLine } from "../../domain/order.ts";
import type { Resource } from "../../domain/resource.ts";
import { checkoutTexts } from "../../texts/checkout.ts";
import { formatInstant } from "../../texts/locale.ts";
import { type Entered, type FieldErrors, invalid } from "../form.ts";
import { asInput } from "../ui/controls.tsx";
import { namesIn } from "../ui/names.ts";
import { Change, Field, Money, type Reader } from "../ui/parts.tsx";
import { END_OF_ALL, fieldsOf } from "./form.ts";
import { BilledBy, HeldFor } from "./hold.tsx";
import { Intent } from "./intent.tsx";
import { AutoRenewField, PeriodField } from "./item-fields.tsx";
import { PriceDetails } from "./price-details.tsx";
import type { Checkout } from "./session.tsx";
import { TrialThen, UntilWalletsEnd } from "./trial.tsx";

export interface OrderFormProps {
  readonly checkout: Checkout;
  readonly nowMs: number;
  readonly reader: Reader;
  readonly entered: Entered;
  readonly errors: FieldErrors;
}

/** What is ordered, and what of it can still be changed; each change is quoted at once. */
export const OrderForm = (props: OrderFormProps) => {
  const { order } = props.checkout;
  const items = order.items.map((item, index) => <Item {...props} item={item} index={index} />);
  // A change of configuration is as the console asked for it.
  if (order.action === "resize") return <div class="stack">{items}</div>;
  return (
    <form method="post" data-live="" class="stack" novalidate>
      <Intent of="items" />
      {order.action === "match_end_time" ? <EndOfAll {...props} /> : null}
      {items}
      <button type="submit" class="unscripted">
        {checkoutTexts[props.reader.locale].update}
      </button>
    </form>
  );
};

/** The one end that all are renewed up to. */
const EndOfAll = ({ checkout: { order }, reader, entered, errors }: OrderFormProps) => {
  const texts = checkoutTexts[reader.locale];
  const [line] = order.quote.lines;
  const present = line?.endAtMs == null ? "" : asInput(line.endAtMs, reader.timeZone);
  return (
    <section class="card">
      <Field
        id={END_OF_ALL}
        label={texts.endOfAll}
        hint={reader.timeZone}
        error={errors[END_OF_ALL]}
        class="short"
      >
        <input
          id={END_OF_ALL}
          name={END_OF_ALL}
          type="datetime-local"
          value={entered[END_OF_ALL] ?? present}
          {...invalid(END_OF_ALL, errors)}
        />
      </Field>
    </section>
  );
};

export interface ItemProps extends OrderFormProps {
  readonly item: OrderItem;
  readonly index: number;
}

const Item = (props: ItemProps) => {
  const { checkout, item, index, nowMs, reader, entered, errors } = props;
  const { order } = checkout;
  const texts = checkoutTexts[reader.locale];
  const names = fieldsOf(index);
  const lines = order.quote.lines.filter((line) => line.item === index);
  const resource = item.resource === null ? null : (checkout.resources.get(item.resource) ?? null);
  const isNew = order.action === "create";
  const begins = isNew || order.action === "recover";
  const isTrial = order.billing === "poc";
  const hasPeriod = item.period !== null && order.action !== "match_end_time" && !isTrial;
  const [line] = lines;
  const holds = checkout.hold?.lines.filter((_, at) => order.quote.lines[at]?.item === index);
  return (
    <section class="card">
      <div class="heading">
        <h2>{resource?.name ?? item.name}</h2>
        {holds ? null : (
          <span class="figure-small">
            <PriceOf lines={lines} reader={reader} />
          </span>
        )}
      </div>
      {order.action === "resize" ? null : <p class="quiet">{configurationOf(item, lines)}</p>}
      {resource && order.action === "convert_poc" ? (
        <TrialThen {...{ resource, nowMs, reader }} />
      ) : resource ? (
        <Changes order={order} item={item} lines={lines} {...{ resource, checkout, reader }} />
      ) : null}
      {hasPeriod || isNew ? (
        <div class="fields">
          {isNew ? (
            <Field id={names.quantity} label={texts.quantity} error={errors[names.quantity]}>
              <input
                id={names.quantity}
                name={names.quantity}
                value={entered[names.quantity] ?? String(item.quantity)}
                inputmode="numeric"
                autocomplete="off"
                {...invalid(names.quantity, errors)}
              />
            </Field>
          ) : null}
          {hasPeriod ? <PeriodField {...props} endAtMs={line?.endAtMs ?? null} /> : null}
        </div>
      ) : null}
      {isTrial && begins && line?.endAtMs ? <UntilWalletsEnd endAtMs={line.endAtMs} reader={reader} /> : null}
      {hasPeriod && canSetRenewal(order, item, resource) ? <AutoRenewField {...props} /> : null}
      {holds && line ? (
        <>
          <HeldFor holds={holds} reader={reader} />
          <BilledBy line={line} reader={reader} />
        </>
      ) : (
        <PriceDetails {...{ order, item, lines, resource, reader }} />
      )}
    </section>
  );
};

/** Where the type is renewed by itself at all, unless it is already and only support may turn that off. */
function canSetRenewal({ quote }: Order, { resourceType }: OrderItem, resource: Resource | null): boolean {
  const policy = quote.policies[resourceType];
  const isFixed = resource?.autoRenew.enabled === true && resource.policy.autoRenewOffBy === "support";
  return policy?.autoRenewable === true && !isFixed;
}

/** What an item costs, or gives back. */
const PriceOf = ({ lines, reader }: { readonly lines: readonly OrderLine[]; readonly reader: Reader }) => {
  const refund = sum(lines.map((line) => line.refund));
  return refund > 0 ? (
    <Change minor={refund} reader={reader} />
  ) : (
    <Money minor={sum(lines.map(({ gross }) => gross))} reader={reader} />
  );
};

/** What becomes of a resource there is: its configuration, its end. */
const Changes = ({
  order: { action },
  item,
  lines,
  resource,
  checkout: { product },
  reader: { locale, timeZone },
}: {
  readonly order: Order;
  readonly item: OrderItem;
  readonly lines: readonly OrderLine[];
  readonly resource: Resource;
  readonly checkout: Checkout;
  readonly reader: Reader;
}) => {
  const texts = checkoutTexts[locale];
  const { endAtMs } = resource;
  const newEndAtMs = lines[0]?.endAtMs ?? null;
  if (action === "recover") return <p class="quiet">{texts.recoverHint}</p>;
  return (
    <dl class="facts start">
      {action === "resize" ? (
        <>
          <dt>{texts.configurationNow}</dt>
          <dd>{namesIn(product ? [product] : []).configuration(resource)}</dd>
          <dt>{texts.configurationThen}</dt>
          <dd>
            <strong>{configurationOf(item, lines)}</strong>
          </dd>
        </>
      ) : null}
      {endAtMs === null ? null : (
        <>
          <dt>{action === "resize" ? texts.endStays : texts.endNow}</dt>
          <dd>{formatInstant(endAtMs, timeZone, locale)}</dd>
        </>
      )}
      {action === "resize" || newEndAtMs === null ? null : (
        <>
          <dt>{texts.endThen}</dt>
          <dd>
            <strong>{formatInstant(newEndAtMs, timeZone, locale)}</strong>
          </dd>
        </>
      )}
    </dl>
  );
};

const configurationOf = (item: OrderItem, [first]: readonly OrderLine[]): string =>
  first
    ? namedQuantities(first)
        .map(({ quantity, name }) => (quantity <= 1 ? name : `${quantity} × ${name}`))
        .join(" · ")
    : item.resourceType;

/** What is used before it is paid has its configuration beside no charges. */
const namedQuantities = ({ charges, configured }: OrderLine) =>
  configured?.map(({ sku: { name }, quantity }) => ({ name, quantity })) ??
  charges.flatMap(({ items }) => items);
