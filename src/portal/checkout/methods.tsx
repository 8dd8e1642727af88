import type { Child, PropsWithChildren } from "hono/jsx";
import type { AttemptMethod } from "../../domain/attempts/attempt.ts";
import type { MethodListing, MethodOffer } from "../../domain/attempts/offers.ts";
import { type Money as Amount, add, subtract } from "../../domain/money.ts";
import { toPayForOrder } from "../../domain/order.ts";
import { checkoutTexts } from "../../texts/checkout.ts";
import { fill } from "../../texts/fill.ts";
import { GATEWAY_TITLES } from "../../texts/gateways.ts";
import { formatMoney } from "../../texts/locale.ts";
import { payingTexts } from "../../texts/paying.ts";
import type { Entered } from "../form.ts";
import { Money, type Reader } from "../ui/parts.tsx";
import { BY_CREDIT, choiceOf } from "./form.ts";
import type { Checkout } from "./session.tsx";

interface MethodsProps {
  readonly checkout: Checkout;
  readonly reader: Reader;
  readonly entered: Entered;
}

/** Every way to pay an order, with what it takes from where; one that isn't offered says why. */
export const Methods = ({ checkout, reader, entered }: MethodsProps) => {
  const texts = payingTexts[reader.locale];
  const chosen = chosenOf(checkout, entered);
  return (
    <fieldset class="stack">
      <legend>
        <h2>{texts.payWith}</h2>
      </legend>
      <CreditOption checkout={checkout} reader={reader} chosen={chosen} />
      {METHODS_SHOWN.map((method) => (
        <Group method={method} listings={listingsOf(checkout, method)} {...{ checkout, reader, chosen }} />
      ))}
    </fieldset>
  );
};

/** Whether there is any way to pay. */
export const canPay = ({ available, order, methods }: Checkout): boolean =>
  available >= toPayForOrder(order) || methods.some(({ offer }) => offer.kind === "offered");

/** What takes the least stands first: nobody has to leave the page, or credit is used. */
const METHODS_SHOWN: readonly AttemptMethod[] = ["linked", "top_up_and_pay", "gateway"];

/** Topping up without any credit to use takes the same as the gateway alone: one of the two is enough to choose from. */
function listingsOf({ available, methods }: Checkout, method: AttemptMethod): readonly MethodListing[] {
  const own = methods.filter((listing) => listing.method === method);
  if (method !== "top_up_and_pay" || available > 0) return own;
  return own.filter(({ gateway, offer }) => {
    const other = methods.find((listing) => listing.method === "gateway" && listing.gateway === gateway);
    return offer.kind === "offered" && other?.offer.kind !== "offered";
  });
}

/** What was chosen before, here or in an attempt that failed, where it is offered; else what takes least from elsewhere. */
function chosenOf(checkout: Checkout, entered: Entered): string | undefined {
  const { order, available, attempts } = checkout;
  const offered = METHODS_SHOWN.flatMap((method) => listingsOf(checkout, method))
    .flatMap(({ offer, ...listing }) =>
      offer.kind === "offered" ? [{ choice: choiceIn(listing), amount: offer.amount }] : [],
    )
    .sort((one, other) => one.amount - other.amount)
    .map(({ choice }) => choice);
  if (available >= toPayForOrder(order)) offered.unshift(BY_CREDIT);
  const [last] = attempts.map(({ attempt }) => attempt);
  const again =
    last?.status === "failed" ? choiceOf(last.method, last.gateway, last.linkedAccount) : undefined;
  const wishes = [entered.method, again];
  return wishes.find((wish) => wish !== undefined && offered.includes(wish)) ?? offered[0];
}

const choiceIn = ({ method, gateway, linkedAccount }: Omit<MethodListing, "offer">): string =>
  choiceOf(method, gateway, linkedAccount?.id ?? null);

interface OptionProps {
  readonly field: string;
  readonly value: string;
  readonly name: Child;
  readonly chosen: string | undefined;
  /** What is taken there; null where it isn't offered. */
  readonly amount: Amount | null;
  readonly more: string | null;
  readonly reader: Reader;
}

