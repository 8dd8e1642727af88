import { negate, sum } from "../../domain/money.ts";
import type { Order, OrderItem, OrderLine } from "../../domain/order.ts";
import { type ChargeItem, grossOf } from "../../domain/pricing.ts";
import type { Resource } from "../../domain/resource.ts";
import { unusedValue } from "../../domain/terms.ts";
import { checkoutTexts } from "../../texts/checkout.ts";
import { formatDecimal, formatMinutes, formatMonths, formatUnit } from "../../texts/units.ts";
import { Money, type Reader, Rows } from "../ui/parts.tsx";

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
    order.billing !== "poc" && item.period && "months" in item.period
      ? formatMonths(item.period.months, reader.locale)
      : formatMinutes(line.billedMinutes, reader.locale);
  const items = line.charges.flatMap(({ items }) => items);
  const hasDiscount = items.some(({ discount }) => Number(discount) > 0);
  return (
    <details id={`details-${line.id}`}>
      <summary id={`summary-${line.id}`}>{texts.details}</summary>
      <Rows
        caption={item.name}
        rows={items}
        columns={[
          { title: texts.item, cell: ({ quantity, name }) => `${quantity} × ${name}`, isLead: true },
          {
            title: texts.unitPrice,
            cell: ({ unitPrice, unit }) => (
              <>
                <span class="whole">
                  {formatDecimal(unitPrice, reader.locale)} {reader.currency}
                </span>{" "}
                <span class="quiet small whole">
                  {texts.per} {formatUnit(unit, reader.locale)}
                </span>
              </>
            ),
          },
          { title: texts.time, cell: () => <span class="whole">{time}</span> },
          ...(hasDiscount
            ? [
                {
                  title: texts.discount,
                  cell: ({ discount }: ChargeItem) => `${formatDecimal(discount, reader.locale)} %`,
                },
              ]
            : []),
          {
            title: item.quantity > 1 ? `${texts.amount} (${texts.each})` : texts.amount,
            cell: ({ amount }) => <Money minor={amount} reader={reader} />,
            align: "end",
          },
        ]}
      />
      <Shares lines={lines} reader={reader} />
      {order.action === "resize" && resource ? (
        <Difference {...{ line, resource, reader }} quotedAtMs={order.quote.quotedAtMs} />
      ) : null}
    </details>
  );
};

/** What a coupon takes off an item, and the tax within its price. */
const Shares = ({ lines, reader }: { readonly lines: readonly OrderLine[]; readonly reader: Reader }) => {
  const texts = checkoutTexts[reader.locale];
  const discount = sum(lines.map((line) => line.discount));
  const tax = sum(lines.map((line) => line.tax));
  return (
    <dl class="facts small">
      {discount === 0 ? null : (
        <>
          <dt>{texts.couponShare}</dt>
          <dd>
            <Money minor={negate(discount)} reader={reader} />
          </dd>
        </>
      )}
      <dt>{texts.tax}</dt>
      <dd>
        <Money minor={tax} reader={reader} />
      </dd>
    </dl>
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
