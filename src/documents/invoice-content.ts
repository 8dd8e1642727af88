import type { Account } from "../domain/account.ts";
import type { Invoice } from "../domain/invoice.ts";
import { negate, subtract } from "../domain/money.ts";
import { grossOf } from "../domain/pricing.ts";
import { exact } from "../domain/ratio.ts";
import { customerLines, invoiceTexts } from "../texts/invoice.ts";
import {
  formatAmount,
  formatDate,
  formatInstant,
  formatMoney,
  formatShortInstant,
  type Locale,
} from "../texts/locale.ts";
import { formatDecimal, formatExact, formatUnit } from "../texts/units.ts";

/** What an invoice says, in words and digits. The first line of a fact stands out. */
export interface InvoiceContent {
  readonly title: string;
  readonly status: string;
  readonly facts: readonly { readonly label: string; readonly lines: readonly string[] }[];
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly totals: readonly { readonly label: string; readonly value: string; readonly isMain?: true }[];
  readonly notes: readonly string[];
}

/** An invoice for its reader: its own amounts, and of them only what is still open is worked out. */
export function invoiceContent(
  invoice: Invoice,
  account: Account,
  seller: string,
  locale: Locale,
): InvoiceContent {
  const { currency, period, coupon } = invoice;
  const { timeZone } = account;
  const words = invoiceTexts[locale];
  const money = (minor: number) => formatMoney(minor, currency, locale);
  const date = (atMs: number) => formatDate(atMs, timeZone, locale);
  const instant = (atMs: number) => formatInstant(atMs, timeZone, locale);
  return {
    title: `${words.title} ${invoice.code}`,
    status: words.status[invoice.status],
    facts: [
      { label: words.seller, lines: [seller] },
      { label: words.customer, lines: customerLines(invoice, account, words) },
      { label: words.issued, lines: [date(invoice.issuedAtMs)] },
      { label: words.due, lines: [date(invoice.dueAtMs)] },
      {
        label: words.resource,
        lines: [invoice.resourceName, `${invoice.product} · ${invoice.resourceType}`, invoice.resource],
      },
      {
        label: words.period,
        lines: [instant(period.startMs), words.until(instant(period.endMs)), timeZone],
      },
    ],
    head: [
      words.item,
      words.quantity,
      words.unitPrice,
      words.discount,
      words.taxRate,
      words.amountIn(currency),
    ],
    rows: rowsOf(invoice, timeZone, locale),
    totals: [
      { label: words.subtotal, value: money(grossOf(invoice.lines)) },
      ...(coupon ? [{ label: words.coupon(coupon.code), value: money(negate(coupon.amount)) }] : []),
      { label: words.total, value: money(invoice.total), isMain: true },
      { label: words.taxIncluded, value: money(invoice.tax) },
      { label: words.paid, value: money(invoice.paid) },
      { label: words.open, value: money(subtract(invoice.total, invoice.paid)) },
    ],
    notes: [
      ...(invoice.creditedBy.length > 0 ? [words.creditedBy(invoice.creditedBy.join(", "))] : []),
      ...(invoice.supersededBy ? [words.supersededBy(invoice.supersededBy)] : []),
    ],
  };
}

function rowsOf({ lines, currency }: Invoice, timeZone: string, locale: Locale): string[][] {
  const percent = (value: string) => `${formatDecimal(value, locale)}%`;
  const instant = (atMs: number) => formatShortInstant(atMs, timeZone, locale);
  return lines.flatMap(({ taxRate, items, period }) =>
    items.map(({ name, quantity, metered, unit, unitPrice, discount, amount }) => [
      // A bill says of each item when it was used.
      period ? `${name} (${instant(period.startMs)} – ${instant(period.endMs)})` : name,
      metered === undefined ? formatDecimal(String(quantity), locale) : formatExact(exact(metered), locale),
      `${formatDecimal(unitPrice, locale)} / ${formatUnit(unit, locale)}`,
      // Most items have none, and rows of zeros hide those that do.
      Number(discount) === 0 ? "" : percent(discount),
      percent(taxRate),
      formatAmount(amount, currency, locale),
    ]),
  );
}
