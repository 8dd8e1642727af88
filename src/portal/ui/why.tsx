import { type Explained, type ExplainedItem, explainedLine } from "../../domain/explained.ts";
import type { Invoice } from "../../domain/invoice.ts";
import { CURRENCIES, subtract } from "../../domain/money.ts";
import { type Ratio, ratio } from "../../domain/ratio.ts";
import { fill } from "../../texts/fill.ts";
import { formatInstant, formatMoney } from "../../texts/locale.ts";
import { formatDecimal, formatExact, formatMinutes, formatUnit } from "../../texts/units.ts";
import { whyTexts } from "../../texts/why.ts";
import type { Reader } from "./parts.tsx";

interface Props {
  readonly invoice: Invoice;
  readonly reader: Reader;
}

/** How each of an invoice's lines came to its amounts, step by step, in words and numbers. */
export function WhyTheseAmounts({ invoice, reader }: Props) {
  const lines = invoice.lines.flatMap((line) => explainedLine(invoice, line) ?? []);
  if (lines.length === 0) return null;
  const texts = whyTexts[reader.locale];
  return (
    <section class="stack tight">
      <h2>{texts.title}</h2>
      {lines.map((explained) => (
        <details>
          <summary>
            {fill(texts.why, { amount: formatMoney(explained.line.gross, invoice.currency, reader.locale) })}{" "}
            <span class="quiet small">{explained.items.map(({ item }) => item.name).join(", ")}</span>
          </summary>
          <Steps of={explained} invoice={invoice} reader={reader} />
        </details>
      ))}
    </section>
  );
}

const Steps = ({ of, invoice, reader }: Props & { readonly of: Explained }) => (
  <ol class="steps">
    {of.minutes ? (
      <li>
        <TimeStep of={of} reader={reader} />
      </li>
    ) : null}
    {of.items.map((item) => (
      <li>
        <ItemStep of={item} line={of} reader={reader} />
      </li>
    ))}
    <li>{roundingStep(of, invoice, reader)}</li>
    <li>{taxStep(of, invoice, reader)}</li>
    {of.line.discount > 0 ? <li>{couponStep(of, invoice, reader)}</li> : null}
  </ol>
);

/** How long it ran, or what time was paid for. */
function TimeStep({ of: { line, minutes }, reader }: { readonly of: Explained; readonly reader: Reader }) {
  const { locale, timeZone } = reader;
  const texts = whyTexts[locale];
  if (!minutes) return null;
  const shown = formatExact(minutes, locale);
  if (line.period) {
    const { startMs, endMs } = line.period;
    const [start, end] = [formatInstant(startMs, timeZone, locale), formatInstant(endMs, timeZone, locale)];
    return <>{fill(texts.ran, { start, end, minutes: shown })}</>;
  }
  const time = formatMinutes(Number(minutes.num / minutes.den), locale);
  return <>{fill(texts.billed, { time, minutes: shown })}</>;
}

interface ItemProps {
  readonly of: ExplainedItem;
  readonly line: Explained;
  readonly reader: Reader;
}

/** What an item comes to exactly: its formula, and what its numbers are. */
function ItemStep({ of, line: { line, minutes }, reader: { locale } }: ItemProps) {
  const { item, metered, unitMinutes, price } = of;
  const texts = whyTexts[locale];
  const number = (text: string) => formatDecimal(text, locale);
  const ofTime = metered || !minutes ? [] : [formatExact(minutes, locale)];
  const units = metered ? formatExact(metered, locale) : number(String(item.quantity));
  const factors = [units, number(item.unitPrice), ...ofTime].join(" × ");
  const divisor = metered || unitMinutes === 1 ? "" : ` / ${number(String(unitMinutes))}`;
  const hasDiscount = Number(item.discount) > 0;
  const less = hasDiscount ? ` × (1 − ${number(item.discount)}/100)` : "";
  const taxed = item.taxAdded ? ` × (1 + ${number(line.taxRate)}/100)` : "";
  const unit = formatUnit(item.unit, locale);
  const said = [
    ...(metered ? [fill(texts.metered, { units })] : []),
    fill(divisor ? texts.unitOfTime : texts.unit, { unit, minutes: number(String(unitMinutes)) }),
    ...(hasDiscount ? [fill(texts.less, { discount: number(item.discount) })] : []),
    ...(item.taxAdded ? [fill(texts.taxed, { rate: number(line.taxRate) })] : []),
  ];
  return (
    <>
      {item.name}:{" "}
      <span class="formula">
        {factors}
        {divisor}
        {less}
        {taxed} = {formatExact(price, locale)}
      </span>
      <div class="quiet small">{said.join(" ")}</div>
    </>
  );
}

/** Its items together, rounded once; or what a resize left as it was. */
function roundingStep(
  { line, items, sum, isKept }: Explained,
  { currency }: Invoice,
  { locale }: Reader,
): string {
  const texts = whyTexts[locale];
  const amount = formatMoney(line.gross, currency, locale);
  const together = items.length > 1 ? [fill(texts.sum, { exact: formatExact(sum, locale) })] : [];
  if (isKept) return [...together, fill(texts.kept, { amount })].join(" ");
  const isWhole = ({ num, den }: Ratio) =>
    (num * 10n ** BigInt(CURRENCIES[currency].minorDigits)) % den === 0n;
  const rounded = fill(isWhole(sum) ? texts.whole : texts.rounded, { amount });
  const shares = items.every(({ price }) => isWhole(price)) ? [] : [texts.shares];
  return [...together, rounded, ...(items.length > 1 ? shares : [])].join(" ");
}

/** The tax inside of it. */
function taxStep({ line, tax }: Explained, { currency }: Invoice, { locale }: Reader): string {
  const texts = whyTexts[locale];
  if (line.tax === 0) return texts.noTax;
  const whole = ratio(line.gross, 10 ** CURRENCIES[currency].minorDigits);
  const rate = formatDecimal(line.taxRate, locale);
  return fill(texts.tax, {
    formula: `${formatExact(whole, locale)} × ${rate} / (100 + ${rate})`,
    exact: formatExact(tax, locale),
    amount: formatMoney(line.tax, currency, locale),
  });
}

/** What a coupon paid of it. */
function couponStep({ line }: Explained, { currency, coupon }: Invoice, { locale }: Reader): string {
  const texts = whyTexts[locale];
  const values = {
    code: coupon?.code ?? "",
    discount: formatMoney(line.discount, currency, locale),
    net: formatMoney(subtract(line.gross, line.discount), currency, locale),
  };
  return fill(coupon ? texts.coupon : texts.promotion, values);
}
