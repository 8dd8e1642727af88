import type { Context } from "hono";
import type { PropsWithChildren } from "hono/jsx";
import { accountObject } from "../../account/client.ts";
import { isOpenBill } from "../../domain/bills/bill.ts";
import { type Invoice, openOf } from "../../domain/invoice.ts";
import { now } from "../../http/clock.ts";
import type { App } from "../../http/context.ts";
import { INVOICE_STATUSES, invoiceFilters } from "../../http/routes/invoices.ts";
import { currentProducts } from "../../store/catalogue.ts";
import { listInvoices } from "../../store/documents.ts";
import { billMonthsTexts } from "../../texts/bill-months.ts";
import { billingTexts } from "../../texts/billing.ts";
import { billsTexts } from "../../texts/bills.ts";
import { costTexts } from "../../texts/costs.ts";
import { fill } from "../../texts/fill.ts";
import { invoiceTexts } from "../../texts/invoice.ts";
import { listTexts } from "../../texts/lists.ts";
import { formatDate, type Locale } from "../../texts/locale.ts";
import { statuses } from "../../texts/statuses.ts";
import { listFields, listFilter, listPage, type Query, readQuery } from "../query.ts";
import { ROOMS } from "../rooms.ts";
import { timeBoxOf, timeFields } from "../time-box.ts";
import { DueOn } from "../ui/bill-list.tsx";
import { readStatistics, Statistics } from "../ui/billing-statistics.tsx";
import { Choice } from "../ui/controls.tsx";
import { Downloads } from "../ui/downloads.tsx";
import { InvoiceLink } from "../ui/invoice-link.tsx";
import { Days, Filters, List } from "../ui/list.tsx";
import { type Column, Field, Money } from "../ui/parts.tsx";
import { portalPage } from "../ui/portal-page.tsx";
import { Status } from "../ui/statuses.tsx";
import { MonthChoice, QuickTimes } from "../ui/time-box.tsx";
import { UsedSoFar } from "../ui/used-so-far.tsx";
import { may, mayEnter, readerOf } from "../visitor.ts";

export const billingFields = { ...invoiceFilters, ...listFields, ...timeFields };

/** What the charts are about where no time is asked for. */
const STATISTICS_OTHERWISE = "last_12_months";

/** Which invoices are asked for: all, where no time is. */
export function billingFilter(asked: Query<typeof billingFields>["asked"], nowMs: number, timeZone: string) {
  const { product, status, q, month, time } = asked;
  const days = { ...listFilter(asked, timeZone), product, status, q };
  if (month === undefined && time === undefined) return days;
  const { startMs, endMs } = timeBoxOf(asked, STATISTICS_OTHERWISE, nowMs, timeZone);
  return { ...days, fromMs: startMs, toMs: endMs };
}

