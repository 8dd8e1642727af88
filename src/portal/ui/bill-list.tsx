import type { Context } from "hono";
import { type Invoice, openOf } from "../../domain/invoice.ts";
import type { App } from "../../http/context.ts";
import { billingTexts } from "../../texts/billing.ts";
import { billsTexts } from "../../texts/bills.ts";
import { invoiceTexts } from "../../texts/invoice.ts";
import { formatDate } from "../../texts/locale.ts";
import { readerOf } from "../visitor.ts";
import { InvoiceLink } from "./invoice-link.tsx";
import { Money, Rows } from "./parts.tsx";
import { Status } from "./statuses.tsx";

interface BillListProps {
  readonly c: Context<App>;
  readonly bills: readonly Invoice[];
  readonly nowMs: number;
}

/** Bills with what remains to be paid of each, and until when. */
export function BillList({ c, bills, nowMs }: BillListProps) {
  const reader = readerOf(c);
  const { locale } = reader;
  const texts = billingTexts[locale];
  return (
    <Rows<Invoice>
      caption={billsTexts[locale].paidFor}
      rows={bills}
      columns={[
        { title: texts.code, cell: ({ code }) => <InvoiceLink c={c} code={code} />, isLead: true },
        { title: invoiceTexts[locale].resource, cell: ({ resourceName }) => resourceName },
        { title: texts.status, cell: ({ status }) => <Status of="invoice" is={status} locale={locale} /> },
        {
          title: invoiceTexts[locale].due,
          cell: (bill) => <DueOn bill={bill} nowMs={nowMs} c={c} />,
        },
        {
          title: billsTexts[locale].remaining,
          cell: (bill) => <Money minor={openOf(bill)} reader={reader} />,
          align: "end",
        },
      ]}
    />
  );
}

/** When an open bill is to be paid, and whether that is over; nothing of one that is paid. */
export function DueOn({ bill, nowMs, c }: { readonly bill: Invoice } & Omit<BillListProps, "bills">) {
  if (openOf(bill) === 0) return <>–</>;
  const { locale, timeZone } = readerOf(c);
  return (
    <>
      {formatDate(bill.dueAtMs, timeZone, locale)}
      {nowMs < bill.dueAtMs ? null : <div class="small">{billsTexts[locale].overdue}</div>}
    </>
  );
}
