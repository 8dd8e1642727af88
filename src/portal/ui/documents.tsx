import type { Context } from "hono";
import type { CreditNote } from "../../domain/credit-note.ts";
import type { Invoice } from "../../domain/invoice.ts";
import { type Money, negate } from "../../domain/money.ts";
import type { App } from "../../http/context.ts";
import type { Locale } from "../../texts/locale.ts";
import { resourceTexts } from "../../texts/resources.ts";
import { readerOf } from "../visitor.ts";
import { InvoiceLink } from "./invoice-link.tsx";
import { Status } from "./statuses.tsx";

type Document = Invoice | CreditNote;

const isCreditNote = (document: Document): document is CreditNote => "invoice" in document;

/** What a document comes to; a credit note takes that back. */
export const amountOf = (document: Document): Money =>
  isCreditNote(document) ? negate(document.total) : document.total;

/** An invoice, as the way to it; a credit note with the invoice that it corrects. */
export const DocumentName = ({ c, document }: { readonly c: Context<App>; readonly document: Document }) => {
  if (!isCreditNote(document)) return <InvoiceLink c={c} code={document.code} />;
  const texts = resourceTexts[readerOf(c).locale];
  return (
    <>
      {texts.creditNote} <span class="code whole">{document.code}</span>{" "}
      <span class="quiet small">
        {texts.corrects} <InvoiceLink c={c} code={document.invoice} />
      </span>
    </>
  );
};

/** How an invoice stands, or why there is a credit note. */
export const DocumentStatus = ({
  document,
  locale,
}: {
  readonly document: Document;
  readonly locale: Locale;
}) =>
  isCreditNote(document) ? (
    resourceTexts[locale].reasons[document.reason]
  ) : (
    <Status of="invoice" is={document.status} locale={locale} />
  );
