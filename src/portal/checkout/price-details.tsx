import type { OrderItem, OrderLine } from "../../domain/order.ts";
import type { ChargeItem } from "../../domain/pricing.ts";
import { checkoutTexts } from "../../texts/checkout.ts";
import { formatDecimal, formatMinutes, formatMonths, formatUnit } from "../../texts/units.ts";
import { Money, type Reader, Rows } from "../ui/parts.tsx";

interface PriceDetailsProps {
  readonly item: OrderItem;
  readonly lines: readonly OrderLine[];
  readonly reader: Reader;
}

/** What the price of one resource is made of, SKU by SKU. */
export const PriceDetails = ({ lines, item, reader }: PriceDetailsProps) => {
  const texts = checkoutTexts[reader.locale];
  const [line] = lines;
  if (!line) return null;
  const time =
    item.period && "months" in item.period
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
    </details>
  );
};
