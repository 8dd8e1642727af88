import type { Context } from "hono";
import type { App } from "../../http/context.ts";
import { listPocTransactions, type PocTransactionRow } from "../../store/documents.ts";
import { historyTexts } from "../../texts/histories.ts";
import { trialTexts } from "../../texts/trials.ts";
import { listFields, listFilter, listPage, readQuery } from "../query.ts";
import { ROOMS } from "../rooms.ts";
import { Days, Filters, List } from "../ui/list.tsx";
import { Change, Moment, Money } from "../ui/parts.tsx";
import { portalPage } from "../ui/portal-page.tsx";
import { Status } from "../ui/statuses.tsx";
import { readerOf } from "../visitor.ts";

/** The POC wallet's history: every change of it, and what was in it afterwards. (Domain: POC.) */
export async function trialCredit(c: Context<App>) {
  const reader = readerOf(c);
  const { locale, timeZone } = reader;
  const texts = trialTexts[locale];
  const words = historyTexts[locale];
  const query = readQuery(c, listFields);
  const filter = listFilter(query.asked, timeZone);
  const found = await listPocTransactions(c.env, c.var.account.id, filter);
  const content = (
    <>
      <nav aria-label={words.credits}>
        <a href={ROOMS.credits.path}>← {words.credits}</a>
      </nav>
      <h1>{texts.history}</h1>
      <p class="quiet">{texts.historyHint}</p>
      <Filters query={query} locale={locale}>
        <Days asked={query.asked} locale={locale} />
      </Filters>
      <List
        query={query}
        locale={locale}
        title={texts.history}
        page={listPage(found, filter)}
        columns={[
          { title: words.time, cell: ({ atMs }) => <Moment atMs={atMs} reader={reader} />, isLead: true },
          { title: words.kind, cell: ({ type }) => <Status of="trial" is={type} locale={locale} /> },
          { title: words.paidFor, cell: subjectOf },
          {
            title: words.amount,
            cell: ({ amount }) => <Change minor={amount} reader={reader} />,
            align: "end",
          },
          {
            title: texts.balance,
            cell: ({ balance }) => <Money minor={balance} reader={reader} />,
            align: "end",
          },
        ]}
        empty={
          <>
            <h2>{texts.noHistory}</h2>
            <p>{texts.noHistoryHint}</p>
          </>
        }
      />
    </>
  );
  return portalPage(c, texts.history, content);
}

/** What was bought or given back; grants and the end are about nothing but the wallet. */
const subjectOf = ({ type, reference }: PocTransactionRow) =>
  type === "purchase" || type === "refund" ? <span class="code">{reference}</span> : "–";
