import type { Context } from "hono";
import { accountObject } from "../../account/client.ts";
import type { PaymentId } from "../../domain/ids.ts";
import type { Payment } from "../../domain/payment.ts";
import { callerOf } from "../../http/commands.ts";
import type { App } from "../../http/context.ts";
import { billPaymentPath } from "../../http/links.ts";
import { listInvoicesOf, listPayments } from "../../store/documents.ts";
import { billsTexts } from "../../texts/bills.ts";
import { buyingTexts } from "../../texts/buying.ts";
import { GATEWAY_TITLES } from "../../texts/gateways.ts";
import { historyTexts } from "../../texts/histories.ts";
import { listTexts } from "../../texts/lists.ts";
import type { Locale } from "../../texts/locale.ts";
import { formatReason } from "../../texts/reasons.ts";
import { statuses } from "../../texts/statuses.ts";
import { languageOf } from "../language.ts";
import { listFields, listFilter, listPage, readQuery } from "../query.ts";
import { topUpPath } from "../rooms.ts";
import { Downloads } from "../ui/downloads.tsx";
import { InvoiceLink } from "../ui/invoice-link.tsx";
import { Days, Filters, List } from "../ui/list.tsx";
import { Moment } from "../ui/parts.tsx";
import { PaymentAmount } from "../ui/payment-amount.tsx";
import { portalPage } from "../ui/portal-page.tsx";
import { Status } from "../ui/statuses.tsx";
import { mayEnter, readerOf } from "../visitor.ts";

/** A payment shows so many of the resources it paid for at once. */
const LINES_SHOWN = 3;

/** The payment history: every payment and refund, with what it was for. */
export async function payments(c: Context<App>) {
  const reader = readerOf(c);
  const { locale, timeZone } = reader;
  const texts = historyTexts[locale];
  const query = readQuery(c, listFields);
  const filter = listFilter(query.asked, timeZone);
  const { account, principal } = c.var;
  const [found, resources] = await Promise.all([
    listPayments(c.env, account.id, filter),
    accountObject(c.env, account.id).resources(callerOf(principal)),
  ]);
  const page = listPage(found, filter);
  const invoiceOf = await listInvoicesOf(c.env, account.id, page.rows);
  const names = new Map<string, string>(resources.map(({ id, name }) => [id, name]));
  const line = (payment: PaymentId, { resource, invoice: bill }: Payment["lines"][number]) => {
    const invoice = bill ?? invoiceOf(payment, resource);
    return (
      <div>
        {names.get(resource) ?? resource} {invoice === null ? null : <InvoiceLink c={c} code={invoice} />}
      </div>
    );
  };
  const more = ({ id, lines }: Payment) => (
    <details>
      <summary>{listTexts[locale].more.replace("{count}", String(lines.length - LINES_SHOWN))}</summary>
      {lines.slice(LINES_SHOWN).map((of) => line(id, of))}
    </details>
  );
  const content = (
    <>
      <div class="heading">
        <h1>{texts.payments}</h1>
        <Downloads c={c} query={query} rooms={["paymentsXlsx", "paymentsPdf"]} />
      </div>
      <Filters query={query} locale={locale}>
        <Days asked={query.asked} locale={locale} />
      </Filters>
      <List
        query={query}
        locale={locale}
        title={texts.payments}
        page={page}
        idOf={({ id }) => id}
        columns={[
          {
            title: texts.time,
            cell: ({ createdAtMs }) => <Moment atMs={createdAtMs} reader={reader} />,
            isLead: true,
          },
          { title: texts.kind, cell: ({ kind }) => <Status of="paymentKind" is={kind} locale={locale} /> },
          {
            title: texts.paidFor,
            cell: (payment) => (
              <div>
                {payment.lines.length === 0 ? withoutLines(c, payment) : null}
                {payment.lines.slice(0, LINES_SHOWN).map((of) => line(payment.id, of))}
                {payment.lines.length > LINES_SHOWN ? more(payment) : null}
                {payment.reason === null ? null : (
                  <div class="quiet small">{formatReason(payment.reason, locale)}</div>
                )}
              </div>
            ),
          },
          { title: texts.method, cell: (payment) => methodOf(payment, locale) },
          { title: texts.status, cell: ({ status }) => <Status of="payment" is={status} locale={locale} /> },
          {
            title: texts.amount,
            cell: (payment) => <PaymentAmount payment={payment} reader={reader} />,
            align: "end",
          },
        ]}
        empty={
          <>
            <h2>{texts.noPayments}</h2>
            <p>{texts.noPaymentsHint}</p>
          </>
        }
      />
    </>
  );
  return portalPage(c, texts.payments, content);
}

/** What was to be paid where nothing is yet: an order, or bills or credit, whose page shows how far it is. */
function withoutLines(c: Context<App>, { id, kind, order, status }: Payment) {
  const { title } = buyingTexts[languageOf(c)];
  if (order !== null) return <span class="code">{order}</span>;
  if (kind === "payment") {
    const { paidFor } = billsTexts[languageOf(c)];
    return mayEnter(c, "billPayment") ? <a href={billPaymentPath(id)}>{paidFor}</a> : paidFor;
  }
  return status === "pending" && mayEnter(c, "topUp") ? <a href={topUpPath(id)}>{title}</a> : title;
}

/** How it was paid, and at which gateway. */
const methodOf = ({ method, gateway }: Payment, locale: Locale): string =>
  [statuses[locale].method[method], ...(gateway === null ? [] : [GATEWAY_TITLES[gateway]])].join(" · ");
