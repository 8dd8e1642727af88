import type { Context } from "hono";
import type { Child } from "hono/jsx";
import { accountObject } from "../../account/client.ts";
import { toPayForOrder } from "../../domain/order.ts";
import { now } from "../../http/clock.ts";
import type { App } from "../../http/context.ts";
import type { Shared, SharedOrder } from "../../http/share-order.ts";
import { checkoutTexts } from "../../texts/checkout.ts";
import { fill } from "../../texts/fill.ts";
import { GATEWAY_TITLES } from "../../texts/gateways.ts";
import { formatInstant } from "../../texts/locale.ts";
import { payingTexts } from "../../texts/paying.ts";
import { formatReason } from "../../texts/reasons.ts";
import { sharingTexts } from "../../texts/sharing.ts";
import { Attempt } from "../attempt.tsx";
import { moreOf, Option } from "../checkout/methods.tsx";
import type { Told } from "../form.ts";
import { languageOf } from "../language.ts";
import { answerPage, Brand } from "../ui/document.tsx";
import { Money, Notice, type Reader } from "../ui/parts.tsx";
import { Waiting, waitingTitle } from "../ui/waiting.tsx";

const REFRESH_SECONDS = 5;
/** Whoever waits for their payment can ask for this page to pay another way. */
const ANOTHER_WAY = "?way=another";

/** One order, and nothing else of its account: to be paid, or waited for. */
export async function sharePage(c: Context<App>, shared: Shared, found: SharedOrder, told: Told) {
  const { order, share, isBeingPaid } = found;
  const locale = languageOf(c);
  const object = accountObject(c.env, shared.account);
  const [account, [newest]] = await Promise.all([object.account(), object.attemptsAt(order.id)]);
  const reader: Reader = { locale, timeZone: account?.timeZone ?? "UTC", currency: order.currency };
  const texts = sharingTexts[locale];
  const isWaiting = isBeingPaid && c.req.query("way") !== "another" && told.status === 200;
  const isOwn = newest?.payment.paidBy === share.email;
  const answer = (heading: string, body: Child) =>
    answerPage(
      c,
      { locale, title: heading, header: <Brand locale={locale} />, width: "slim", looksAgain: isWaiting },
      <>
        <h1>{heading}</h1>
        {told.notice ? <Notice tone={told.notice.tone}>{told.notice.text}</Notice> : null}
        {body}
      </>,
      told.status,
    );
  if (isWaiting && isOwn) {
    const awaited = { attempt: newest.attempt, reader, nowMs: now(c) };
    return answer(waitingTitle(awaited), <Waiting {...awaited} anotherWay={ANOTHER_WAY} />);
  }
  if (isWaiting)
    return answer(
      texts.isBeingPaid,
      <p class="card" data-refresh={REFRESH_SECONDS}>
        {texts.isBeingPaidHint}
      </p>,
    );
  const failed = isOwn && newest.attempt.status === "failed" ? newest : null;
  const paying = payingTexts[locale];
  return answer(
    texts.title,
    <>
      {failed ? (
        <Notice tone="warn">
          {fill(paying.refused, { gateway: GATEWAY_TITLES[failed.attempt.gateway] })}{" "}
          {formatReason(failed.payment.reason ?? "", locale)} {paying.tryAgain}
        </Notice>
      ) : null}
      <p class="quiet">{texts.hint}</p>
      <Bill found={found} reader={reader} />
      <section class="card">
        <PayForm found={found} reader={reader} />
      </section>
    </>,
  );
}

interface FoundProps {
  readonly found: SharedOrder;
  readonly reader: Reader;
}

/** What is ordered, and what it costs. */
const Bill = ({ found: { order }, reader }: FoundProps) => {
  const texts = checkoutTexts[reader.locale];
  const { lines, coupon, discount } = order.quote;
  return (
    <section class="card">
      <ul class="list">
        {lines.map(({ name, charges, gross }) => (
          <li>
            <div class="split">
              <span>{name}</span>
              <Money minor={gross} reader={reader} />
            </div>
            <div class="quiet small">
              {charges
                .flatMap(({ items }) => items)
                .map(({ quantity, name: item }) => `${quantity} × ${item}`)
                .join(" · ")}
            </div>
          </li>
        ))}
      </ul>
      <dl class="facts">
        {coupon === null ? null : (
          <>
            <dt>{texts.coupon}</dt>
            <dd>
              <Money minor={-discount} reader={reader} />
            </dd>
          </>
        )}
        <dt class="total">{texts.total}</dt>
        <dd class="total">
          <Money minor={toPayForOrder(order)} reader={reader} />
        </dd>
      </dl>
    </section>
  );
};

const PayForm = ({ found: { order, share, offers }, reader }: FoundProps) => {
  const texts = checkoutTexts[reader.locale];
  const toPay = toPayForOrder(order);
  const chosen = offers.find(({ offer }) => offer.kind === "offered")?.gateway;
  return (
    <form method="post" action="?" class="stack">
      <Attempt />
      <input type="hidden" name="total" value={String(order.quote.total)} />
      <fieldset class="stack tight">
        <legend>
          <h2>{payingTexts[reader.locale].payWith}</h2>
        </legend>
        {offers.map(({ gateway, offer }) => (
          <Option
            field="gateway"
            value={gateway}
            name={GATEWAY_TITLES[gateway]}
            chosen={chosen}
            amount={offer.kind === "offered" ? offer.amount : null}
            more={moreOf(offer, toPay, reader)}
            reader={reader}
          />
        ))}
      </fieldset>
      <button type="submit" id="pay" class="primary wide-button" disabled={chosen === undefined}>
        {texts.pay} <Money minor={toPay} reader={reader} />
      </button>
      <p class="hint">
        {fill(sharingTexts[reader.locale].payUntil, {
          until: formatInstant(share.untilMs, reader.timeZone, reader.locale),
        })}
      </p>
    </form>
  );
};
