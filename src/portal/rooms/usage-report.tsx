import type { Context } from "hono";
import { namesOf } from "../../documents/lists/names.ts";
import { quantityOf } from "../../documents/lists/usage-report.ts";
import type { App } from "../../http/context.ts";
import { INVOICE_STATUSES, invoiceFilters } from "../../http/routes/invoices.ts";
import { askedUsage, calendarMonth } from "../../http/routes/usage-report.ts";
import { currentProducts } from "../../store/catalogue.ts";
import { listUsageRows } from "../../store/usage-report.ts";
import { billingTexts } from "../../texts/billing.ts";
import { exportTexts } from "../../texts/exports.ts";
import { invoiceTexts } from "../../texts/invoice.ts";
import { listTexts } from "../../texts/lists.ts";
import { formatShortDate } from "../../texts/locale.ts";
import { statuses } from "../../texts/statuses.ts";
import { formatDecimal, formatUnit } from "../../texts/units.ts";
import { listFields, listFilter, listPage, readQuery } from "../query.ts";
import { ROOMS } from "../rooms.ts";
import { Choice } from "../ui/controls.tsx";
import { Downloads } from "../ui/downloads.tsx";
import { InvoiceLink } from "../ui/invoice-link.tsx";
import { Days, Filters, List } from "../ui/list.tsx";
import { Field, Moment, Money } from "../ui/parts.tsx";
import { portalPage } from "../ui/portal-page.tsx";
import { Status } from "../ui/statuses.tsx";
import { readerOf } from "../visitor.ts";

export const usageReportFields = { ...invoiceFilters, month: calendarMonth, ...listFields };

/** The usage report: what was invoiced, by item and month. */
export async function usageReport(c: Context<App>) {
  const reader = readerOf(c);
  const { locale, timeZone } = reader;
  const texts = exportTexts[locale];
  const words = invoiceTexts[locale];
  const query = readQuery(c, usageReportFields);
  const { asked } = query;
  const { fromMs: from, toMs: to, ...turn } = listFilter(asked, timeZone);
  const { month, product, status, q } = asked;
  const filter = { ...askedUsage({ month, product, status, q, from, to }, timeZone), ...turn };
  const [found, products] = await Promise.all([
    listUsageRows(c.env, c.var.account, filter),
    currentProducts(c.env),
  ]);
  const names = namesOf(products);
  const percent = (decimal: string) => `${formatDecimal(decimal, locale)}%`;
  const content = (
    <>
      <nav class="unprinted" aria-label={texts.usageReport}>
        <a href={ROOMS.use.path}>← {texts.use}</a>
      </nav>
      <div class="heading">
        <h1>{texts.usageReport}</h1>
        <Downloads c={c} query={query} rooms={["usageReportXlsx", "usageReportCsv"]} />
      </div>
      <p class="quiet">{texts.usageReportHint}</p>
      <Filters query={query} locale={locale}>
        <Field id="q" label={listTexts[locale].search} class="grow">
          <input id="q" name="q" type="search" value={q} placeholder={billingTexts[locale].searchHint} />
        </Field>
        <Choice
          id="product"
          label={texts.product}
          all={listTexts[locale].all}
          chosen={product}
          options={products.map(({ id, name }) => [id, name])}
        />
        <Choice
          id="status"
          label={texts.status}
          all={listTexts[locale].all}
          chosen={status}
          options={INVOICE_STATUSES.map((one) => [one, statuses[locale].invoice[one]])}
        />
        <Field id="month" label={texts.month}>
          <input id="month" name="month" type="month" value={month} placeholder="2026-12" />
        </Field>
        <Days asked={asked} locale={locale} />
      </Filters>
      <List
        query={query}
        locale={locale}
        title={texts.usageReport}
        page={listPage(found, filter)}
        labels={{
          ...{ q: listTexts[locale].search, product: texts.product, status: texts.status },
          month: texts.month,
        }}
        columns={[
          {
            title: texts.code,
            cell: ({ invoice }) => (
              <>
                <InvoiceLink c={c} code={invoice.code} />
                <div class="small">
                  {formatShortDate(invoice.issuedAtMs, timeZone, locale)}{" "}
                  <Status of="invoice" is={invoice.status} locale={locale} />
                </div>
              </>
            ),
            isLead: true,
          },
          {
            title: words.resource,
            cell: ({ invoice }) => (
              <>
                {invoice.resourceName}{" "}
                <div class="small quiet">
                  {names.product(invoice)} · {names.service(invoice)}
                </div>
                <div class="code small quiet">{invoice.resource}</div>
              </>
            ),
          },
          { title: texts.item, cell: ({ item }) => item.name },
          {
            title: texts.period,
            cell: ({ period }) => (
              <>
                <Moment atMs={period.startMs} reader={reader} /> –{" "}
                <Moment atMs={period.endMs} reader={reader} />
              </>
            ),
          },
          {
            title: texts.timesUnitPrice,
            cell: (row) => (
              <>
                <span class="whole">
                  {formatDecimal(quantityOf(row), locale)} × {formatDecimal(row.item.unitPrice, locale)}
                </span>
                <div class="small quiet">
                  {billingTexts[locale].per} {formatUnit(row.item.unit, locale)}
                </div>
              </>
            ),
            align: "end",
          },
          {
            title: texts.discountAndTax,
            cell: ({ item, taxRate }) => (
              <span class="whole">
                {percent(item.discount)} / {percent(taxRate)}
              </span>
            ),
            align: "end",
          },
          {
            title: texts.coupon,
            cell: ({ coupon, invoice }) => (
              <>
                <Money minor={coupon} reader={reader} />
                {invoice.coupon ? <div class="code small quiet">{invoice.coupon.code}</div> : null}
              </>
            ),
            align: "end",
          },
          { title: texts.total, cell: ({ total }) => <Money minor={total} reader={reader} />, align: "end" },
        ]}
        empty={
          <>
            <h2>{texts.noRows}</h2>
            <p>{texts.noRowsHint}</p>
          </>
        }
      />
    </>
  );
  return portalPage(c, texts.usageReport, content);
}
