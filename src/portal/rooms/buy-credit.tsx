import type { Context } from "hono";
import type { GatewayTerms } from "../../domain/attempts/offers.ts";
import { type GatewayName, offerOf } from "../../domain/gateway.ts";
import type { LinkedAccountId } from "../../domain/linking/linked-account.ts";
import { type Money as Amount, ZERO } from "../../domain/money.ts";
import { chargeable, gatewaysFor, startTopUp, termsOf } from "../../http/begin-payment.ts";
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
import { nameOfLinked } from "../ui/linked-list.tsx";
import { Field, FieldError, Notice, type Reader } from "../ui/parts.tsx";
import { portalPage } from "../ui/portal-page.tsx";
import { readerOf } from "../visitor.ts";

/** What a source of credit is called in the form. */
export const sourceOf = (gateway: GatewayName, linkedAccount: LinkedAccountId | null): string =>
  linkedAccount ? `linked-${linkedAccount}` : gateway;

/** The form that buys credit; whoever tries again finds in it what they asked for. */
export const buyCredit = (c: Context<App>) => {
  const { amount = "", gateway = "" } = c.req.query();
  return page(c, { status: 200, entered: { amount, gateway } });
};

/** Begins to buy credit, and takes its buyer to the gateway. */
export async function beginTopUp(c: Context<App>) {
  const entered = await enteredIn(c);
  const read = await readTopUp(c, entered);
  if ("errors" in read) return page(c, { status: 422, entered, errors: read.errors });
  const { amount, source } = read;
  if (!asOnePress(c, entered.attempt, `top-up ${amount} ${source.value}`))
    return page(c, { status: 400, entered });
  const returnUrlOf = (payment: string) => `${publicUrl(c)}${topUpPath(payment)}`;
  const outcome = await startTopUp(c, c.var.account.id, { amount, ...source.at, returnUrlOf });
  if (outcome.kind !== "answered") return page(c, { ...refusalTold(c, outcome), entered });
  const { payment, redirectUrl } = outcome.answer;
  return redirectUrl === null ? c.redirect(topUpPath(payment.id), 303) : toGateway(c, payment, redirectUrl);
}

/** Where credit can be bought: at a gateway, or from an account that is linked there. */
interface Source {
  /** What it is called in the form. */
  readonly value: string;
  readonly name: string;
  readonly terms: GatewayTerms;
  readonly at: { readonly gateway: GatewayName } | { readonly linkedAccount: LinkedAccountId };
}

/** Linked accounts first: nobody has to leave the page. */
async function sourcesFor(c: Context<App>): Promise<readonly Source[]> {
  const gateways = gatewaysFor(c);
  const linked = (await chargeable(c, c.var.account.id)).flatMap((account): Source[] => {
    const gateway = gateways.get(account.gateway);
    if (!gateway) return [];
    const at = { linkedAccount: account.id };
    return [
      { value: sourceOf(gateway.name, account.id), name: nameOfLinked(account), terms: termsOf(gateway), at },
    ];
  });
  const direct = [...gateways.values()].map((gateway): Source => {
    const { name } = gateway;
    return {
      value: sourceOf(name, null),
      name: GATEWAY_TITLES[name],
      terms: termsOf(gateway),
      at: { gateway: name },
    };
  });
  return [...linked, ...direct];
}

type Read = { readonly amount: Amount; readonly source: Source } | { readonly errors: FieldErrors };

async function readTopUp(c: Context<App>, entered: Entered): Promise<Read> {
  const { currency, locale } = readerOf(c);
  const texts = buyingTexts[locale];
  const amount = readAmount(entered.amount ?? "", currency);
  if (amount === null || amount === ZERO) return { errors: { amount: texts.amountInvalid } };
  const source = (await sourcesFor(c)).find(({ value }) => value === entered.gateway);
  if (!source) return { errors: { gateway: texts.gatewayInvalid } };
  const offer = offerOf(source.terms.limits, amount, currency);
  if (offer.kind === "offered") return { amount, source };
  const gateway = GATEWAY_TITLES[source.terms.name];
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

async function page(c: Context<App>, { status, notice, entered = {}, errors = {} }: Told) {
  const reader = readerOf(c);
  const texts = buyingTexts[reader.locale];
  const sources = (await sourcesFor(c)).filter(({ terms }) => terms.limits.currency === reader.currency);
  const content = (
    <>
      <div>
        <h1>{texts.title}</h1>
        <p class="quiet">{texts.hint}</p>
      </div>
      {notice ? <Notice tone={notice.tone}>{notice.text}</Notice> : null}
      {sources.length === 0 ? (
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
            <Sources {...{ sources, entered, errors, reader }} />
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

interface SourcesProps {
  readonly sources: readonly Source[];
  readonly entered: Entered;
  readonly errors: FieldErrors;
  readonly reader: Reader;
}

const Sources = ({ sources, entered, errors, reader: { locale, currency } }: SourcesProps) => {
  const texts = buyingTexts[locale];
  const chosen = sources.find(({ value }) => value === entered.gateway) ?? sources[0];
  const words = (minor: Amount) => formatMoney(minor, currency, locale);
  return (
    <fieldset class="stack tight">
      <legend>{texts.payAt}</legend>
      {sources.map(({ value, name, terms: { limits } }) => (
        <div class="method">
          <label for={`gateway-${value}`}>
            <input
              type="radio"
              id={`gateway-${value}`}
              name="gateway"
              value={value}
              checked={value === chosen?.value}
              aria-describedby={`limits-${value}`}
            />
            <span class="name">{name}</span>
          </label>
          <p class="hint" id={`limits-${value}`}>
            {fill(texts.limits, { min: words(limits.minMinor), max: words(limits.maxMinor) })}
          </p>
        </div>
      ))}
      <FieldError id="gateway">{errors.gateway}</FieldError>
    </fieldset>
  );
};
