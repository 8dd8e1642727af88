import type { Context } from "hono";
import { accountObject } from "../../account/client.ts";
import { now } from "../../http/clock.ts";
import { callerOf } from "../../http/commands.ts";
import type { App } from "../../http/context.ts";
import { type CostsAsked, readCosts } from "../../http/read-costs.ts";
import { listCreditNotes, listInvoices, listPayments } from "../../store/documents.ts";
import { buyingTexts } from "../../texts/buying.ts";
import { dashboardTexts } from "../../texts/dashboard.ts";
import { ROOMS } from "../rooms.ts";
import { CreditCard, MonthCostCard, ResourcesCard } from "../ui/dashboard-cards.tsx";
import { BillsToPay, EndingSoon, LatestDocuments, LatestPayments } from "../ui/dashboard-lists.tsx";
import { Shortages } from "../ui/holds.tsx";
import { Overdue } from "../ui/overdue.tsx";
import { portalPage } from "../ui/portal-page.tsx";
import { TrialCreditCard, TrialNotice } from "../ui/trial-credit.tsx";
import { may, mayEnter, readerOf } from "../visitor.ts";

/** So many of the latest documents and payments are shown. */
const LATEST = 5;
const latest = { limit: LATEST };

/** What the present month costs, as it is used. */
const MONTH_COST: CostsAsked = { granularity: "monthly", groupBy: "product", basis: "used" };

/** The portal's first page: what there is, what needs looking after, what happened last. */
export async function dashboard(c: Context<App>) {
  const { account, principal, session } = c.var;
  const object = accountObject(c.env, account.id);
  const nowMs = now(c);
  const [balances, resources, documents, payments, holds, overdue, unpaid, month] = await Promise.all([
    object.balances(),
    mayEnter(c, "resources") ? object.resources(callerOf(principal)) : null,
    mayEnter(c, "billing") ? latestDocuments(c) : null,
    mayEnter(c, "payments") ? listPayments(c.env, account.id, latest) : null,
    may(c, "GetUserBalance") ? object.holds() : null,
    mayEnter(c, "billing") ? object.overdueBills(nowMs) : null,
    mayEnter(c, "billing") ? object.billsToPayFirst() : null,
    mayEnter(c, "costs") ? readCosts(c.env, account.id, MONTH_COST, nowMs) : null,
  ]);
  const reader = readerOf(c);
  const texts = dashboardTexts[reader.locale];
  const alive = resources?.filter(({ state }) => state !== "deleted") ?? null;
  const cost = month && "report" in month ? month.report : null;
  const trial = balances?.pocWallet && {
    ...balances,
    pocWallet: balances.pocWallet,
    resources: alive ?? [],
    nowMs,
  };
  const isNew = resources?.length === 0;
  const sees = [balances && may(c, "GetUserBalance"), alive, documents, payments, cost].some(Boolean);
  const content = (
    <>
      <h1>{texts.title}</h1>
      {overdue ? <Overdue c={c} overdue={overdue} /> : null}
      {holds ? <Shortages c={c} holds={holds} /> : null}
      {trial && alive ? <TrialNotice c={c} trial={trial} /> : null}
      {sees ? null : <p class="quiet">{texts.elsewhere}</p>}
      {mayEnter(c, "buyCredit") && !may(c, "GetUserBalance") ? (
        <p>
          <a class="button" href={ROOMS.buyCredit.path}>
            {buyingTexts[reader.locale].title}
          </a>
        </p>
      ) : null}
      <div class="grid">
        {balances && may(c, "GetUserBalance") ? (
          <CreditCard c={c} balances={balances.balances} holds={holds} />
        ) : null}
        {cost ? <MonthCostCard report={cost} reader={reader} /> : null}
        {trial && may(c, "GetUserBalance") ? <TrialCreditCard c={c} trial={trial} /> : null}
        {alive ? <ResourcesCard resources={alive} reader={reader} /> : null}
      </div>
      {isNew ? (
        <section class="card empty">
          <h2>{texts.welcome}</h2>
          <p>{texts.welcomeHint}</p>
          <p>
            <a class="button primary" href={session.returnUrl}>
              {texts.order}
            </a>
          </p>
        </section>
      ) : (
        <>
          {unpaid ? <BillsToPay c={c} {...unpaid} nowMs={nowMs} /> : null}
          {alive ? (
            <EndingSoon c={c} resources={alive} pocWallet={balances?.pocWallet ?? null} nowMs={nowMs} />
          ) : null}
          <div class="pair">
            {documents ? <LatestDocuments c={c} documents={documents} /> : null}
            {payments ? <LatestPayments c={c} payments={payments.slice(0, LATEST)} /> : null}
          </div>
        </>
      )}
    </>
  );
  return portalPage(c, texts.title, content);
}

/** Invoices and credit notes are numbered together. */
async function latestDocuments({ env, var: { account } }: Context<App>) {
  const [invoices, notes] = await Promise.all([
    listInvoices(env, account.id, latest),
    listCreditNotes(env, account.id, latest),
  ]);
  return [...invoices, ...notes].sort((a, b) => b.n - a.n).slice(0, LATEST);
}