/** One way to pay, with what it takes; or why it isn't offered. */
export const Option = ({
  field,
  value,
  name,
  chosen,
  amount,
  more,
  reader,
  children,
}: PropsWithChildren<OptionProps>) => {
  const id = `${field}-${value.replace(":", "-")}`;
  return (
    <div class="method">
      <label for={id}>
        <input
          type="radio"
          id={id}
          name={field}
          value={value}
          checked={value === chosen}
          disabled={amount === null}
          aria-describedby={more === null ? undefined : `${id}-more`}
        />
        <span class="name">{name}</span>
        {amount === null ? null : <Money minor={amount} reader={reader} />}
      </label>
      {more === null ? null : (
        <p class="hint" id={`${id}-more`}>
          {more}
        </p>
      )}
      {children}
    </div>
  );
};

const CreditOption = ({
  checkout: { available, order },
  reader,
  chosen,
}: Pick<MethodsProps, "checkout" | "reader"> & { readonly chosen: string | undefined }) => {
  const texts = checkoutTexts[reader.locale];
  const toPay = toPayForOrder(order);
  const rest = subtract(available, toPay);
  const isEnough = rest >= 0;
  return (
    <Option
      field="method"
      value={BY_CREDIT}
      name={texts.credit}
      amount={isEnough ? toPay : null}
      more={isEnough ? null : payingTexts[reader.locale].notOffered.insufficient_credit}
      {...{ chosen, reader }}
    >
      <dl class="facts small">
        <dt>{texts.available}</dt>
        <dd>
          <Money minor={available} reader={reader} />
        </dd>
        <dt>{isEnough ? texts.after : texts.missing}</dt>
        <dd>
          <Money minor={isEnough ? rest : -rest} reader={reader} />
        </dd>
      </dl>
    </Option>
  );
};

/**
 * One method at every gateway there is, folded unless the chosen way is among them. What keeps all of them from it is
 * said once.
 */
const Group = ({
  method,
  listings,
  checkout,
  reader,
  chosen,
}: Pick<MethodsProps, "checkout" | "reader"> & {
  readonly method: AttemptMethod;
  readonly listings: readonly MethodListing[];
  readonly chosen: string | undefined;
}) => {
  const texts = payingTexts[reader.locale];
  const [first] = listings;
  if (!first) return null;
  const toPay = toPayForOrder(checkout.order);
  const title = texts.groups[method];
  if (first.offer.kind === "not_offered" && first.offer.why === "credit_suffices")
    return (
      <div>
        <h3>{title}</h3>
        <p class="hint">{texts.notOffered.credit_suffices}</p>
      </div>
    );
  const id = `ways-${method}`;
  const isOpen = chosen === undefined || listings.some((listing) => choiceIn(listing) === chosen);
  return (
    <details id={id} open={isOpen}>
      <summary id={`${id}-summary`}>{title}</summary>
      <fieldset class="stack tight" aria-labelledby={`${id}-summary`}>
        <p class="hint">{texts.groupHints[method]}</p>
        {listings.map((listing) => (
          <Option
            field="method"
            value={choiceIn(listing)}
            name={<NameOf {...listing} />}
            amount={listing.offer.kind === "offered" ? listing.offer.amount : null}
            more={moreOf(listing.offer, toPay, reader)}
            {...{ chosen, reader }}
          />
        ))}
      </fieldset>
    </details>
  );
};

/** A linked account's label stays on one line. */
const NameOf = ({ gateway, linkedAccount }: MethodListing) => (
  <>
    {GATEWAY_TITLES[gateway]}
    {linkedAccount?.label ? (
      <>
        {" "}
        <span class="whole">{linkedAccount.label}</span>
      </>
    ) : null}
  </>
);

/** What is to say of an offer beside its amount; or why there is none. */
export function moreOf(offer: MethodOffer, toPay: Amount, reader: Reader): string | null {
  const texts = payingTexts[reader.locale];
  const words = (minor: Amount) => formatMoney(minor, reader.currency, reader.locale);
  if (offer.kind === "offered") {
    const surplus = subtract(add(offer.amount, offer.credit), toPay);
    const said = [
      ...(offer.credit > 0 ? [fill(texts.fromCredit, { credit: words(offer.credit) })] : []),
      ...(surplus > 0 ? [fill(texts.surplus, { surplus: words(surplus) })] : []),
    ];
    return said.length === 0 ? null : said.join("; ");
  }
  switch (offer.why) {
    case "below_minimum":
      return fill(texts.notOffered.below_minimum, { amount: words(offer.minMinor) });
    case "above_maximum":
      return fill(texts.notOffered.above_maximum, { amount: words(offer.maxMinor) });
    default:
      return texts.notOffered[offer.why];
  }
}
