import { decimalText, exact } from "../../domain/ratio.ts";
import type { UsageRow } from "../../domain/usage-report.ts";
import { exportTexts } from "../../texts/exports.ts";
import { statuses } from "../../texts/statuses.ts";
import { formatUnit } from "../../texts/units.ts";
import { type Asked, factsOf } from "./asked.ts";
import type { ListFile, ListReader } from "./list-file.ts";
import type { Names } from "./names.ts";

/** Decimals of a metered quantity that are shown; its price was worked out with all of them. */
const QUANTITY_DECIMALS = 6;

/** What was configured of an item, or metered. */
export const quantityOf = ({ item: { quantity, metered } }: UsageRow): string =>
  metered === undefined ? String(quantity) : decimalText(exact(metered), QUANTITY_DECIMALS);

/** The usage report as a file. (Domain: Portal, Usage report.) */
export function usageReportFile(names: Names, asked: Asked, reader: ListReader): ListFile<UsageRow> {
  const { locale } = reader;
  const words = exportTexts[locale];
  return {
    title: words.usageReport,
    name: "usage-report",
    facts: factsOf(asked, reader),
    columns: [
      { title: words.code, width: 20, kind: "text", of: ({ invoice }) => invoice.code },
      { title: words.date, width: 12, kind: "day", of: ({ invoice }) => invoice.issuedAtMs },
      {
        ...{ title: words.status, width: 16, kind: "text" },
        of: ({ invoice }) => statuses[locale].invoice[invoice.status],
      },
      { title: words.resourceName, width: 24, kind: "text", of: ({ invoice }) => invoice.resourceName },
      { title: words.resource, width: 30, kind: "text", of: ({ invoice }) => invoice.resource },
      { title: words.product, width: 14, kind: "text", of: ({ invoice }) => names.product(invoice) },
      { title: words.service, width: 16, kind: "text", of: ({ invoice }) => names.service(invoice) },
      { title: words.item, width: 24, kind: "text", of: ({ item }) => item.name },
      { title: words.unit, width: 16, kind: "text", of: ({ item }) => formatUnit(item.unit, locale) },
      { title: words.periodStart, width: 17, kind: "instant", of: ({ period }) => period.startMs },
      { title: words.periodEnd, width: 17, kind: "instant", of: ({ period }) => period.endMs },
      { title: words.unitPrice, width: 14, kind: "decimal", of: ({ item }) => item.unitPrice },
      { title: words.quantity, width: 10, kind: "decimal", of: quantityOf },
      { title: words.discount, width: 13, kind: "decimal", of: ({ item }) => item.discount },
      { title: words.tax, width: 9, kind: "decimal", of: ({ taxRate }) => taxRate },
      { title: words.couponValue, width: 14, kind: "amount", of: ({ coupon }) => coupon },
      { title: words.couponCode, width: 14, kind: "text", of: ({ invoice }) => invoice.coupon?.code ?? null },
      { title: words.total, width: 14, kind: "amount", of: ({ total }) => total },
    ],
  };
}
