import { localTime } from "../../domain/local-time.ts";
import { sum } from "../../domain/money.ts";
import type { Order, OrderItem, OrderLine } from "../../domain/order.ts";
import { firstTermTime } from "../../domain/resource.ts";
import { checkoutTexts } from "../../texts/checkout.ts";
import { formatDecimal, formatMinutes, formatMonths, formatUnit } from "../../texts/units.ts";
import { Field, FieldError, Money, type Reader } from "../ui/parts.tsx";
import { type Entered, type FieldErrors, fieldsOf, UNTIL_A_DATE } from "./form.ts";
import { Intent } from "./intent.tsx";

const PERIODS_OFFERED_MONTHS = [1, 2, 3, 6, 12, 24, 36, 60];

export interface OrderFormProps {
  readonly order: Order;
  readonly nowMs: number;
  readonly reader: Reader;
  readonly entered: Entered;
  readonly errors: FieldErrors;
}

/** What is ordered, and what of it can still be changed; each change is quoted at once. */
export const OrderForm = ({ order, ...props }: OrderFormProps) => {
  const texts = checkoutTexts[props.reader.locale];
  return (
    <form method="post" data-live="" class="stack" novalidate>
      <Intent of="items" />
      {order.items.map((item, index) => (
        <Item
          {...props}
          item={item}
          index={index}
          lines={order.quote.lines.filter((line) => line.item === index)}
          isRenewable={order.quote.policies[item.resourceType]?.autoRenewable === true}
        />
      ))}
      <button type="submit" class="unscripted">
        {texts.update}
      </button>
    </form>
  );
};

interface ItemProps extends Omit<OrderFormProps, "order"> {
  readonly item: OrderItem;
  readonly index: number;
  readonly lines: readonly OrderLine[];
  readonly isRenewable: boolean;
}

const Item = ({ item, index, lines, isRenewable, ...props }: ItemProps) => {
  const { reader, entered, errors } = props;
  const texts = checkoutTexts[reader.locale];
  const names = fieldsOf(index);
  return (
    <section class="card">
      <div class="heading">
        <h2>{item.name}</h2>
        <span class="figure-small">
          <Money minor={sum(lines.map(({ gross }) => gross))} reader={reader} />
        </span>
      </div>
      <p class="quiet">{configurationOf(item, lines)}</p>
      <div class="fields">
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
        <PeriodField {...props} item={item} index={index} />
      </div>
      {isRenewable ? <AutoRenewField {...props} item={item} index={index} /> : null}
      <PriceDetails lines={lines} item={item} reader={reader} />
    </section>
  );
};

const configurationOf = (item: OrderItem, [first]: readonly OrderLine[]): string =>
  first
    ? first.charges
        .flatMap(({ items }) => items)
        .map(({ quantity, name }) => (quantity === 1 ? name : `${quantity} × ${name}`))
        .join(" · ")
    : item.resourceType;

const invalid = (field: string, errors: FieldErrors) =>
  errors[field] === undefined
    ? {}
    : { "aria-invalid": "true" as const, "aria-describedby": `${field}-error` };

const PeriodField = ({
  item,
  index,
  nowMs,
  reader,
  entered,
  errors,
}: Omit<ItemProps, "lines" | "isRenewable">) => {
  const texts = checkoutTexts[reader.locale];
  const names = fieldsOf(index);
  const months = item.period && "months" in item.period ? item.period.months : null;
  const chosen = entered[names.period] ?? (months === null ? UNTIL_A_DATE : String(months));
  const offered = PERIODS_OFFERED_MONTHS.concat(months ?? [])
    .filter(isFirst)
    .sort((a, b) => a - b);
  const endAtMs = item.period && firstTermTime(item.period, nowMs, reader.timeZone).endMs;
  return (
    <div class="period">
      <Field id={names.period} label={texts.period} error={errors[names.period]}>
        <select id={names.period} name={names.period} {...invalid(names.period, errors)}>
          {offered.map((count) => (
            <option value={String(count)} selected={chosen === String(count)}>
              {formatMonths(count, reader.locale)}
            </option>
          ))}
          <option value={UNTIL_A_DATE} selected={chosen === UNTIL_A_DATE}>
            {texts.untilADate}
          </option>
        </select>
      </Field>
      <Field id={names.until} label={texts.until} error={errors[names.until]} class="until-date">
        <input
          id={names.until}
          name={names.until}
          type="datetime-local"
          value={entered[names.until] ?? (endAtMs === null ? "" : asInput(endAtMs, reader.timeZone))}
          {...invalid(names.until, errors)}
        />
      </Field>
    </div>
  );
};

