import type { Context } from "hono";
import type { BillsToPay } from "../../account/answers.ts";
import { accountObject } from "../../account/client.ts";
import { totalOpen } from "../../domain/bills/bill.ts";
import { ID_PATTERN, type InvoiceCode } from "../../domain/ids.ts";
import { money } from "../../domain/money.ts";
import { chargeable, methodsFor } from "../../http/begin-payment.ts";
import { now } from "../../http/clock.ts";
import type { Requested } from "../../http/commands.ts";
import type { App } from "../../http/context.ts";
import { billPaymentPath } from "../../http/links.ts";
import { type BillWish, MAX_BILLS, payBills as pay } from "../../http/pay-bills.ts";
import { billsTexts } from "../../texts/bills.ts";
import { fill } from "../../texts/fill.ts";
import { GATEWAY_TITLES } from "../../texts/gateways.ts";
import { formatMoney } from "../../texts/locale.ts";
import { portalTexts } from "../../texts/portal.ts";
import { refusals } from "../../texts/refusals.ts";
import { Attempt, asOnePress } from "../attempt.tsx";
import { readChoice, readPart } from "../checkout/form.ts";
import { canPay, type Due, Methods } from "../checkout/methods.tsx";
import { chosenBills } from "../chosen.ts";
import { type Entered, enteredIn, noticeOf, type Told } from "../form.ts";
import { languageOf } from "../language.ts";
import { refusalTold } from "../order-here.ts";
import { ROOMS } from "../rooms.ts";
import { BillList } from "../ui/bill-list.tsx";
import { toGateway } from "../ui/lead-on.tsx";
import { Money, Notice, type Reader } from "../ui/parts.tsx";
import { portalPage } from "../ui/portal-page.tsx";
import { mayEnter, readerOf } from "../visitor.ts";

/** What there is to pay of the bills that were chosen, and how that can be done. */
export const bills = (c: Context<App>) =>
  page(c, codesIn(c.req.queries("bill") ?? []), {
    status: 200,
    entered: { method: c.req.query("method") ?? "" },
  });

/** Pays them, or takes their payer to the gateway. */
export async function payBills(c: Context<App>) {
  const entered = await enteredIn(c);
  const codes = codesIn(await chosenBills(c));
  const wish = readWish(entered);
  const about = `bills ${codes.join(" ")} ${entered.total} ${entered.method}`;
  if (codes.length === 0 || !wish || !asOnePress(c, entered.attempt, about))
    return page(c, codes, { ...noticeOf(400, refusals[languageOf(c)].invalid_request), entered });
  const outcome = await pay(c, c.var.account.id, codes, wish);
  if (outcome.kind !== "answered") return page(c, codes, { ...toldOf(c, outcome), entered });
  const { payment, redirectUrl } = outcome.answer;
  return redirectUrl === null
    ? c.redirect(billPaymentPath(payment.id), 303)
    : toGateway(c, payment, redirectUrl);
}

const codesIn = (texts: readonly string[]): InvoiceCode[] =>
  [...new Set(texts)].filter((text) => ID_PATTERN.test(text)).slice(0, MAX_BILLS) as InvoiceCode[];

const TOTAL = /^[1-9]\d{0,14}$/;

/** What was shown is paid, or the part of it that credit is enough for; null for what no form of ours says. */
function readWish({ method, total = "" }: Entered): BillWish | null {
  const part = readPart(method);
  if (part !== null) return { method: "credit", amount: part };
  const wish = readChoice(method);
  return wish && TOTAL.test(total) ? { ...wish, amount: money(Number(total)) } : null;
}

/** Bills that were paid otherwise are left out of what the page shows then. */
const toldOf = (c: Context<App>, outcome: Requested<unknown>): Told =>
  outcome.kind === "refused" && !CHANGED.includes(outcome.error.code)
    ? refusalTold(c, outcome)
    : noticeOf(409, billsTexts[languageOf(c)].changed);

const CHANGED: readonly string[] = ["invoice_already_paid", "amount_exceeds_open", "invoice_not_found"];

async function page(c: Context<App>, codes: readonly InvoiceCode[], told: Told) {
  const { account } = c.var;
  const [found, linked] = await Promise.all([
    accountObject(c.env, account.id).billsToPay(codes),
    chargeable(c, account.id),
  ]);
  const reader = readerOf(c);
  const texts = billsTexts[reader.locale];
  const { available } = found;
  const toPay = totalOpen(found.bills);
  const methods = methodsFor(c, { toPay, available, currency: account.currency }, linked);
  const due: Due = { toPay, available, methods, last: null, inParts: true };
  const content = (
    <>
      <nav aria-label={texts.paidFor}>
        {mayEnter(c, "billing") ? (
          <a href={ROOMS.billing.path}>← {portalTexts[reader.locale].rooms.billing}</a>
        ) : null}
      </nav>
      <h1>{texts.title}</h1>
      {told.notice ? <Notice tone={told.notice.tone}>{told.notice.text}</Notice> : null}
      <Undecided attempts={found.attempts} reader={reader} />
      {found.bills.length === 0 ? (
        <p class="card empty">{texts.nothing}</p>
      ) : (
        <>
          <BillList c={c} bills={found.bills} nowMs={now(c)} />
          <PayForm found={found} due={due} reader={reader} entered={told.entered ?? {}} />
        </>
      )}
    </>
  );
  return portalPage(c, texts.title, content, { status: told.status });
}

/** What was begun before and may still pay: whoever pays otherwise meanwhile must know. */
const Undecided = ({ attempts, reader }: Pick<BillsToPay, "attempts"> & { readonly reader: Reader }) =>
  attempts.map(({ amount, gateway }) => (
    <Notice tone="accent">
      {fill(billsTexts[reader.locale].undecided, {
        amount: formatMoney(amount, reader.currency, reader.locale),
        gateway: GATEWAY_TITLES[gateway],
      })}
    </Notice>
  ));

interface PayFormProps {
  readonly found: BillsToPay;
  readonly due: Due;
  readonly reader: Reader;
  readonly entered: Entered;
}

const PayForm = ({ found, due, reader, entered }: PayFormProps) => {
  const texts = billsTexts[reader.locale];
  return (
    <section class="card contained">
      <form method="post" action={ROOMS.payBills.path} class="stack">
        <Attempt />
        {found.bills.map(({ code }) => (
          <input type="hidden" name="bill" value={code} />
        ))}
        <input type="hidden" name="total" value={String(due.toPay)} />
        <dl class="facts">
          <dt class="total">{texts.total}</dt>
          <dd class="total">
            <Money minor={due.toPay} reader={reader} />
          </dd>
        </dl>
        <Methods due={due} reader={reader} entered={entered} />
        {canPay(due) ? null : <p class="notice warn">{texts.noMethod}</p>}
        <button type="submit" id="pay" class="primary wide-button" disabled={!canPay(due)}>
          {texts.pay}
        </button>
      </form>
    </section>
  );
};
