import type { Context } from "hono";
import { accountObject } from "../../account/client.ts";
import type { GatewayName } from "../../domain/gateway.ts";
import type { OrderId } from "../../domain/ids.ts";
import { defaultOf, type LinkedAccountId } from "../../domain/linking/linked-account.ts";
import { type Order, toPayForOrder } from "../../domain/order.ts";
import { gatewaysFor } from "../../http/begin-payment.ts";
import { now } from "../../http/clock.ts";
import { ask, callerOf } from "../../http/commands.ts";
import type { App } from "../../http/context.ts";
import { startLink, unlink } from "../../http/link-account.ts";
import { publicUrl } from "../../http/links.ts";
import { fill } from "../../texts/fill.ts";
import { GATEWAY_TITLES } from "../../texts/gateways.ts";
import { linkingTexts } from "../../texts/linking.ts";
import { formatShortInstant } from "../../texts/locale.ts";
import { payingTexts } from "../../texts/paying.ts";
import { refusals } from "../../texts/refusals.ts";
import { Attempt, asOnePress } from "../attempt.tsx";
import { enteredIn, type FieldErrors, noticeOf, type Told } from "../form.ts";
import { refusalTold, toCheckout } from "../order-here.ts";
import { billsPath, ROOMS } from "../rooms.ts";
import { BillList } from "../ui/bill-list.tsx";
import { leadOn } from "../ui/lead-on.tsx";
import { LinkedList, nameOfLinked } from "../ui/linked-list.tsx";
import { Card, FieldError, Money, Notice, type Reader } from "../ui/parts.tsx";
import { portalPage } from "../ui/portal-page.tsx";
import { mayEnter, readerOf } from "../visitor.ts";

/** The accounts at gateways that pay without anybody going there, and what they could pay now. */
export const linkedAccounts = (c: Context<App>) => page(c, { status: 200 });

/** Begins to link an account, and takes its owner to the gateway. */
export async function linkAccount(c: Context<App>) {
  const { gateway = "", attempt } = await enteredIn(c);
  const { locale } = readerOf(c);
  const texts = linkingTexts[locale];
  const known = linkingGateways(c).find((name) => name === gateway);
  if (!known) return page(c, { status: 422, errors: { gateway: texts.gatewayInvalid } });
  if (!asOnePress(c, attempt, `link ${known}`)) return page(c, { status: 400 });
  const returnUrlOf = () => `${publicUrl(c)}${ROOMS.linkedAccounts.path}`;
  const outcome = await startLink(c, c.var.account.id, { gateway: known, returnUrlOf });
  if (outcome.kind !== "answered") return page(c, refusalTold(c, outcome));
  const { redirectUrl } = outcome.answer;
  if (redirectUrl === null) return c.redirect(ROOMS.linkedAccounts.path, 303);
  const name = { gateway: GATEWAY_TITLES[known] };
  return leadOn(c, redirectUrl, {
    title: fill(payingTexts[locale].leaving, name),
    hint: texts.leavingHint,
    goOn: fill(payingTexts[locale].goTo, name),
  });
}

/** Lets an account pay where none is named. */
export async function chooseLinked(c: Context<App>) {
  const link = await linkIn(c);
  const outcome = await ask(c, c.var.account.id, { type: "choose_link", link });
  return afterwards(c, outcome.kind === "answered" ? null : refusalTold(c, outcome));
}

/** Ends a link, here at once. */
export async function unlinkAccount(c: Context<App>) {
  const outcome = await unlink(c, c.var.account.id, await linkIn(c));
  return afterwards(c, outcome.kind === "answered" ? null : refusalTold(c, outcome));
}

/** Opens the checkout of an order that waits to be paid. */
export async function payUnpaid(c: Context<App>) {
  const { order: id = "" } = await enteredIn(c);
  const caller = callerOf(c.var.principal);
  const order = await accountObject(c.env, c.var.account.id).order(id as OrderId, caller, now(c));
  return order ? toCheckout(c, order) : page(c, noticeOf(409, refusals[readerOf(c).locale].order_not_found));
}

const linkIn = async (c: Context<App>): Promise<LinkedAccountId> =>
  ((await enteredIn(c)).link ?? "") as LinkedAccountId;