/** The billing history: every invoice, found by what people know of it. */
export async function billing(c: Context<App>) {
  const reader = readerOf(c);
  const { locale, timeZone } = reader;
  const texts = billingTexts[locale];
  const words = invoiceTexts[locale];
  const query = readQuery(c, billingFields);
  const { asked } = query;
  const nowMs = now(c);
  const time = timeBoxOf(asked, STATISTICS_OTHERWISE, nowMs, timeZone);
  const { product, status, q } = asked;
  const filter = billingFilter(asked, nowMs, timeZone);
  const { account } = c.var;
  const [found, products, usage, statistics] = await Promise.all([
    listInvoices(c.env, account.id, filter),
    currentProducts(c.env),
    may(c, "ListUsages") ? accountObject(c.env, account.id).usage(nowMs) : null,
    may(c, "GetBillingStatistic") ? readStatistics(c, { product, status, q }, time) : null,
  ]);
  const page = listPage(found, filter);
  const maySelect = mayEnter(c, "bills") && page.rows.some(isOpenBill);
  const productName = (id: string) => products.find((product) => product.id === id)?.name ?? id;
  const all = listTexts[locale].all;
  const list = (
    <List
      query={query}
      locale={locale}
      title={texts.title}
      page={page}
      labels={{
        ...{ q: listTexts[locale].search, product: texts.product, status: texts.status },
        ...{ month: costTexts[locale].month, time: costTexts[locale].time },
      }}
      columns={[
        {
          title: texts.code,
          cell: (invoice) => <Code c={c} invoice={invoice} isChoice={maySelect && isOpenBill(invoice)} />,
          isLead: true,
        },
        {
          title: words.resource,
          cell: ({ resourceName, product }) => (
            <>
              {resourceName} <span class="quiet small">{productName(product)}</span>
            </>
          ),
        },
        { title: words.issued, cell: ({ issuedAtMs }) => formatDate(issuedAtMs, timeZone, locale) },
        { title: texts.status, cell: ({ status }) => <Status of="invoice" is={status} locale={locale} /> },
        { title: texts.amount, cell: ({ total }) => <Money minor={total} reader={reader} />, align: "end" },
        ...(page.rows.some(isOpenBill)
          ? ([
              { title: words.due, cell: (bill) => <DueOn bill={bill} nowMs={nowMs} c={c} /> },
              {
                title: billsTexts[locale].remaining,
                cell: (bill) => <Money minor={openOf(bill)} reader={reader} />,
                align: "end",
              },
            ] satisfies Column<Invoice>[])
          : []),
      ]}
      empty={
        <>
          <h2>{texts.empty}</h2>
          <p>{texts.emptyHint}</p>
        </>
      }
    />
  );
  const content = (
    <>
      <div class="heading">
        <h1>{texts.title}</h1>
        <div class="row">
          <a class="button" href={ROOMS.billMonths.path}>
            {billMonthsTexts[locale].byMonth}
          </a>
          <Downloads c={c} query={query} rooms={["billingXlsx", "billingPdf"]} />
        </div>
      </div>
      {usage && usage.used.length > 0 ? <UsedSoFar c={c} usage={usage} /> : null}
      <QuickTimes
        asked={asked}
        otherwise={null}
        href={(named) => query.without("from", "to", "month").href({ time: named })}
        reader={reader}
      />
      <Filters query={query} locale={locale}>
        <Field id="q" label={listTexts[locale].search} class="grow">
          <input id="q" name="q" type="search" value={asked.q} placeholder={texts.searchHint} />
        </Field>
        <Choice
          id="product"
          label={texts.product}
          all={all}
          chosen={asked.product}
          options={products.map(({ id, name }) => [id, name])}
        />
        <Choice
          id="status"
          label={texts.status}
          all={all}
          chosen={asked.status}
          options={INVOICE_STATUSES.map((status) => [status, statuses[locale].invoice[status]])}
        />
        <MonthChoice asked={asked} nowMs={nowMs} reader={reader} />
        <Days asked={asked} locale={locale} />
        {asked.time === undefined ? null : <input type="hidden" name="time" value={asked.time} />}
      </Filters>
      {statistics ? (
        <Statistics
          c={c}
          statistics={statistics}
          chosen={asked.product}
          productName={productName}
          hrefs={{
            product: (id) => query.href({ product: id }),
            everyProduct: query.without("product").href({}),
            month: (month) => query.without("from", "to", "time").href({ month }),
          }}
        />
      ) : null}
      {maySelect ? <Selection locale={locale}>{list}</Selection> : list}
    </>
  );
  return portalPage(c, texts.title, content);
}

interface CodeProps {
  readonly c: Context<App>;
  readonly invoice: Invoice;
  readonly isChoice: boolean;
}

/** An invoice's code; of a bill that can be paid with a box to choose it. */
const Code = ({ c, invoice: { code }, isChoice }: CodeProps) => (
  <div class="choice">
    {isChoice ? (
      <input
        type="checkbox"
        name="bill"
        value={code}
        aria-label={fill(billsTexts[readerOf(c).locale].choose, { code })}
      />
    ) : null}
    <InvoiceLink c={c} code={code} />
  </div>
);

/** A list of which several can be chosen, and paid at once. */
const Selection = ({ locale, children }: PropsWithChildren<{ readonly locale: Locale }>) => {
  const texts = billsTexts[locale];
  return (
    <form method="get" action={ROOMS.bills.path} class="stack">
      {children}
      <div class="row unprinted">
        <span class="quiet">{texts.chosen}</span>
        <button type="submit" class="primary">
          {texts.paySelected}
        </button>
      </div>
    </form>
  );
};
