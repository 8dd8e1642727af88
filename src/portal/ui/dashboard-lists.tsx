import type { Context } from "hono";
import type { PropsWithChildren } from "hono/jsx";
import type { Invoice } from "../../domain/invoice.ts";
import type { Payment } from "../../domain/payment.ts";
import { billingStatus, type Resource } from "../../domain/resource.ts";
import type { App } from "../../http/context.ts";
import { billingTexts } from "../../texts/billing.ts";
import { dashboardTexts } from "../../texts/dashboard.ts";
import { historyTexts } from "../../texts/histories.ts";
import { listTexts } from "../../texts/lists.ts";
import { formatDate, formatShortDate } from "../../texts/locale.ts";
import { formatDistance } from "../../texts/relative.ts";
import { ROOMS } from "../rooms.ts";
import { readerOf } from "../visitor.ts";
import { InvoiceLink } from "./invoice-link.tsx";
import { Moment, Money, type Reader, Rows } from "./parts.tsx";
import { PaymentAmount } from "./payment-amount.tsx";
import { Status } from "./statuses.tsx";

/** So many resources that end soon are shown, the next to end first. */
const ENDING_SHOWN = 10;

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
  resources,
  reader: { locale, timeZone },
  nowMs,
}: {
  readonly resources: readonly Resource[];
  readonly reader: Reader;
  readonly nowMs: number;
}) {
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
            cell: ({ resource: { name, product } }) => (
              <>
                {name} <span class="quiet small">{product}</span>
              </>
            ),
            isLead: true,
          },
          { title: texts.status, cell: ({ status }) => <Status of="billing" is={status} locale={locale} /> },
          {
            title: texts.ends,
            cell: ({ endAtMs }) => (
              <>
                {formatDate(endAtMs, timeZone, locale)}{" "}
                <span class="quiet small whole">{formatDistance(endAtMs, nowMs, locale)}</span>
              </>
            ),
          },
          {
            title: texts.renewal,
            cell: ({ resource }) => (resource.autoRenew.enabled ? texts.automatic : texts.manual),
          },
        ]}
      />
      {ending.length > ENDING_SHOWN ? (
        <p class="quiet">{listTexts[locale].more.replace("{count}", String(ending.length - ENDING_SHOWN))}</p>
      ) : null}
    </Part>
  );
}

export function LatestInvoices({
  c,
  invoices,
}: {
  readonly c: Context<App>;
  readonly invoices: readonly Invoice[];
}) {
  const reader = readerOf(c);
  const { locale, timeZone } = reader;
  const texts = dashboardTexts[locale];
  const words = billingTexts[locale];
  return (
    <Part title={texts.invoices} link={[ROOMS.billing.path, texts.allInvoices]}>
      {invoices.length === 0 ? (
        <p class="card quiet">{texts.noInvoices}</p>
      ) : (
        <Rows
          caption={texts.invoices}
          rows={invoices}
          columns={[
            {
              title: words.code,
              cell: ({ code, resourceName, issuedAtMs }) => (
                <>
                  <InvoiceLink c={c} code={code} />
                  <div class="quiet small">
                    {resourceName} · {formatShortDate(issuedAtMs, timeZone, locale)}
                  </div>
                </>
              ),
              isLead: true,
            },
            {
              title: words.status,
              cell: ({ status }) => <Status of="invoice" is={status} locale={locale} />,
            },
            {
              title: words.amount,
              cell: ({ total }) => <Money minor={total} reader={reader} />,
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
