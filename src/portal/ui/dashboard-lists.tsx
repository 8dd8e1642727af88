import type { Context } from "hono";
import type { PropsWithChildren } from "hono/jsx";
import type { CreditNote } from "../../domain/credit-note.ts";
import type { Invoice } from "../../domain/invoice.ts";
import type { Payment } from "../../domain/payment.ts";
import type { PocWallet } from "../../domain/poc/wallet.ts";
import { billingStatus, type Resource } from "../../domain/resource.ts";
import type { App } from "../../http/context.ts";
import { billingTexts } from "../../texts/billing.ts";
import { dashboardTexts } from "../../texts/dashboard.ts";
import { historyTexts } from "../../texts/histories.ts";
import { listTexts } from "../../texts/lists.ts";
import { formatShortDate, type Locale } from "../../texts/locale.ts";
import { resourceTexts } from "../../texts/resources.ts";
import { isRenewable } from "../renewable.ts";
import { billsPath, ROOMS, resourcePath } from "../rooms.ts";
import { mayEnter, readerOf } from "../visitor.ts";
import { BillList } from "./bill-list.tsx";
import { amountOf, DocumentName, DocumentStatus } from "./documents.tsx";
import { Moment, Money, Rows } from "./parts.tsx";
import { PaymentAmount } from "./payment-amount.tsx";
import { Day, RenewalOf } from "./resource-cells.tsx";
import { Status } from "./statuses.tsx";

/** So many resources that end soon are shown, the next to end first. */
const ENDING_SHOWN = 10;

/** So many bills that are to be paid are shown; all that are listed can be paid at once. */
const BILLS_SHOWN = 5;

const Part = ({
  title,
  link,
  children,
}: PropsWithChildren<{ readonly title: string; readonly link?: readonly [path: string, words: string] }>) => (
  <section class="stack">
    <div class="heading">
      <h2>{title}</h2>
      {link ? <a href={link[0]}>{link[1]}</a> : null}
    </div>
    {children}
  </section>
);

/** What ends within days or has ended, before it is too late. */
export function EndingSoon({
  c,
  resources,
  pocWallet,
  nowMs,
}: {
  readonly c: Context<App>;
  readonly resources: readonly Resource[];
  readonly pocWallet: PocWallet | null;
  readonly nowMs: number;
}) {
  const reader = readerOf(c);
  const { locale } = reader;
  const texts = dashboardTexts[locale];
  const ending = resources
    .flatMap((resource) => {
      const status = billingStatus(resource, nowMs);
      const { endAtMs } = resource;
      return endAtMs === null || status === null || status === "good" ? [] : { resource, endAtMs, status };
    })
    .sort((a, b) => a.endAtMs - b.endAtMs);
  if (ending.length === 0)
    return (
      <Part title={texts.expiring}>
        <p class="card quiet">{texts.nothingExpires}</p>
      </Part>
    );
  return (
    <Part title={texts.expiring}>
      <Rows
        caption={texts.expiring}
        rows={ending.slice(0, ENDING_SHOWN)}
        columns={[
          {
            title: texts.resource,
            cell: ({ resource: { id, name, product } }) => (
              <>
                <a href={resourcePath(id)}>{name}</a> <span class="quiet small">{product}</span>
              </>
            ),
            isLead: true,
          },
          { title: texts.status, cell: ({ status }) => <Status of="billing" is={status} locale={locale} /> },
          {
            title: texts.ends,
            cell: ({ endAtMs }) => <Day atMs={endAtMs} nowMs={nowMs} reader={reader} />,
          },
          {
            title: texts.renewal,
            cell: ({ resource }) => (
              <div class="row">
                <RenewalOf resource={resource} reader={reader} />
                {mayEnter(c, "renew") && isRenewable(resource, pocWallet, nowMs) ? (
                  <RenewButton resource={resource} locale={locale} />
                ) : null}
              </div>
            ),
          },
        ]}
      />
      {ending.length > ENDING_SHOWN ? (
        <p class="quiet">{listTexts[locale].more.replace("{count}", String(ending.length - ENDING_SHOWN))}</p>
      ) : null}
    </Part>
  );
}

