import type { RecordedAttempt } from "../../account/answers.ts";
import type { MethodListing } from "../../domain/attempts/offers.ts";
import { totalOf } from "../../domain/hold/hold.ts";
import { type LineHold, takenFor } from "../../domain/hold/pay.ts";
import { ESTIMATED_DAYS } from "../../domain/metering/estimate.ts";
import { type Money as Amount, larger, subtract, sum, ZERO } from "../../domain/money.ts";
import type { OrderLine } from "../../domain/order.ts";
import type { ConfiguredSku } from "../../domain/pricing.ts";
import { fill } from "../../texts/fill.ts";
import { GATEWAY_TITLES } from "../../texts/gateways.ts";
import { holdingTexts } from "../../texts/holding.ts";
import { formatMoney } from "../../texts/locale.ts";
import { payingTexts } from "../../texts/paying.ts";
import { formatReason } from "../../texts/reasons.ts";
import { formatDecimal, formatUnit } from "../../texts/units.ts";
import { Attempt } from "../attempt.tsx";
import { Money, Notice, type Reader, Rows } from "../ui/parts.tsx";
import { BY_HOLD } from "./form.ts";
import { Intent } from "./intent.tsx";
import { moreOf, Option } from "./methods.tsx";

/** What confirming an order holds, and how what is missing for it can be bought. */
export interface OrderHold {
  readonly lines: readonly LineHold[];
  readonly available: Amount;
  /** Where so much credit can be bought as is missing, or why not; none while nothing is. */
  readonly ways: readonly MethodListing[];
}

export const missingFor = ({ lines, available }: Pick<OrderHold, "lines" | "available">): Amount =>
  larger(subtract(takenFor(lines), available), ZERO);

const inDays = (text: string): string => fill(text, { days: String(ESTIMATED_DAYS) });

/** What is held for an item, and what for. */
export const HeldFor = ({
  holds,
  reader,
}: {
  readonly holds: readonly LineHold[];
  readonly reader: Reader;
}) => {
  const texts = holdingTexts[reader.locale];
  const use = sum(holds.map(({ wanted }) => wanted.use));
  const before = sum(holds.map((hold) => hold.before.held));
  const taken = takenFor(holds);
  const back = backOf(holds);
  return (
    <dl class="facts">
      <dt>{inDays(texts.next)}</dt>
      <dd>
        <Money minor={sum(holds.map(({ wanted }) => wanted.estimate))} reader={reader} />
      </dd>
      {use === 0 ? null : (
        <>
          <dt>{texts.used}</dt>
          <dd>
            <Money minor={use} reader={reader} />
          </dd>
        </>
      )}
      {before === 0 ? null : (
        <>
          <dt>{texts.before}</dt>
          <dd>
            <Money minor={-before} reader={reader} />
          </dd>
          <dt class="total">{back > 0 ? texts.back : texts.more}</dt>
          <dd class="total">
            <Money minor={back > 0 ? back : taken} reader={reader} />
          </dd>
        </>
      )}
    </dl>
  );
};

/** What is let go once the lines are delivered. */
const backOf = (holds: readonly LineHold[]): Amount =>
  sum(holds.map(({ before, wanted }) => larger(subtract(before.held, totalOf(wanted)), ZERO)));

/** How each SKU is measured and priced. */
export const BilledBy = ({
  line: { id, configured = [], name },
  reader,
}: {
  readonly line: OrderLine;
  readonly reader: Reader;
}) => {
  const texts = holdingTexts[reader.locale];
  return (
    <details id={`details-${id}`}>
      <summary id={`summary-${id}`}>{texts.billed}</summary>
      {configured.some(({ sku }) => sku.metering !== "configuration") ? (
        <p class="hint">{texts.dailyHint}</p>
      ) : null}
      <Rows
        caption={name}
        rows={configured}
        columns={[
          { title: texts.item, cell: nameOf, isLead: true },
          {
            title: texts.unitPrice,
            cell: ({ sku }) => (
              <>
                <span class="whole">
                  {formatDecimal(sku.unitPrice, reader.locale)} {reader.currency}
                </span>{" "}
                <span class="quiet small whole">/ {formatUnit(sku.unit, reader.locale)}</span>
              </>
            ),
          },
          { title: texts.counted, cell: (item) => <Counted item={item} reader={reader} /> },
        ]}
      />
    </details>
  );
};

/** What isn't configured in a quantity is metered from nothing on. */
const nameOf = ({ sku, quantity }: ConfiguredSku): string =>
  quantity === 0 ? sku.name : `${quantity} × ${sku.name}`;

