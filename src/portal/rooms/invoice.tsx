import type { Context } from "hono";
import { accountObject } from "../../account/client.ts";
import { invoicePdf } from "../../documents/invoice-pdf.ts";
import { isOpenBill } from "../../domain/bills/bill.ts";
import type { CreditNote } from "../../domain/credit-note.ts";
import type { InvoiceCode } from "../../domain/ids.ts";
import type { Invoice } from "../../domain/invoice.ts";
import type { Payment } from "../../domain/payment.ts";
import type { App } from "../../http/context.ts";
import { id, numberCursor } from "../../http/schemas.ts";
import { billingTexts } from "../../texts/billing.ts";
import { billsTexts } from "../../texts/bills.ts";
import { furniture } from "../../texts/furniture.ts";
import { customerLines, invoiceTexts } from "../../texts/invoice.ts";
import { formatDate, formatInstant } from "../../texts/locale.ts";
import { statuses } from "../../texts/statuses.ts";
import { languageOf } from "../language.ts";
import { billsPath, invoicePath, PDF, ROOMS, resourcePath } from "../rooms.ts";
import { nothingHere } from "../ui/closed.tsx";
import { CreditNotes } from "../ui/credit-notes.tsx";
import { InvoiceItems, InvoiceTotals } from "../ui/invoice-parts.tsx";
import { Fact } from "../ui/parts.tsx";
import { portalPage } from "../ui/portal-page.tsx";
import { Status } from "../ui/statuses.tsx";
import { WhyTheseAmounts } from "../ui/why.tsx";
import { mayEnter, readerOf } from "../visitor.ts";

const codeOf = id<InvoiceCode>();

/** An invoice: on screen, and on paper as the browser prints it. */
export async function invoice(c: Context<App>) {
  const code = codeOf.safeParse(c.req.param("code"));
  const object = accountObject(c.env, c.var.account.id);
  const found = code.success ? await object.invoiceWithPayment(code.data) : null;
  if (!found) return nothingHere(c);
  const { invoice, payment } = found;
  const creditNotes = await Promise.all(invoice.creditedBy.map((note) => object.creditNote(note)));
  const reader = readerOf(c);
  const { locale } = reader;
  const texts = billingTexts[locale];
  const title = `${invoiceTexts[locale].title} ${invoice.code}`;
  const content = (
    <>
      <nav class="unprinted" aria-label={texts.title}>
        {mayEnter(c, "billing") ? <a href={ROOMS.billing.path}>← {texts.title}</a> : null}
      </nav>
      <article class="card">
        <div class="heading">
          <div class="row">
            <h1>
              {invoiceTexts[locale].title} <span class="code">{invoice.code}</span>
            </h1>
            <Status of="invoice" is={invoice.status} locale={locale} />
          </div>
          <div class="row unprinted">
            {isOpenBill(invoice) && mayEnter(c, "bills") ? (
              <a id="pay" class="button primary" href={billsPath([invoice.code])}>
                {billsTexts[locale].pay}
              </a>
            ) : null}
            <a class="button" href={`${invoicePath(invoice.code)}${PDF}`}>
              {texts.pdf}
            </a>
            <button type="button" class="scripted-only" data-print="">
              {texts.print}
            </button>
          </div>
        </div>
        <Facts c={c} invoice={invoice} payment={payment} />
        <InvoiceItems invoice={invoice} reader={reader} />
        <InvoiceTotals invoice={invoice} reader={reader} />
        <WhyTheseAmounts invoice={invoice} reader={reader} />
        <Notes c={c} invoice={invoice} creditNotes={creditNotes.filter((note) => note !== null)} />
      </article>
    </>
  );
  return portalPage(c, title, content);
}

/** The same as a file to keep, in the language of the page. */
export async function invoicePdfFile(c: Context<App>) {
  const code = codeOf.safeParse(c.req.param("code")?.slice(0, -PDF.length));
  const { account } = c.var;
  const found = code.success ? await accountObject(c.env, account.id).invoice(code.data) : null;
  if (!found) return nothingHere(c);
  const pdf = await invoicePdf(found, account, languageOf(c), c.env.SELLER_NAME);
  return c.body(pdf, 200, {
    "Content-Type": "application/pdf",
    "Content-Disposition": `attachment; filename="invoice-${found.code}.pdf"`,
  });
}

interface About {
  readonly c: Context<App>;
  readonly invoice: Invoice;
}

/** Who was billed, for what, and when. */
function Facts({ c, invoice, payment }: About & { readonly payment: Payment | null }) {
  const { locale, timeZone } = readerOf(c);
  const texts = billingTexts[locale];
  const words = invoiceTexts[locale];
  const [customer, ...more] = customerLines(invoice, c.var.account, words);
  return (
    <dl class="details">
      <Fact label={words.seller} main={c.env.SELLER_NAME ?? furniture[locale].brand} />
      <Fact label={words.customer} main={customer} more={<Lines of={more} />} />
      <Fact
        label={words.resource}
        main={
          mayEnter(c, "resource") ? (
            <a href={resourcePath(invoice.resource)}>{invoice.resourceName}</a>
          ) : (
            invoice.resourceName
          )
        }
        more={
          <>
            {invoice.product} · {invoice.resourceType}
            <br />
            <span class="code">{invoice.resource}</span>
          </>
        }
      />
      <Fact
        label={words.period}
        main={
          <>
            {formatInstant(invoice.period.startMs, timeZone, locale)} –<br />
            {formatInstant(invoice.period.endMs, timeZone, locale)}
          </>
        }
        more={timeZone}
      />
      <Fact
        label={words.issued}
        main={formatDate(invoice.issuedAtMs, timeZone, locale)}
        more={`${words.due}: ${formatDate(invoice.dueAtMs, timeZone, locale)}`}
      />
      <Fact
        label={texts.order}
        main={<span class="code">{invoice.order}</span>}
        more={
          payment && mayEnter(c, "payments") ? (
            <>
              {statuses[locale].method[payment.method]}{" "}
              <a class="code" href={placeOf(payment)}>
                {payment.id}
              </a>
            </>
          ) : undefined
        }
      />
    </dl>
  );
}

const Lines = ({ of }: { readonly of: readonly string[] }) =>
  of.map((line, index) => (
    <>
      {index > 0 ? <br /> : null}
      {line}
    </>
  ));

/** Where a payment stands in the payment history: on the page that begins with it. */
const placeOf = ({ id, n }: Payment): string => {
  const search = new URLSearchParams({ older: numberCursor(n + 1) });
  return `${ROOMS.payments.path}?${search}#${id}`;
};

/** What came after it. */
function Notes({
  c,
  invoice: { supersededBy },
  creditNotes,
}: About & { readonly creditNotes: readonly CreditNote[] }) {
  const words = invoiceTexts[languageOf(c)];
  return (
    <>
      {supersededBy === null ? null : (
        <p>
          <a href={invoicePath(supersededBy)}>{words.supersededBy(supersededBy)}</a>
        </p>
      )}
      {creditNotes.length === 0 ? null : <CreditNotes notes={creditNotes} reader={readerOf(c)} />}
    </>
  );
}
