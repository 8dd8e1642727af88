import type { Child, PropsWithChildren } from "hono/jsx";
import type { Attempt, AttemptMethod } from "../../domain/attempts/attempt.ts";
import type { MethodListing, MethodOffer } from "../../domain/attempts/offers.ts";
import { type Money as Amount, add, subtract } from "../../domain/money.ts";
import { checkoutTexts } from "../../texts/checkout.ts";
import { fill } from "../../texts/fill.ts";
import { GATEWAY_TITLES } from "../../texts/gateways.ts";
import { formatMoney } from "../../texts/locale.ts";
import { payingTexts } from "../../texts/paying.ts";
import type { Entered } from "../form.ts";
import { Money, type Reader } from "../ui/parts.tsx";
import { BY_CREDIT, choiceOf, partOf } from "./form.ts";

/** What is to be paid, and what there is to pay it with. */
export interface Due {
  readonly toPay: Amount;
  readonly available: Amount;
  readonly methods: readonly MethodListing[];
  /** The latest attempt to pay it. */
  readonly last: Pick<Attempt, "status" | "method" | "gateway" | "linkedAccount"> | null;
  /** Whether credit may pay what it is enough for. */
  readonly inParts: boolean;
}

interface MethodsProps {
  readonly due: Due;
  readonly reader: Reader;
  readonly entered: Entered;
}

/** Every way to pay, with what it takes from where; one that isn't offered says why. */
export const Methods = ({ due, reader, entered }: MethodsProps) => {
  const texts = payingTexts[reader.locale];
  const chosen = chosenOf(due, entered);
  return (
    <fieldset class="stack">
      <legend>
        <h2>{texts.payWith}</h2>
      </legend>
      <CreditOption due={due} reader={reader} chosen={chosen} />
      {creditPart(due) === null ? null : <PartOption due={due} reader={reader} chosen={chosen} />}
      {METHODS_SHOWN.map((method) => (
        <Group method={method} listings={listingsOf(due, method)} {...{ due, reader, chosen }} />
      ))}
    </fieldset>
  );
};

/** Whether there is any way to pay. */
export const canPay = (due: Due): boolean =>
  due.available >= due.toPay ||
  creditPart(due) !== null ||
  due.methods.some(({ offer }) => offer.kind === "offered");

/** What credit could pay of it; null where that is nothing, all, or no part is wanted. */
const creditPart = ({ available, toPay, inParts }: Due): Amount | null =>
  inParts && available > 0 && available < toPay ? available : null;

/** What takes the least stands first: nobody has to leave the page, or credit is used. */
const METHODS_SHOWN: readonly AttemptMethod[] = ["linked", "top_up_and_pay", "gateway"];

/** Topping up without any credit to use takes the same as the gateway alone: one of the two is enough to choose from. */
function listingsOf({ available, methods }: Due, method: AttemptMethod): readonly MethodListing[] {
  const own = methods.filter((listing) => listing.method === method);
  if (method !== "top_up_and_pay" || available > 0) return own;
  return own.filter(({ gateway, offer }) => {
    const other = methods.find((listing) => listing.method === "gateway" && listing.gateway === gateway);
    return offer.kind === "offered" && other?.offer.kind !== "offered";
  });
}

/** What was chosen before, here or in an attempt that failed, where it is offered; else what takes least from elsewhere. */
function chosenOf(due: Due, entered: Entered): string | undefined {
  const { available, toPay, last } = due;
  const offered = METHODS_SHOWN.flatMap((method) => listingsOf(due, method))
    .flatMap(({ offer, ...listing }) =>
      offer.kind === "offered" ? [{ choice: choiceIn(listing), amount: offer.amount }] : [],
    )
    .sort((one, other) => one.amount - other.amount)
    .map(({ choice }) => choice);
  if (available >= toPay) offered.unshift(BY_CREDIT);
  const part = creditPart(due);
  if (part !== null) offered.push(partOf(part));
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
  due: { available, toPay },
  reader,
  chosen,
}: Pick<MethodsProps, "due" | "reader"> & { readonly chosen: string | undefined }) => {
  const texts = checkoutTexts[reader.locale];
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

/** Credit pays what it is enough for; the rest stays to be paid. */
const PartOption = ({
  due: { available, toPay },
  reader,
  chosen,
}: Pick<MethodsProps, "due" | "reader"> & { readonly chosen: string | undefined }) => {
  const texts = payingTexts[reader.locale];
  const left = formatMoney(subtract(toPay, available), reader.currency, reader.locale);
  return (
    <Option
      field="method"
      value={partOf(available)}
      name={texts.creditPart}
      amount={available}
      more={fill(texts.left, { left })}
      {...{ chosen, reader }}
    />
  );
};

/**
 * One method at every gateway there is, folded unless the chosen way is among them. What keeps all of them from it is
 * said once.
 */
const Group = ({
  method,
  listings,
  due: { toPay },
  reader,
  chosen,
}: Pick<MethodsProps, "due" | "reader"> & {
  readonly method: AttemptMethod;
  readonly listings: readonly MethodListing[];
  readonly chosen: string | undefined;
}) => {
  const texts = payingTexts[reader.locale];
  const [first] = listings;
  if (!first) return null;
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
