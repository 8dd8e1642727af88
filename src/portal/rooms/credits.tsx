import type { Context } from "hono";
import { accountObject } from "../../account/client.ts";
import { isReasonGiven } from "../../documents/lists/credit-history.ts";
import type { App } from "../../http/context.ts";
import { type CreditTransactionRow, listCreditTransactions } from "../../store/documents.ts";
import { buyingTexts } from "../../texts/buying.ts";
import { historyTexts } from "../../texts/histories.ts";
import { trialTexts } from "../../texts/trials.ts";
import { listFields, listFilter, listPage, readQuery } from "../query.ts";
import { ROOMS, resourcePath } from "../rooms.ts";
import { Downloads } from "../ui/downloads.tsx";
import { Days, Filters, List } from "../ui/list.tsx";
import { Change, Moment, Money } from "../ui/parts.tsx";
import { portalPage } from "../ui/portal-page.tsx";
import { Status } from "../ui/statuses.tsx";
import { WalletNow } from "../ui/wallet-now.tsx";
import { may, mayEnter, readerOf } from "../visitor.ts";

/** The credit history: every change of the wallet, and what was in it afterwards. */
export async function credits(c: Context<App>) {
  const reader = readerOf(c);
  const { locale, timeZone } = reader;
  const texts = historyTexts[locale];
  const query = readQuery(c, listFields);
  const filter = listFilter(query.asked, timeZone);
  const { id: account } = c.var.account;
  const [found, wallets] = await Promise.all([
    listCreditTransactions(c.env, account, filter),
    accountObject(c.env, account).balances(),
  ]);
  const content = (
    <>
      <div class="heading">
        <h1>{texts.credits}</h1>
        <div class="row">
          <Downloads c={c} query={query} rooms={["creditsXlsx", "creditsPdf"]} />
          {wallets?.pocWallet ? <a href={ROOMS.trialCredit.path}>{trialTexts[locale].history}</a> : null}
          {mayEnter(c, "buyCredit") ? (
            <a class="button primary" href={ROOMS.buyCredit.path}>
              {buyingTexts[locale].title}
            </a>
          ) : null}
        </div>
      </div>
      {wallets && may(c, "GetUserBalance") ? <WalletNow c={c} balances={wallets.balances} /> : null}
      <Filters query={query} locale={locale}>
        <Days asked={query.asked} locale={locale} />
      </Filters>
      <List
        query={query}
        locale={locale}
        title={texts.credits}
        page={listPage(found, filter)}
        columns={[
          {
            title: texts.time,
            cell: ({ atMs }) => <Moment atMs={atMs} reader={reader} />,
            isLead: true,
          },
          { title: texts.kind, cell: ({ type }) => <Status of="credit" is={type} locale={locale} /> },
          { title: texts.paidFor, cell: reasonOf },
          {
            title: texts.amount,
            cell: ({ amount }) => <Change minor={amount} reader={reader} />,
            align: "end",
          },
          {
            title: texts.available,
            cell: ({ available }) => <Money minor={available} reader={reader} />,
            align: "end",
          },
          { title: texts.held, cell: ({ held }) => <Money minor={held} reader={reader} />, align: "end" },
          {
            title: texts.total,
            cell: ({ available, held }) => <Money minor={available + held} reader={reader} />,
            align: "end",
          },
        ]}
        empty={
          <>
            <h2>{texts.noCredits}</h2>
            <p>{texts.noCreditsHint}</p>
          </>
        }
      />
    </>
  );
  return portalPage(c, texts.credits, content);
}

function reasonOf(row: CreditTransactionRow) {
  if (isReasonGiven(row)) return row.description;
  // What is held for a resource's use leads there.
  const isHold = row.type === "hold" || row.type === "release";
  return isHold && row.reference.startsWith("res_") ? (
    <a class="code" href={resourcePath(row.reference)}>
      {row.reference}
    </a>
  ) : (
    <span class="code">{row.reference}</span>
  );
}
