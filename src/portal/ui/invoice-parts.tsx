import type { Invoice } from "../../domain/invoice.ts";
import { negate, subtract } from "../../domain/money.ts";
import { type Charge, type ChargeItem, grossOf } from "../../domain/pricing.ts";
import { billingTexts } from "../../texts/billing.ts";
import { invoiceTexts } from "../../texts/invoice.ts";
import { formatAmount } from "../../texts/locale.ts";
import { formatDecimal, formatMinutes, formatUnit } from "../../texts/units.ts";
import { Money, type Reader, Rows } from "./parts.tsx";

interface Props {
  readonly invoice: Invoice;
  readonly reader: Reader;
}

interface Item extends ChargeItem {
  readonly taxRate: Charge["taxRate"];
}

/** What was billed, with everything that an amount is made of. */
export function InvoiceItems({
  invoice,
  billedMinutes,
  reader,
}: Props & { readonly billedMinutes: number | null }) {
  const { locale } = reader;
  const texts = billingTexts[locale];
  const words = invoiceTexts[locale];
  const percent = (decimal: string) => `${formatDecimal(decimal, locale)}%`;
  const items: Item[] = invoice.lines.flatMap(({ taxRate, items }) =>
    items.map((item) => ({ ...item, taxRate })),
  );
  const time = billedMinutes === null ? null : formatMinutes(billedMinutes, locale);
  return (
    <>
      <Rows<Item>
        caption={words.title}
        rows={items}
        columns={[
          { title: words.item, cell: ({ name }) => name, isLead: true },
          {
            title: words.quantity,
            cell: ({ quantity }) => formatDecimal(String(quantity), locale),
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
          ...(time === null ? [] : [{ title: texts.time, cell: () => time, align: "end" } as const]),
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
      {lines.map(({ taxRate, tax }) => (
        <>
          <dt>
            {words.taxIncluded} ({formatDecimal(taxRate, reader.locale)}%)
          </dt>
          <dd>
            <Money minor={tax} reader={reader} />
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
