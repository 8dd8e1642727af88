import type { Context } from "hono";
import type { Span } from "../../domain/calendar.ts";
import { sharesOf } from "../../domain/costs/report.ts";
import { periodsOf } from "../../domain/costs/time.ts";
import { money } from "../../domain/money.ts";
import type { App } from "../../http/context.ts";
import { type BillingStatistics, billingStatistics } from "../../store/billing-statistics.ts";
import type { InvoiceFilter } from "../../store/documents.ts";
import { billingStatisticsTexts } from "../../texts/billing-statistics.ts";
import { costTexts } from "../../texts/costs.ts";
import { fill } from "../../texts/fill.ts";
import { formatMonth, formatShortDate } from "../../texts/locale.ts";
import { formatShare, formatTick } from "../../texts/periods.ts";
import { localDay } from "../time-box.ts";
import { readerOf } from "../visitor.ts";
import { Numbers } from "./charts/numbers.tsx";
import { Pie } from "./charts/pie.tsx";
import { LOOKS, MAX_SERIES, type Series, Swatch } from "./charts/series.tsx";
import { TimeChart } from "./charts/time-chart.tsx";
import { amountWords } from "./costs/chart.tsx";
import { Card, Money, type Reader } from "./parts.tsx";

/** More months aren't drawn beside each other: of more, the last are. */
const MAX_MONTHS = 24;

export interface DrawnStatistics extends BillingStatistics {
  readonly span: Span;
  readonly spans: readonly Span[];
}

/** What the charts of the billing history draw: what its list finds, of one time. */
export async function readStatistics(
  c: Context<App>,
  filter: Pick<InvoiceFilter, "product" | "status" | "q">,
  span: Span,
): Promise<DrawnStatistics> {
  const { id, timeZone } = c.var.account;
  const spans = (periodsOf(span, "monthly", timeZone) ?? []).slice(-MAX_MONTHS);
  return { span, spans, ...(await billingStatistics(c.env, id, { ...filter, ...span }, spans)) };
}

interface Props {
  readonly c: Context<App>;
  readonly statistics: DrawnStatistics;
  /** The product that is asked for, and what the others are called. */
  readonly chosen: string | undefined;
  readonly productName: (id: string) => string;
  /** The same page about another product, about all of them, or about another month. */
  readonly hrefs: {
    readonly product: (id: string) => string;
    readonly everyProduct: string;
    readonly month: (month: string) => string;
  };
}

/** The invoices of a time by product and by month, drawn and in numbers. */
export function Statistics(props: Props) {
  const { c, statistics } = props;
  const { locale, timeZone } = readerOf(c);
  const texts = billingStatisticsTexts[locale];
  const day = (atMs: number) => formatShortDate(atMs, timeZone, locale);
  const { startMs, endMs } = statistics.span;
  return statistics.products.length === 0 ? null : (
    <section class="stack" aria-labelledby="statistics">
      <div>
        <h2 id="statistics">{texts.title}</h2>
        <p class="quiet small">{fill(texts.hint, { from: day(startMs), to: day(endMs - 1) })}</p>
      </div>
      <div class="pair">
        <Products {...props} />
        <Months {...props} />
      </div>
    </section>
  );
}

/** One product's part of the invoices. */
interface ProductPart {
  readonly product: string;
  readonly total: number;
  readonly look: (typeof LOOKS)[number];
  readonly share: string;
}

function Products({ c, statistics: { products }, chosen, productName, hrefs }: Props) {
  const reader = readerOf(c);
  const texts = billingStatisticsTexts[reader.locale];
  const words = amountWords(reader);
  const shares = sharesOf(products.map(({ total }) => money(total)));
  const parts = products.map(
    ({ product, total }, at): ProductPart => ({
      ...{ product, total, look: LOOKS[Math.min(at, MAX_SERIES)] ?? LOOKS[MAX_SERIES] },
      share: shares === null ? "–" : formatShare(shares[at] ?? 0, reader.locale),
    }),
  );
  const hrefOf = (product: string) => (product === chosen ? hrefs.everyProduct : hrefs.product(product));
  return (
    <Card title={texts.byProduct}>
      <div class="pie-and-parts">
        <Pie
          id="products"
          slices={parts.map(({ product, total, look, share }) => ({
            ...{ look, amount: total, label: share, href: hrefOf(product), isChosen: product === chosen },
            name: `${productName(product)}: ${words.exactly(total)} ${reader.currency}, ${share}`,
          }))}
        />
        <Parts parts={parts} reader={reader} chosen={chosen} productName={productName} hrefOf={hrefOf} />
      </div>
      <p class="quiet small unprinted">
        {chosen === undefined ? texts.pressed : <a href={hrefs.everyProduct}>{texts.showAll}</a>}
      </p>
    </Card>
  );
}

const Parts = ({
  parts,
  reader,
  chosen,
  productName,
  hrefOf,
}: {
  readonly parts: readonly ProductPart[];
  readonly reader: Reader;
  readonly hrefOf: (product: string) => string;
} & Pick<Props, "chosen" | "productName">) => (
  <ul class="parts">
    {parts.map(({ product, look, total, share }) => (
      <li>
        <span class="keyed">
          <Swatch of={`product-${look}-${product}`} look={look} />
          <a href={hrefOf(product)} aria-current={product === chosen ? "true" : undefined}>
            {productName(product)}
          </a>
        </span>
        <span>
          <Money minor={total} reader={reader} /> <span class="quiet">· {share}</span>
        </span>
      </li>
    ))}
  </ul>
);

function Months({ c, statistics: { months, spans }, hrefs }: Props) {
  const reader = readerOf(c);
  const { locale, timeZone, currency } = reader;
  const texts = billingStatisticsTexts[locale];
  const words = amountWords(reader);
  const series: Series[] = [
    { name: texts.paid, look: 1, amounts: months.map(({ paid }) => paid) },
    { name: texts.unpaid, look: 2, amounts: months.map(({ total, paid }) => total - paid) },
  ];
  const periods = spans.map((span) => ({
    tick: formatTick(span, "monthly", timeZone, locale),
    name: formatMonth(span.startMs, timeZone, locale),
    href: hrefs.month(localDay(span.startMs, timeZone).slice(0, "2027-01".length)),
  }));
  return (
    <Card title={`${texts.byMonth} · ${currency}`}>
      <TimeChart id="months" kind="stacked" periods={periods} series={series} words={words} />
      <details>
        <summary>{costTexts[locale].numbers}</summary>
        <Numbers
          id="months"
          title={texts.byMonth}
          periodTitle={texts.month}
          totalTitle={texts.total}
          periods={periods}
          series={series}
          words={words}
        />
      </details>
    </Card>
  );
}
