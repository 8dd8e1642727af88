import type { Context } from "hono";
import type { PropsWithChildren } from "hono/jsx";
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
import { ROOMS, resourcePath } from "../rooms.ts";
import { mayEnter, readerOf } from "../visitor.ts";
import { InvoiceLink } from "./invoice-link.tsx";
import { Moment, Money, Rows } from "./parts.tsx";
import { PaymentAmount } from "./payment-amount.tsx";
import { Day, RenewalOf } from "./resource-cells.tsx";
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
