import type { Context } from "hono";
import { z } from "zod";
import { localTime } from "../../domain/local-time.ts";
import { monthsOfYear } from "../../domain/month.ts";
import { now } from "../../http/clock.ts";
import type { App } from "../../http/context.ts";
import { type InvoiceMonth, invoiceMonths } from "../../store/invoice-months.ts";
import { billMonthsTexts } from "../../texts/bill-months.ts";
import { fill } from "../../texts/fill.ts";
import { formatMonth } from "../../texts/locale.ts";
import { portalTexts } from "../../texts/portal.ts";
import { readQuery } from "../query.ts";
import { ROOMS } from "../rooms.ts";
import { type Column, Money, type Reader, Rows } from "../ui/parts.tsx";
import { portalPage } from "../ui/portal-page.tsx";
import { readerOf } from "../visitor.ts";

const fields = { year: z.coerce.number().int().min(1_970).max(9_999) };

/** The billing history by month: what was invoiced in each, and what is paid of it. */
export async function billMonths(c: Context<App>) {
  const reader = readerOf(c);
  const { locale, timeZone } = reader;
  const { account } = c.var;
  const texts = billMonthsTexts[locale];
  const { asked, href } = readQuery(c, fields);
  const thisYear = localTime(now(c), timeZone).year;
  const year = asked.year ?? thisYear;
  const months = await invoiceMonths(c.env, account.id, monthsOfYear(year, timeZone));
  const years = [year - 1, year + 1].filter(
    (other) => other >= localTime(account.createdAtMs, timeZone).year && other <= thisYear,
  );
  const title = fill(texts.title, { year: String(year) });
  const content = (
    <>
      <nav aria-label={portalTexts[locale].rooms.billing}>
        <a href={ROOMS.billing.path}>← {portalTexts[locale].rooms.billing}</a>
      </nav>
      <div class="heading">
        <div>
          <h1>{title}</h1>
          <p class="quiet">{texts.hint}</p>
        </div>
        <div class="row">
          {years.map((other) => (
            <a class="button" href={href({ year: String(other) })}>
              {other}
            </a>
          ))}
        </div>
      </div>
      {months.length === 0 ? (
        <p class="card empty">{fill(texts.none, { year: String(year) })}</p>
      ) : (
        <>
          <Rows<InvoiceMonth> caption={title} rows={months.toReversed()} columns={columnsOf(reader)} />
          <YearTotal months={months} reader={reader} />
        </>
      )}
    </>
  );
  return portalPage(c, title, content);
}

/** The list of what a month counts. */
function invoicesPath({ startMs, endMs }: InvoiceMonth, timeZone: string): string {
  const day = (atMs: number) => {
    const { year, month0, day: dayOfMonth } = localTime(atMs, timeZone);
    return [year, month0 + 1, dayOfMonth].map((part) => String(part).padStart(2, "0")).join("-");
  };
  return `${ROOMS.billing.path}?${new URLSearchParams({ from: day(startMs), to: day(endMs - 1) })}`;
}

function columnsOf(reader: Reader): Column<InvoiceMonth>[] {
  const { locale, timeZone } = reader;
  const texts = billMonthsTexts[locale];
  const amount = (title: string, of: (month: InvoiceMonth) => number): Column<InvoiceMonth> => ({
    title,
    cell: (month) => <Money minor={of(month)} reader={reader} />,
    align: "end",
  });
  return [
    {
      title: texts.month,
      cell: (month) => (
        <a href={invoicesPath(month, timeZone)}>{formatMonth(month.startMs, timeZone, locale)}</a>
      ),
      isLead: true,
    },
    { title: texts.invoices, cell: ({ invoices }) => String(invoices), align: "end" },
    amount(texts.total, ({ total }) => total),
    amount(texts.credited, ({ credited }) => 0 - credited),
    amount(texts.paid, ({ paid }) => paid),
    amount(texts.remaining, ({ total, paid }) => total - paid),
  ];
}

/** What its months come to together. */
function YearTotal({
  months,
  reader,
}: {
  readonly months: readonly InvoiceMonth[];
  readonly reader: Reader;
}) {
  const texts = billMonthsTexts[reader.locale];
  const sum = (of: (month: InvoiceMonth) => number) => months.reduce((all, month) => all + of(month), 0);
  const facts = [
    [texts.total, sum(({ total }) => total)],
    [texts.credited, 0 - sum(({ credited }) => credited)],
    [texts.paid, sum(({ paid }) => paid)],
    [texts.remaining, sum(({ total, paid }) => total - paid)],
  ] as const;
  return (
    <section class="stack tight">
      <h2>{texts.whole}</h2>
      <dl class="facts totals">
        {facts.map(([label, minor]) => (
          <>
            <dt>{label}</dt>
            <dd>
              <Money minor={minor} reader={reader} />
            </dd>
          </>
        ))}
      </dl>
    </section>
  );
}
