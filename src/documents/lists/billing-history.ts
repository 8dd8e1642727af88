import { type Invoice, openOf } from "../../domain/invoice.ts";
import { type Money, sum, ZERO } from "../../domain/money.ts";
import { billingTexts } from "../../texts/billing.ts";
import { exportTexts } from "../../texts/exports.ts";
import { formatMoney } from "../../texts/locale.ts";
import { statuses } from "../../texts/statuses.ts";
import { WIDTH } from "../page.ts";
import { type Asked, factsOf } from "./asked.ts";
import type { ListFile, ListReader } from "./list-file.ts";
import type { Names } from "./names.ts";

/** The billing history as a file. */
export function billingHistoryFile(names: Names, asked: Asked, reader: ListReader): ListFile<Invoice> {
  const { locale, account } = reader;
  const words = exportTexts[locale];
  const money = (amount: Money) => formatMoney(amount, account.currency, locale);
  const [code, date, product, status, amount] = [116, 52, 54, 70, 64];
  return {
    title: billingTexts[locale].title,
    name: "billing-history",
    facts: factsOf(asked, reader),
    columns: [
      { title: words.code, width: 20, points: code, kind: "text", of: (invoice) => invoice.code },
      { title: words.date, width: 12, points: date, kind: "day", of: ({ issuedAtMs }) => issuedAtMs },
      { title: words.due, width: 14, kind: "day", of: ({ dueAtMs }) => dueAtMs },
      {
        ...{ title: words.status, width: 16, points: status, kind: "text" },
        of: (invoice) => statuses[locale].invoice[invoice.status],
      },
      { title: words.product, width: 14, points: product, kind: "text", of: names.product },
      { title: words.service, width: 16, kind: "text", of: names.service },
      {
        ...{ title: words.resourceName, width: 24, kind: "text" },
        points: WIDTH - code - date - status - product - 2 * amount,
        of: ({ resourceName }) => resourceName,
      },
      { title: words.resource, width: 30, kind: "text", of: ({ resource }) => resource },
      { title: words.periodStart, width: 17, kind: "instant", of: ({ period }) => period.startMs },
      { title: words.periodEnd, width: 17, kind: "instant", of: ({ period }) => period.endMs },
      { title: words.taxIncluded, width: 14, kind: "amount", of: ({ tax }) => tax },
      { title: words.couponCode, width: 14, kind: "text", of: ({ coupon }) => coupon?.code ?? null },
      { title: words.couponValue, width: 14, kind: "amount", of: ({ coupon }) => coupon?.amount ?? ZERO },
      { title: words.total, width: 14, points: amount, kind: "amount", of: ({ total }) => total },
      { title: words.paid, width: 14, kind: "amount", of: ({ paid }) => paid },
      { title: words.open, width: 14, points: amount, kind: "amount", of: openOf },
      { title: words.order, width: 30, kind: "text", of: ({ order }) => order },
    ],
    totals: (invoices) => [
      { label: words.total, value: money(sum(invoices.map(({ total }) => total))) },
      { label: words.paid, value: money(sum(invoices.map(({ paid }) => paid))) },
      { label: words.open, value: money(sum(invoices.map(openOf))) },
    ],
  };
}
