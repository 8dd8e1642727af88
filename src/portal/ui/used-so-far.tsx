import type { Context } from "hono";
import type { Usage } from "../../account/answers.ts";
import type { App } from "../../http/context.ts";
import { billsTexts } from "../../texts/bills.ts";
import { invoiceTexts } from "../../texts/invoice.ts";
import { useTexts } from "../../texts/use.ts";
import { ROOMS, resourcePath } from "../rooms.ts";
import { mayEnter, readerOf } from "../visitor.ts";
import { Moment, Money, Rows } from "./parts.tsx";

/** What was used and isn't billed yet, by resource and month, at what its bills will say. */
export function UsedSoFar({ c, usage }: { readonly c: Context<App>; readonly usage: Usage }) {
  const reader = readerOf(c);
  const { locale } = reader;
  const texts = billsTexts[locale];
  return (
    <section class="stack">
      <div>
        <h2>{texts.usedTitle}</h2>
        <p class="quiet">{texts.usedHint}</p>
        {mayEnter(c, "use") ? <a href={ROOMS.use.path}>{useTexts[locale].title}</a> : null}
      </div>
      <UsedRows c={c} caption={texts.usedTitle} used={usage.used} />
      <dl class="facts totals">
        <dt class="total">{texts.usedTotal}</dt>
        <dd class="total">
          <Money minor={usage.total} reader={reader} />
        </dd>
      </dl>
    </section>
  );
}

interface UsedRowsProps {
  readonly c: Context<App>;
  readonly caption: string;
  readonly used: Usage["used"];
}

/** What was used of each resource, in which time, and what that costs. */
export function UsedRows({ c, caption, used }: UsedRowsProps) {
  const reader = readerOf(c);
  const { locale } = reader;
  const texts = billsTexts[locale];
  return (
    <Rows<Usage["used"][number]>
      caption={caption}
      rows={used}
      columns={[
        {
          title: invoiceTexts[locale].resource,
          cell: ({ resource }) => <a href={resourcePath(resource.id)}>{resource.name}</a>,
          isLead: true,
        },
        {
          title: texts.used,
          cell: ({ used: { period } }) => (
            <>
              <Moment atMs={period.startMs} reader={reader} /> –{" "}
              <Moment atMs={period.endMs} reader={reader} />
            </>
          ),
        },
        {
          title: texts.cost,
          cell: ({ used }) => <Money minor={used.total} reader={reader} />,
          align: "end",
        },
      ]}
    />
  );
}
