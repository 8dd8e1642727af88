import type { Span } from "../../domain/calendar.ts";
import type { Invoice } from "../../domain/invoice.ts";
import { negate, subtract } from "../../domain/money.ts";
import { type Charge, type ChargeItem, grossOf, taxOf } from "../../domain/pricing.ts";
import { type ExactText, exact, roundHalfUp } from "../../domain/ratio.ts";
import { billingTexts } from "../../texts/billing.ts";
import { invoiceTexts } from "../../texts/invoice.ts";
import { formatAmount, type Locale } from "../../texts/locale.ts";
import { formatDecimal, formatExact, formatMinutes, formatUnit } from "../../texts/units.ts";
import { Moment, Money, type Reader, Rows } from "./parts.tsx";

interface Props {
  readonly invoice: Invoice;
  readonly reader: Reader;
}

interface Item extends ChargeItem {
  readonly taxRate: Charge["taxRate"];
  readonly period: Span | undefined;
}

/** What was billed, with everything that an amount is made of. */
export function InvoiceItems({ invoice, reader }: Props) {
  const { locale } = reader;
  const texts = billingTexts[locale];
  const words = invoiceTexts[locale];
  const percent = (decimal: string) => `${formatDecimal(decimal, locale)}%`;
  const items: Item[] = invoice.lines.flatMap(({ taxRate, items, period }) =>
    items.map((item) => ({ ...item, taxRate, period })),
  );
  return (
    <>
      <Rows<Item>
        caption={words.title}
        rows={items}
        columns={[
          { title: words.item, cell: ({ name }) => name, isLead: true },
          {
            title: words.quantity,
            cell: (item) => <Quantity item={item} locale={locale} />,
            align: "end",
          },
          {
            title: words.unitPrice,
            cell: ({ unitPrice, unit }) => (
              <>
                <span class="money">{formatDecimal(unitPrice, locale)}</span>{" "}
                <span class="quiet small whole">
                  {texts.per} {formatUnit(unit, locale)}
                </span>
              </>
            ),
            align: "end",
          },
          {
            title: texts.time,
            cell: ({ period }) => (
              <Time period={period} billedMinutes={invoice.billedMinutes} reader={reader} />
            ),
            align: "end",
          },
          {
            title: words.discount,
            cell: ({ discount }) => (Number(discount) === 0 ? "–" : percent(discount)),
            align: "end",
          },
          { title: words.taxRate, cell: ({ taxRate }) => percent(taxRate), align: "end" },
          {
            title: words.amountIn(invoice.currency),
            cell: ({ amount }) => <span class="money">{formatAmount(amount, invoice.currency, locale)}</span>,
            align: "end",
          },
        ]}
      />
      <p class="quiet small">{texts.howItAddsUp}</p>
    </>
  );
}

/** What was configured, or metered. */
const Quantity = ({
  item: { quantity, metered },
  locale,
}: {
  readonly item: Item;
  readonly locale: Locale;
}) =>
  metered === undefined ? (
    formatDecimal(String(quantity), locale)
  ) : (
    <>
      {formatExact(exact(metered), locale)}{" "}
      <span class="quiet small whole">{billingTexts[locale].metered}</span>
    </>
  );

interface TimeProps {
  readonly period: Span | undefined;
  readonly billedMinutes: ExactText | undefined;
  readonly reader: Reader;
}

/** From when to when it was used, or how much time was paid for. */
function Time({ period, billedMinutes, reader }: TimeProps) {
  if (billedMinutes !== undefined)
    return formatMinutes(Number(roundHalfUp(exact(billedMinutes))), reader.locale);
  if (!period) return "–";
  return (
    <>
      <Moment atMs={period.startMs} reader={reader} /> – <Moment atMs={period.endMs} reader={reader} />
    </>
  );
}

/** What the items come to, and how much of it is paid. */
export function InvoiceTotals({ invoice, reader }: Props) {
  const { lines, coupon, total, paid } = invoice;
  const words = invoiceTexts[reader.locale];
  const { couponHint } = billingTexts[reader.locale];
  const open = subtract(total, paid);
  return (
    <dl class="facts totals">
      <dt>{words.subtotal}</dt>
      <dd>
        <Money minor={grossOf(lines)} reader={reader} />
      </dd>
      {coupon === null ? null : (
        <>
          <dt>
            {words.coupon(coupon.code)} ({couponHint})
          </dt>
          <dd>
            <Money minor={negate(coupon.amount)} reader={reader} />
          </dd>
        </>
      )}
      <dt class="total">{words.total}</dt>
      <dd class="total">
        <Money minor={total} reader={reader} />
      </dd>
      {[...new Set(lines.map(({ taxRate }) => taxRate))].map((rate) => (
        <>
          <dt>
            {words.taxIncluded} ({formatDecimal(rate, reader.locale)}%)
          </dt>
          <dd>
            <Money minor={taxOf(lines.filter(({ taxRate }) => taxRate === rate))} reader={reader} />
          </dd>
        </>
      ))}
      <dt>{words.paid}</dt>
      <dd>
        <Money minor={paid} reader={reader} />
      </dd>
      {open === 0 ? null : (
        <>
          <dt>{words.open}</dt>
          <dd>
            <Money minor={open} reader={reader} />
          </dd>
        </>
      )}
    </dl>
  );
}
