import type { Context } from "hono";
import type { CreditNote } from "../../domain/credit-note.ts";
import type { Invoice } from "../../domain/invoice.ts";
import { type Calendar, type Milestone, milestonesAhead } from "../../domain/lifecycle/schedule.ts";
import type { Resource } from "../../domain/resource.ts";
import type { Term } from "../../domain/terms.ts";
import type { App } from "../../http/context.ts";
import { formatShortDate } from "../../texts/locale.ts";
import { formatDistance } from "../../texts/relative.ts";
import { resourceTexts } from "../../texts/resources.ts";
import { ROOMS } from "../rooms.ts";
import { readerOf } from "../visitor.ts";
import { amountOf, DocumentName, DocumentStatus } from "./documents.tsx";
import { InvoiceLink } from "./invoice-link.tsx";
import { Card, Moment, Money, type Reader, Rows } from "./parts.tsx";

/** The terms that are paid and not over, with their prices and documents. (Domain: Terms.) */
export function Terms({ c, terms }: { readonly c: Context<App>; readonly terms: readonly Term[] }) {
  const reader = readerOf(c);
  const { locale, timeZone } = reader;
  const texts = resourceTexts[locale];
  if (terms.length === 0) return null;
  return (
    <section class="stack">
      <h2>{texts.terms}</h2>
      <Rows
        caption={texts.terms}
        rows={terms}
        columns={[
          {
            title: texts.term,
            cell: ({ startMs, endMs }) => (
              <>
                <span class="whole">{formatShortDate(startMs, timeZone, locale)} –</span>{" "}
                <span class="whole">{formatShortDate(endMs, timeZone, locale)}</span>
              </>
            ),
            isLead: true,
          },
          { title: texts.price, cell: ({ gross }) => <Money minor={gross} reader={reader} />, align: "end" },
          { title: texts.paid, cell: ({ paid }) => <Money minor={paid} reader={reader} />, align: "end" },
          {
            title: texts.invoice,
            cell: ({ invoice }) => (invoice === null ? "–" : <InvoiceLink c={c} code={invoice} />),
          },
        ]}
      />
    </section>
  );
}

/** What time will do to a resource, if nobody does anything before. (Domain: Lifecycle.) */
export function Ahead({
  resource,
  account,
  nowMs,
  reader,
}: {
  readonly resource: Resource;
  readonly account: Calendar;
  readonly nowMs: number;
  readonly reader: Reader;
}) {
  const { locale } = reader;
  const texts = resourceTexts[locale];
  const all = milestonesAhead(resource, account);
  // Of its many reminders, the next one says enough.
  const reminder = all.find(({ kind }) => kind === "reminder");
  const ahead = all.filter((milestone) => milestone.kind !== "reminder" || milestone === reminder);
  if (resource.state === "deleted") return null;
  return (
    <Card title={texts.ahead}>
      {ahead.length === 0 ? (
        <p class="quiet">{texts.nothingAhead}</p>
      ) : (
        <>
          <ul class="list">
            {ahead.map((milestone) => (
              <li>
                <div>
                  <Moment atMs={milestone.atMs} reader={reader} />{" "}
                  <span class="quiet small whole">{formatDistance(milestone.atMs, nowMs, locale)}</span>
                </div>
                <div>{texts.milestones[nameOf(milestone)]}</div>
              </li>
            ))}
          </ul>
          <p class="quiet small">{texts.aheadHint}</p>
        </>
      )}
    </Card>
  );
}

function nameOf(milestone: Milestone) {
  if (milestone.kind === "reminder") return "reminder";
  if (milestone.kind === "renewal") return milestone.isLast ? "lastRenewal" : "renewal";
  if (milestone.kind !== "change") return milestone.kind;
  return milestone.trashes ? "trashed" : milestone.to;
}

/** The documents of a resource, newest first: its invoices, and the credit notes that correct them. */
export function Documents({
  c,
  invoices,
  creditNotes,
  shown,
}: {
  readonly c: Context<App>;
  readonly invoices: readonly Invoice[];
  readonly creditNotes: readonly CreditNote[];
  readonly shown: number;
}) {
  const reader = readerOf(c);
  const { locale, timeZone } = reader;
  const texts = resourceTexts[locale];
  const documents = [...invoices, ...creditNotes].sort((a, b) => b.n - a.n);
  const [first] = invoices;
  return (
    <section class="stack">
      <div class="heading">
        <h2>{texts.documents}</h2>
        {documents.length > shown && first ? (
          <a href={`${ROOMS.billing.path}?${new URLSearchParams({ q: first.resourceName })}`}>
            {texts.allDocuments}
          </a>
        ) : null}
      </div>
      {documents.length === 0 ? (
        <p class="card quiet">{texts.noDocuments}</p>
      ) : (
        <Rows
          caption={texts.documents}
          rows={documents.slice(0, shown)}
          columns={[
            {
              title: texts.document,
              cell: (document) => <DocumentName c={c} document={document} />,
              isLead: true,
            },
            { title: texts.issued, cell: ({ issuedAtMs }) => formatShortDate(issuedAtMs, timeZone, locale) },
            {
              title: texts.state,
              cell: (document) => <DocumentStatus document={document} locale={locale} />,
            },
            {
              title: texts.amount,
              cell: (document) => <Money minor={amountOf(document)} reader={reader} />,
              align: "end",
            },
          ]}
        />
      )}
    </section>
  );
}