const RenewButton = ({
  resource: { id, name },
  locale,
}: {
  readonly resource: Resource;
  readonly locale: Locale;
}) => {
  const texts = resourceTexts[locale];
  return (
    <form method="post" action={ROOMS.renew.path}>
      <input type="hidden" name="resource" value={id} />
      <button type="submit" class="plain" aria-label={texts.renewThis.replace("{name}", name)}>
        {texts.renew}
      </button>
    </form>
  );
};

/** Bills that are to be paid, the first to be paid first, with a way to pay them. */
export function BillsToPay({
  c,
  bills,
  count,
  nowMs,
}: {
  readonly c: Context<App>;
  readonly bills: readonly Invoice[];
  readonly count: number;
  readonly nowMs: number;
}) {
  const { locale } = readerOf(c);
  const texts = dashboardTexts[locale];
  if (count === 0) return null;
  const pay = [billsPath(bills.map(({ code }) => code)), texts.payBills] as const;
  return (
    <Part title={texts.outstanding} {...(mayEnter(c, "bills") ? { link: pay } : {})}>
      <BillList c={c} bills={bills.slice(0, BILLS_SHOWN)} nowMs={nowMs} />
      {count > BILLS_SHOWN ? (
        <p class="quiet">{listTexts[locale].more.replace("{count}", String(count - BILLS_SHOWN))}</p>
      ) : null}
    </Part>
  );
}

/** The latest invoices and credit notes. */
export function LatestDocuments({
  c,
  documents,
}: {
  readonly c: Context<App>;
  readonly documents: readonly (Invoice | CreditNote)[];
}) {
  const reader = readerOf(c);
  const { locale, timeZone } = reader;
  const texts = dashboardTexts[locale];
  const words = billingTexts[locale];
  return (
    <Part title={texts.documents} link={[ROOMS.billing.path, texts.allDocuments]}>
      {documents.length === 0 ? (
        <p class="card quiet">{texts.noDocuments}</p>
      ) : (
        <Rows
          caption={texts.documents}
          rows={documents}
          columns={[
            {
              title: resourceTexts[locale].document,
              cell: (document) => (
                <>
                  <DocumentName c={c} document={document} />
                  <div class="quiet small">
                    {document.resourceName} · {formatShortDate(document.issuedAtMs, timeZone, locale)}
                  </div>
                </>
              ),
              isLead: true,
            },
            {
              title: words.status,
              cell: (document) => <DocumentStatus document={document} locale={locale} />,
            },
            {
              title: words.amount,
              cell: (document) => <Money minor={amountOf(document)} reader={reader} />,
              align: "end",
            },
          ]}
        />
      )}
    </Part>
  );
}

export function LatestPayments({
  c,
  payments,
}: {
  readonly c: Context<App>;
  readonly payments: readonly Payment[];
}) {
  const reader = readerOf(c);
  const { locale } = reader;
  const texts = dashboardTexts[locale];
  const words = historyTexts[locale];
  return (
    <Part title={texts.payments} link={[ROOMS.payments.path, texts.allPayments]}>
      {payments.length === 0 ? (
        <p class="card quiet">{texts.noPayments}</p>
      ) : (
        <Rows
          caption={texts.payments}
          rows={payments}
          columns={[
            {
              title: words.time,
              cell: ({ createdAtMs }) => <Moment atMs={createdAtMs} reader={reader} />,
              isLead: true,
            },
            { title: words.kind, cell: ({ kind }) => <Status of="paymentKind" is={kind} locale={locale} /> },
            {
              title: words.status,
              cell: ({ status }) => <Status of="payment" is={status} locale={locale} />,
            },
            {
              title: words.amount,
              cell: (payment) => <PaymentAmount payment={payment} reader={reader} />,
              align: "end",
            },
          ]}
        />
      )}
    </Part>
  );
}
