import { negate } from "../../domain/money.ts";
import type { Order, OrderItem, OrderLine } from "../../domain/order.ts";
import { grossOf } from "../../domain/pricing.ts";
import type { Resource } from "../../domain/resource.ts";
import { unusedValue } from "../../domain/terms.ts";
import { checkoutTexts } from "../../texts/checkout.ts";
import { formatDecimal, formatMinutes, formatMonths, formatUnit } from "../../texts/units.ts";
import { Money, type Reader } from "../ui/parts.tsx";

/** The parts of one resource's price: SKU by SKU, then its coupon share and the tax within. */
export const PriceDetails = ({
  order,
  item,
  lines,
  resource,
  reader,
}: {
  readonly order: Order;
  readonly item: OrderItem;
  readonly lines: readonly OrderLine[];
  readonly resource: Resource | null;
  readonly reader: Reader;
}) => {
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
      {order.action === "resize" && resource ? (
        <Difference {...{ line, resource, reader }} quotedAtMs={order.quote.quotedAtMs} />
      ) : null}
    </details>
  );
};

/** How a resize's price comes of what both configurations are worth for the time left. (Domain: Terms, Resize.) */
const Difference = ({
  line,
  resource,
  quotedAtMs,
  reader,
}: {
  readonly line: OrderLine;
  readonly resource: Resource;
  readonly quotedAtMs: number;
  readonly reader: Reader;
}) => {
  const texts = checkoutTexts[reader.locale];
  // What has changed since is quoted anew before it is paid.
  if (line.resourceVersion !== resource.version) return null;
  const now = unusedValue(resource.terms, quotedAtMs, reader.timeZone).gross;
  const then = grossOf(line.charges);
  const isLess = now - then > line.refund;
  return (
    <>
      <dl class="facts">
        <dt>{texts.worthThen}</dt>
        <dd>
          <Money minor={then} reader={reader} />
        </dd>
        <dt>{texts.worthNow}</dt>
        <dd>
          <Money minor={negate(now)} reader={reader} />
        </dd>
      </dl>
      {isLess ? (
        <p class="hint">{resource.policy.refundable ? texts.couponNotRefunded : texts.notRefundable}</p>
      ) : null}
    </>
  );
};