const afterwards = (c: Context<App>, told: Told | null) =>
  told ? page(c, told) : c.redirect(ROOMS.linkedAccounts.path, 303);

/** Where accounts can be linked. */
const linkingGateways = (c: Context<App>): readonly GatewayName[] =>
  [...gatewaysFor(c).values()].flatMap(({ name, linking }) => (linking ? [name] : []));

async function page(c: Context<App>, { status, notice, errors = {} }: Told) {
  const reader = readerOf(c);
  const texts = linkingTexts[reader.locale];
  const { linked, gone, unpaid, bills } = await accountObject(c.env, c.var.account.id).linkedAccounts(now(c));
  const isLinked = linked.some((account) => account.status === "active");
  const content = (
    <>
      <div>
        <h1>{texts.title}</h1>
        <p class="quiet">{texts.hint}</p>
      </div>
      {notice ? <Notice tone={notice.tone}>{notice.text}</Notice> : null}
      {gone.map((account) => (
        <Notice tone="warn">{fill(texts.gone, { account: nameOfLinked(account) })}</Notice>
      ))}
      <LinkedList linked={linked} defaultId={defaultOf(linked)?.id ?? null} locale={reader.locale} />
      <LinkForm gateways={linkingGateways(c)} errors={errors} reader={reader} />
      {isLinked && mayEnter(c, "payUnpaid") && unpaid.length > 0 ? (
        <Unpaid orders={unpaid} reader={reader} />
      ) : null}
      {isLinked && mayEnter(c, "bills") && bills.length > 0 ? (
        <section class="stack">
          <h2>{texts.unpaidBills}</h2>
          <BillList c={c} bills={bills} nowMs={now(c)} />
          <p>
            <a class="button" id="pay-bills" href={billsPath(bills.map(({ code }) => code))}>
              {texts.payBills}
            </a>
          </p>
        </section>
      ) : null}
    </>
  );
  const looksAgain = linked.some((account) => account.status === "pending");
  return portalPage(c, texts.title, content, { status, looksAgain });
}

interface LinkFormProps {
  readonly gateways: readonly GatewayName[];
  readonly errors: FieldErrors;
  readonly reader: Reader;
}

const LinkForm = ({ gateways, errors, reader: { locale } }: LinkFormProps) => {
  const texts = linkingTexts[locale];
  if (gateways.length === 0) return <p class="quiet">{texts.noGateways}</p>;
  return (
    <section class="card contained">
      <form method="post" action={ROOMS.linkAccount.path} class="stack">
        <Attempt />
        <fieldset class="stack tight">
          <legend>{texts.linkAt}</legend>
          {gateways.map((name, index) => (
            <div class="method">
              <label for={`link-${name}`}>
                <input type="radio" id={`link-${name}`} name="gateway" value={name} checked={index === 0} />
                <span class="name">{GATEWAY_TITLES[name]}</span>
              </label>
            </div>
          ))}
          <FieldError id="gateway">{errors.gateway}</FieldError>
        </fieldset>
        <button type="submit" class="primary">
          {texts.link}
        </button>
      </form>
    </section>
  );
};

/** What waits to be paid, and can be paid with an account that was linked just now. */
const Unpaid = ({ orders, reader }: { readonly orders: readonly Order[]; readonly reader: Reader }) => {
  const texts = linkingTexts[reader.locale];
  return (
    <Card title={texts.unpaid}>
      <p class="quiet">{texts.unpaidHint}</p>
      <ul class="list">
        {orders.map((order) => (
          <li class="split">
            <div>
              <Money minor={toPayForOrder(order)} reader={reader} /> <span class="code">{order.id}</span>
              <div class="quiet small">
                {fill(texts.payUntil, {
                  until: formatShortInstant(order.expiresAtMs, reader.timeZone, reader.locale),
                })}
              </div>
            </div>
            <form method="post" action={ROOMS.payUnpaid.path}>
              <button type="submit" name="order" value={order.id}>
                {texts.openCheckout}
              </button>
            </form>
          </li>
        ))}
      </ul>
    </Card>
  );
};
