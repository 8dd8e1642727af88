import type { Context } from "hono";
import type { GatewayTerms } from "../../domain/attempts/offers.ts";
import { type GatewayName, offerOf } from "../../domain/gateway.ts";
import { type Money as Amount, ZERO } from "../../domain/money.ts";
import { gatewaysFor, startTopUp, termsOf } from "../../http/begin-payment.ts";
import type { App } from "../../http/context.ts";
import { publicUrl } from "../../http/links.ts";
import { buyingTexts } from "../../texts/buying.ts";
import { fill } from "../../texts/fill.ts";
import { GATEWAY_TITLES } from "../../texts/gateways.ts";
import { formatMoney } from "../../texts/locale.ts";
import { Attempt, asOnePress } from "../attempt.tsx";
import { type Entered, enteredIn, type FieldErrors, invalid, readAmount, type Told } from "../form.ts";
import { refusalTold } from "../order-here.ts";
import { ROOMS, topUpPath } from "../rooms.ts";
import { toGateway } from "../ui/lead-on.tsx";
import { Field, FieldError, Notice, type Reader } from "../ui/parts.tsx";
import { portalPage } from "../ui/portal-page.tsx";
import { readerOf } from "../visitor.ts";

/** The form that buys credit; whoever tries again finds in it what they asked for. */
export const buyCredit = (c: Context<App>) => {
  const { amount = "", gateway = "" } = c.req.query();
  return page(c, { status: 200, entered: { amount, gateway } });
};

/** Begins to buy credit, and takes its buyer to the gateway. */
export async function beginTopUp(c: Context<App>) {
  const entered = await enteredIn(c);
  const read = readTopUp(c, entered);
  if ("errors" in read) return page(c, { status: 422, entered, errors: read.errors });
  const { amount, gateway } = read;
  if (!asOnePress(c, entered.attempt, `top-up ${amount} ${gateway}`))
    return page(c, { status: 400, entered });
  const returnUrlOf = (payment: string) => `${publicUrl(c)}${topUpPath(payment)}`;
  const outcome = await startTopUp(c, c.var.account.id, { amount, gateway, returnUrlOf });
  if (outcome.kind !== "answered") return page(c, { ...refusalTold(c, outcome), entered });
  const { payment, redirectUrl } = outcome.answer;
  return redirectUrl === null ? c.redirect(topUpPath(payment.id), 303) : toGateway(c, payment, redirectUrl);
}

type Read = { readonly amount: Amount; readonly gateway: GatewayName } | { readonly errors: FieldErrors };

function readTopUp(c: Context<App>, entered: Entered): Read {
  const { currency, locale } = readerOf(c);
  const texts = buyingTexts[locale];
  const amount = readAmount(entered.amount ?? "", currency);
  if (amount === null || amount === ZERO) return { errors: { amount: texts.amountInvalid } };
  const chosen = [...gatewaysFor(c).values()].find(({ name }) => name === entered.gateway);
  if (!chosen) return { errors: { gateway: texts.gatewayInvalid } };
  const offer = offerOf(chosen.limits, amount, currency);
  if (offer.kind === "offered") return { amount, gateway: chosen.name };
  const gateway = GATEWAY_TITLES[chosen.name];
  const words = (minor: Amount) => ({ gateway, amount: formatMoney(minor, currency, locale) });
  switch (offer.why) {
    case "other_currency":
      return { errors: { gateway: fill(texts.otherCurrency, { gateway }) } };
    case "below_minimum":
      return { errors: { amount: fill(texts.belowMinimum, words(offer.minMinor)) } };
    case "above_maximum":
      return { errors: { amount: fill(texts.aboveMaximum, words(offer.maxMinor)) } };
  }
}

function page(c: Context<App>, { status, notice, entered = {}, errors = {} }: Told) {
  const reader = readerOf(c);
  const texts = buyingTexts[reader.locale];
  const known = [...gatewaysFor(c).values()].map(termsOf);
  const gateways = known.filter(({ limits }) => limits.currency === reader.currency);
  const content = (
    <>
      <div>
        <h1>{texts.title}</h1>
        <p class="quiet">{texts.hint}</p>
      </div>
      {notice ? <Notice tone={notice.tone}>{notice.text}</Notice> : null}
      {gateways.length === 0 ? (
        <p class="card empty">{texts.noGateways}</p>
      ) : (
        <section class="card contained">
          <form method="post" action={ROOMS.buyCredit.path} class="stack" novalidate>
            <Attempt />
            <Field id="amount" label={`${texts.amount} (${reader.currency})`} error={errors.amount}>
              <input
                id="amount"
                name="amount"
                inputmode="numeric"
                autocomplete="off"
                value={entered.amount ?? ""}
                {...invalid("amount", errors)}
              />
            </Field>
            <Gateways {...{ gateways, entered, errors, reader }} />
            <button type="submit" class="primary">
              {texts.submit}
            </button>
          </form>
        </section>
      )}
    </>
  );
  return portalPage(c, texts.title, content, { status });
}

interface GatewaysProps {
  readonly gateways: readonly GatewayTerms[];
  readonly entered: Entered;
  readonly errors: FieldErrors;
  readonly reader: Reader;
}

const Gateways = ({ gateways, entered, errors, reader: { locale, currency } }: GatewaysProps) => {
  const texts = buyingTexts[locale];
  const chosen = gateways.find(({ name }) => name === entered.gateway) ?? gateways[0];
  const words = (minor: Amount) => formatMoney(minor, currency, locale);
  return (
    <fieldset class="stack tight">
      <legend>{texts.payAt}</legend>
      {gateways.map(({ name, limits }) => (
        <div class="method">
          <label for={`gateway-${name}`}>
            <input
              type="radio"
              id={`gateway-${name}`}
              name="gateway"
              value={name}
              checked={name === chosen?.name}
              aria-describedby={`limits-${name}`}
            />
            <span class="name">{GATEWAY_TITLES[name]}</span>
          </label>
          <p class="hint" id={`limits-${name}`}>
            {fill(texts.limits, { min: words(limits.minMinor), max: words(limits.maxMinor) })}
          </p>
        </div>
      ))}
      <FieldError id="gateway">{errors.gateway}</FieldError>
    </fieldset>
  );
};
