import type { Context } from "hono";
import type { App } from "../../http/context.ts";
import { INVOICE_STATUSES, invoiceFilters } from "../../http/routes/invoices.ts";
import { currentProducts } from "../../store/catalogue.ts";
import { listInvoices } from "../../store/documents.ts";
import { billingTexts } from "../../texts/billing.ts";
import { invoiceTexts } from "../../texts/invoice.ts";
import { listTexts } from "../../texts/lists.ts";
import { formatDate } from "../../texts/locale.ts";
import { statuses } from "../../texts/statuses.ts";
import { listFields, listFilter, listPage, readQuery } from "../query.ts";
import { Choice } from "../ui/controls.tsx";
import { InvoiceLink } from "../ui/invoice-link.tsx";
import { Days, Filters, List } from "../ui/list.tsx";
import { Field, Money } from "../ui/parts.tsx";
import { portalPage } from "../ui/portal-page.tsx";
import { Status } from "../ui/statuses.tsx";
import { readerOf } from "../visitor.ts";

const fields = { ...invoiceFilters, ...listFields };

/** The billing history: every invoice, found by what people know of it. */
export async function billing(c: Context<App>) {
  const reader = readerOf(c);
  const { locale, timeZone } = reader;
  const texts = billingTexts[locale];
  const words = invoiceTexts[locale];
  const query = readQuery(c, fields);
  const { asked } = query;
  const filter = { ...listFilter(asked, timeZone), product: asked.product, status: asked.status, q: asked.q };
  const [found, products] = await Promise.all([
    listInvoices(c.env, c.var.account.id, filter),
    currentProducts(c.env),
  ]);
  const productName = (id: string) => products.find((product) => product.id === id)?.name ?? id;
  const all = listTexts[locale].all;
  const content = (
    <>
      <h1>{texts.title}</h1>
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
        <Days asked={asked} locale={locale} />
      </Filters>
      <List
        query={query}
        locale={locale}
        title={texts.title}
        page={listPage(found, filter)}
        labels={{ q: listTexts[locale].search, product: texts.product, status: texts.status }}
        columns={[
          { title: texts.code, cell: ({ code }) => <InvoiceLink c={c} code={code} />, isLead: true },
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
        ]}
        empty={
          <>
            <h2>{texts.empty}</h2>
            <p>{texts.emptyHint}</p>
          </>
        }
      />
    </>
  );
  return portalPage(c, texts.title, content);
}