const isFirst = <T,>(value: T, index: number, all: readonly T[]): boolean => all.indexOf(value) === index;

/** An instant as browsers' inputs write it, on the account's clock. */
function asInput(atMs: number, timeZone: string): string {
  const { year, month0, day, minuteOfDay } = localTime(atMs, timeZone);
  const local = Date.UTC(year, month0, day, 0, minuteOfDay);
  return new Date(local).toISOString().slice(0, "2026-12-31T09:30".length);
}

const AutoRenewField = ({
  item,
  index,
  reader,
  entered,
  errors,
}: Omit<ItemProps, "lines" | "isRenewable" | "nowMs">) => {
  const texts = checkoutTexts[reader.locale];
  const names = fieldsOf(index);
  const months = item.autoRenew?.months ?? 1;
  const chosen = entered[names.renewMonths] ?? String(months);
  const isOn =
    entered[names.renewMonths] === undefined
      ? item.autoRenew?.enabled === true
      : entered[names.autoRenew] === "on";
  return (
    <div class="row">
      <label class="check">
        <input
          type="checkbox"
          id={names.autoRenew}
          name={names.autoRenew}
          checked={isOn}
          {...invalid(names.autoRenew, errors)}
        />
        {texts.autoRenew}
      </label>
      <label class="check renewal" for={names.renewMonths}>
        <span class="quiet">{texts.renewFor}</span>
        <select id={names.renewMonths} name={names.renewMonths}>
          {PERIODS_OFFERED_MONTHS.concat(months)
            .filter(isFirst)
            .map((count) => (
              <option value={String(count)} selected={chosen === String(count)}>
                {formatMonths(count, reader.locale)}
              </option>
            ))}
        </select>
      </label>
      <FieldError id={names.autoRenew}>{errors[names.autoRenew]}</FieldError>
    </div>
  );
};

/** The parts of one resource's price: SKU by SKU, then its coupon share and the tax within. */
const PriceDetails = ({ lines, item, reader }: Pick<ItemProps, "lines" | "item" | "reader">) => {
  const texts = checkoutTexts[reader.locale];
  const [line] = lines;
  if (!line) return null;
  const time =
    item.period && "months" in item.period
      ? formatMonths(item.period.months, reader.locale)
      : formatMinutes(line.billedMinutes, reader.locale);
  const hasDiscount = line.charges.some(({ items }) => items.some(({ discount }) => Number(discount) > 0));
  const amount = item.quantity > 1 ? `${texts.amount} (${texts.each})` : texts.amount;
  return (
    <details id={`details-${line.id}`}>
      <summary>{texts.details}</summary>
      <section class="scroller" tabindex={0} aria-label={texts.details}>
        <table class="rows">
          <thead>
            <tr>
              <th scope="col">{texts.item}</th>
              <th scope="col">{texts.unitPrice}</th>
              <th scope="col">{texts.time}</th>
              {hasDiscount ? <th scope="col">{texts.discount}</th> : null}
              <th scope="col" class="end">
                {amount}
              </th>
            </tr>
          </thead>
          <tbody>
            {line.charges
              .flatMap(({ items }) => items)
              .map((sku) => (
                <tr>
                  <td class="lead">
                    {sku.quantity} × {sku.name}
                  </td>
                  <td data-label={texts.unitPrice}>
                    {formatDecimal(sku.unitPrice, reader.locale)} {reader.currency} {texts.per}{" "}
                    {formatUnit(sku.unit, reader.locale)}
                  </td>
                  <td data-label={texts.time}>{time}</td>
                  {hasDiscount ? (
                    <td data-label={texts.discount}>{formatDecimal(sku.discount, reader.locale)} %</td>
                  ) : null}
                  <td class="end" data-label={amount}>
                    <Money minor={sku.amount} reader={reader} />
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      </section>
    </details>
  );
};