const Counted = ({
  item: {
    sku: { metering, freeAllowance, minimum, unit },
  },
  reader: { locale },
}: {
  readonly item: ConfiguredSku;
  readonly reader: Reader;
}) => {
  const texts = holdingTexts[locale];
  const amount = (of: string) => ({ amount: `${formatDecimal(of, locale)} ${formatUnit(unit, locale)}` });
  const more = [
    ...(freeAllowance === undefined
      ? []
      : [fill(metering === "counter" ? texts.freeOfMonth : texts.freeOfDay, amount(freeAllowance))]),
    ...(minimum === undefined ? [] : [fill(texts.least, amount(minimum))]),
  ];
  return (
    <>
      {texts.meterings[metering]}
      {more.length === 0 ? null : <span class="quiet small"> {more.join(", ")}</span>}
    </>
  );
};

/** What an order costs that is only held for. */
export const HoldSummary = ({ hold, reader }: { readonly hold: OrderHold; readonly reader: Reader }) => {
  const texts = holdingTexts[reader.locale];
  const back = backOf(hold.lines);
  return (
    <>
      <dl class="facts">
        <dt>{texts.toPay}</dt>
        <dd>
          <Money minor={0} reader={reader} />
        </dd>
        <dt class="total">{texts.toHold}</dt>
        <dd class="total" data-news="">
          <Money minor={takenFor(hold.lines)} reader={reader} />
        </dd>
      </dl>
      <p class="hint">
        {texts.hint} {back > 0 ? texts.backHint : null}
      </p>
    </>
  );
};

/** The one way to confirm it: what it takes from where, or what is missing for that. */
export const HoldOption = ({ hold, reader }: { readonly hold: OrderHold; readonly reader: Reader }) => {
  const texts = holdingTexts[reader.locale];
  const words = payingTexts[reader.locale];
  const taken = takenFor(hold.lines);
  const missing = missingFor(hold);
  return (
    <fieldset class="stack">
      <legend>
        <h2>{texts.confirmWith}</h2>
      </legend>
      <Option
        field="method"
        value={BY_HOLD}
        name={texts.credit}
        chosen={missing > 0 ? undefined : BY_HOLD}
        amount={missing > 0 ? null : taken}
        more={missing > 0 ? words.notOffered.insufficient_credit : inDays(texts.covers)}
        reader={reader}
      >
        <dl class="facts small">
          {missing > 0 ? (
            <>
              <dt>{texts.toHold}</dt>
              <dd>
                <Money minor={taken} reader={reader} />
              </dd>
            </>
          ) : null}
          <dt>{texts.available}</dt>
          <dd>
            <Money minor={hold.available} reader={reader} />
          </dd>
          <dt>{missing > 0 ? texts.missing : texts.after}</dt>
          <dd>
            <Money minor={missing > 0 ? missing : subtract(hold.available, taken)} reader={reader} />
          </dd>
        </dl>
      </Option>
    </fieldset>
  );
};

/** Buys at a gateway what is missing; its buyer comes back and confirms the order. */
export const BuyMissing = ({ hold, reader }: { readonly hold: OrderHold; readonly reader: Reader }) => {
  const missing = missingFor(hold);
  if (missing === 0) return null;
  const texts = holdingTexts[reader.locale];
  const offered = hold.ways.filter(({ offer }) => offer.kind === "offered");
  if (offered.length === 0) return <p class="notice warn">{texts.buyNowhere}</p>;
  const [first] = offered;
  return (
    <section class="card">
      <form method="post" class="stack">
        <Intent of="buy" />
        <Attempt />
        <fieldset class="stack tight">
          <legend>
            <h2>{texts.buy}</h2>
          </legend>
          <p class="hint">{texts.buyHint}</p>
          {hold.ways.map(({ gateway, offer }) => (
            <Option
              field="gateway"
              value={offer.kind === "offered" ? `${gateway}:${offer.amount}` : gateway}
              name={GATEWAY_TITLES[gateway]}
              chosen={first?.offer.kind === "offered" ? `${first.gateway}:${first.offer.amount}` : undefined}
              amount={offer.kind === "offered" ? offer.amount : null}
              more={moreOf(offer, missing, reader)}
              reader={reader}
            />
          ))}
        </fieldset>
        <button type="submit" id="buy" class="primary wide-button">
          {texts.buySubmit}
        </button>
      </form>
    </section>
  );
};

/** What became of credit that was bought for the order. */
export const Bought = ({
  bought: { attempt, payment },
  reader: { locale, currency },
}: {
  readonly bought: RecordedAttempt;
  readonly reader: Reader;
}) => {
  const words = payingTexts[locale];
  const names = {
    gateway: GATEWAY_TITLES[attempt.gateway],
    amount: formatMoney(payment.amount, currency, locale),
  };
  switch (attempt.status) {
    case "open":
      return null;
    case "succeeded":
      return <Notice tone="good">{fill(holdingTexts[locale].bought, names)}</Notice>;
    case "failed":
      return (
        <Notice tone="warn">
          {fill(words.refused, names)} {formatReason(payment.reason ?? "", locale)} {words.tryAgain}
        </Notice>
      );
  }
};
