import type { Context } from "hono";
import type { RecordedAttempt } from "../../account/answers.ts";
import { accountObject } from "../../account/client.ts";
import type { PaymentId } from "../../domain/ids.ts";
import { balanceOf } from "../../domain/ledger.ts";
import { askAboutUntold } from "../../http/begin-payment.ts";
import { now } from "../../http/clock.ts";
import type { App } from "../../http/context.ts";
import { buyingTexts } from "../../texts/buying.ts";
import { fill } from "../../texts/fill.ts";
import { GATEWAY_TITLES } from "../../texts/gateways.ts";
import { formatMoney } from "../../texts/locale.ts";
import { payingTexts } from "../../texts/paying.ts";
import { formatReason } from "../../texts/reasons.ts";
import { ROOMS } from "../rooms.ts";
import { nothingHere } from "../ui/closed.tsx";
import { Money } from "../ui/parts.tsx";
import { portalPage } from "../ui/portal-page.tsx";
import { Waiting, waitingTitle } from "../ui/waiting.tsx";
import { may, mayEnter, readerOf } from "../visitor.ts";
import { sourceOf } from "./buy-credit.tsx";

/** Credit that is being bought: its gateway leads back here, and the page shows what has come of it. */
export async function topUp(c: Context<App>) {
  const {
    env,
    var: { account },
  } = c;
  const recorded = await accountObject(env, account.id).attempt(c.req.param("payment") as PaymentId);
  const isTopUp = recorded?.payment.kind === "deposit" && recorded.payment.order === null;
  if (!isTopUp) return nothingHere(c);
  if (isBack(c)) return comeBack(c, recorded);
  switch (recorded.attempt.status) {
    case "open":
      return awaited(c, recorded);
    case "succeeded":
      return bought(c, recorded);
    case "failed":
      return failed(c, recorded);
  }
}

/** Gateways add to the address that they lead back to. */
const isBack = (c: Context<App>): boolean => new URL(c.req.url).search !== "";

async function comeBack(c: Context<App>, { attempt }: RecordedAttempt) {
  if (attempt.status === "open") await askAboutUntold(c, c.var.account.id, [attempt]);
  return c.redirect(c.req.path, 303);
}

function awaited(c: Context<App>, { attempt }: RecordedAttempt) {
  const waiting = { attempt, reader: readerOf(c), nowMs: now(c) };
  const title = waitingTitle(waiting);
  const content = (
    <>
      <h1>{title}</h1>
      <Waiting {...waiting} anotherWay={ROOMS.buyCredit.path} />
    </>
  );
  return portalPage(c, title, content, { looksAgain: true });
}

async function bought(c: Context<App>, { payment }: RecordedAttempt) {
  const reader = readerOf(c);
  const texts = buyingTexts[reader.locale];
  const found = may(c, "GetUserBalance") ? await accountObject(c.env, c.var.account.id).balances() : null;
  const amount = formatMoney(payment.amount, payment.currency, reader.locale);
  const title = fill(texts.boughtTitle, { amount });
  const content = (
    <>
      <h1>{title}</h1>
      <section class="card contained">
        <p>{texts.boughtHint}</p>
        {found ? (
          <dl class="facts start">
            <dt>{texts.available}</dt>
            <dd>
              <Money minor={balanceOf(found.balances, "credit_available")} reader={reader} />
            </dd>
          </dl>
        ) : null}
        <p class="row">
          {mayEnter(c, "credits") ? (
            <a class="button primary" href={ROOMS.credits.path}>
              {texts.toHistory}
            </a>
          ) : null}
        </p>
      </section>
    </>
  );
  return portalPage(c, title, content);
}

function failed(c: Context<App>, { payment, attempt: { gateway, linkedAccount } }: RecordedAttempt) {
  const { locale } = readerOf(c);
  const texts = buyingTexts[locale];
  const why = fill(payingTexts[locale].refused, { gateway: GATEWAY_TITLES[gateway] });
  const source = sourceOf(gateway, linkedAccount);
  const again = new URLSearchParams({ amount: String(payment.amount), gateway: source });
  const content = (
    <>
      <h1>{texts.failedTitle}</h1>
      <section class="card contained">
        <p>
          {why} {formatReason(payment.reason ?? "", locale)}
        </p>
        <p class="row">
          <a class="button primary" href={`${ROOMS.buyCredit.path}?${again}`}>
            {texts.tryAgain}
          </a>
        </p>
      </section>
    </>
  );
  return portalPage(c, texts.failedTitle, content);
}
