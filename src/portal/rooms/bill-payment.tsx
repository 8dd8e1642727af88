import type { Context } from "hono";
import type { BillPayment } from "../../account/answers.ts";
import { accountObject } from "../../account/client.ts";
import type { Attempt } from "../../domain/attempts/attempt.ts";
import { isOpenBill } from "../../domain/bills/bill.ts";
import type { PaymentId } from "../../domain/ids.ts";
import { sum } from "../../domain/money.ts";
import { askAboutUntold } from "../../http/begin-payment.ts";
import { now } from "../../http/clock.ts";
import type { App } from "../../http/context.ts";
import { billsTexts } from "../../texts/bills.ts";
import { fill } from "../../texts/fill.ts";
import { GATEWAY_TITLES } from "../../texts/gateways.ts";
import { formatMoney } from "../../texts/locale.ts";
import { payingTexts } from "../../texts/paying.ts";
import { portalTexts } from "../../texts/portal.ts";
import { formatReason } from "../../texts/reasons.ts";
import { choiceOf } from "../checkout/form.ts";
import { billsPath, ROOMS } from "../rooms.ts";
import { BillList } from "../ui/bill-list.tsx";
import { nothingHere } from "../ui/closed.tsx";
import { portalPage } from "../ui/portal-page.tsx";
import { Waiting, waitingTitle } from "../ui/waiting.tsx";
import { mayEnter, readerOf } from "../visitor.ts";

/** A payment of bills: its gateway leads back here, and the page shows what has come of it. */
export async function billPayment(c: Context<App>) {
  const { account } = c.var;
  const found = await accountObject(c.env, account.id).billPayment(c.req.param("payment") as PaymentId);
  if (!found) return nothingHere(c);
  const { payment, attempt } = found;
  // Gateways add to the address that they lead back to.
  if (new URL(c.req.url).search !== "") {
    if (attempt?.status === "open") await askAboutUntold(c, account.id, [attempt]);
    return c.redirect(c.req.path, 303);
  }
  if (attempt?.status === "open") return awaited(c, found, attempt);
  return payment.status === "succeeded" ? succeeded(c, found) : failed(c, found, attempt);
}

const againPath = ({ bills }: BillPayment, more: Readonly<Record<string, string>> = {}): string =>
  billsPath(
    bills.filter(isOpenBill).map(({ code }) => code),
    more,
  );

function awaited(c: Context<App>, found: BillPayment, attempt: Attempt) {
  const waiting = { attempt, reader: readerOf(c), nowMs: now(c) };
  const title = waitingTitle(waiting);
  const content = (
    <>
      <h1>{title}</h1>
      <Waiting {...waiting} anotherWay={againPath(found)} />
    </>
  );
  return portalPage(c, title, content, { looksAgain: true });
}

/** The bills are paid; or the money became credit, where they needed it no more. */
function succeeded(c: Context<App>, found: BillPayment) {
  const { locale } = readerOf(c);
  const { payment, bills } = found;
  const texts = billsTexts[locale];
  const isCredit = payment.kind === "deposit";
  // Credit that was held beside what a gateway took has paid, too.
  const paid = isCredit ? payment.amount : sum(payment.lines.map((line) => line.amount));
  const amount = formatMoney(paid, payment.currency, locale);
  const title = fill(isCredit ? texts.becameCreditTitle : texts.paidTitle, { amount });
  const content = (
    <>
      <h1>{title}</h1>
      {isCredit ? <p>{texts.becameCredit}</p> : null}
      <BillList c={c} bills={bills} nowMs={now(c)} />
      <p class="row">
        {bills.some(isOpenBill) ? (
          <a class="button primary" href={againPath(found)}>
            {texts.payRest}
          </a>
        ) : null}
        {mayEnter(c, "billing") ? (
          <a class="button" href={ROOMS.billing.path}>
            {portalTexts[locale].rooms.billing}
          </a>
        ) : null}
      </p>
    </>
  );
  return portalPage(c, title, content);
}

function failed(c: Context<App>, found: BillPayment, attempt: Attempt | null) {
  const { locale } = readerOf(c);
  const texts = billsTexts[locale];
  const why = attempt ? fill(payingTexts[locale].refused, { gateway: GATEWAY_TITLES[attempt.gateway] }) : "";
  const again = attempt ? { method: choiceOf(attempt.method, attempt.gateway, attempt.linkedAccount) } : {};
  const content = (
    <>
      <h1>{texts.failedTitle}</h1>
      <section class="card contained">
        <p>
          {why} {formatReason(found.payment.reason ?? "", locale)}
        </p>
        <p class="row">
          <a class="button primary" href={againPath(found, again)}>
            {payingTexts[locale].anotherWay}
          </a>
        </p>
      </section>
    </>
  );
  return portalPage(c, texts.failedTitle, content);
}
