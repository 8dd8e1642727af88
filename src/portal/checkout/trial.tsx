import { larger, subtract, ZERO } from "../../domain/money.ts";
import { type Order, toPayForOrder } from "../../domain/order.ts";
import type { Resource } from "../../domain/resource.ts";
import { unusedValue } from "../../domain/terms.ts";
import { checkoutTexts } from "../../texts/checkout.ts";
import { fill } from "../../texts/fill.ts";
import { formatInstant } from "../../texts/locale.ts";
import { payingTexts } from "../../texts/paying.ts";
import { trialTexts } from "../../texts/trials.ts";
import { Attempt } from "../attempt.tsx";
import { Money, type Reader } from "../ui/parts.tsx";
import { BY_TRIAL } from "./form.ts";
import { Intent } from "./intent.tsx";
import { Option } from "./methods.tsx";
import type { Checkout } from "./session.tsx";
import type { TrialOffer } from "./trial-offer.ts";

/** What the address of a checkout says of an order that is looked at as a trial. */
export const AS_TRIAL = "trial";

interface TrialProps {
  readonly trial: TrialOffer;
  readonly reader: Reader;
}

/** Two ways to have what is ordered: paid, or on trial credit; or why not on that. */
export const Ways = ({
  checkout: { trial, order },
  isTrial,
  reader,
}: {
  readonly checkout: Checkout;
  readonly isTrial: boolean;
  readonly reader: Reader;
}) => {
  const texts = trialTexts[reader.locale];
  if (!trial || order.quote.soldAs[0] === "poc" || order.action === "convert_poc") return null;
  if (!trial.order.ok)
    return (
      <p class="quiet small" id="no-trial">
        {whyNot(trial, reader)}
      </p>
    );
  const paid = order.billing === "hold" ? texts.byUse : texts.paid;
  return (
    <nav class="switch" aria-label={texts.ways}>
      <a href="?" id="as-paid" aria-current={isTrial ? undefined : "page"}>
        {paid}
      </a>
      <a href={`?as=${AS_TRIAL}`} id="as-trial" aria-current={isTrial ? "page" : undefined}>
        {texts.onTrial}
      </a>
    </nav>
  );
};

/** Why an order isn't had on trial credit. */
export function whyNot({ order, endsAtMs }: TrialOffer, { locale, timeZone }: Reader): string | null {
  if (order.ok) return null;
  const instant = formatInstant(endsAtMs, timeZone, locale);
  return fill(trialTexts[locale].notOffered[order.error], { instant });
}

/** Until when what is ordered is had; nobody chooses that. */
export const UntilWalletsEnd = ({
  endAtMs,
  reader,
}: {
  readonly endAtMs: number;
  readonly reader: Reader;
}) => {
  const texts = trialTexts[reader.locale];
  return (
    <dl class="facts start">
      <dt>{texts.runsUntil}</dt>
      <dd>
        <strong>{formatInstant(endAtMs, reader.timeZone, reader.locale)}</strong>
        <div class="quiet small">{texts.runsUntilHint}</div>
      </dd>
    </dl>
  );
};

/** What is converted gives back the rest of its trial. (Domain: POC, Convert.) */
export const TrialThen = ({
  resource: { terms, endAtMs },
  nowMs,
  reader,
}: {
  readonly resource: Resource;
  readonly nowMs: number;
  readonly reader: Reader;
}) => {
  const { locale, timeZone } = reader;
  const texts = trialTexts[locale];
  if (endAtMs === null || endAtMs <= nowMs) return null;
  return (
    <dl class="facts start">
      <dt>{texts.trialEnds}</dt>
      <dd>{formatInstant(endAtMs, timeZone, locale)}</dd>
      <dt>{texts.back}</dt>
      <dd>
        <Money minor={unusedValue(terms, nowMs, timeZone).paid} reader={reader} />
      </dd>
    </dl>
  );
};

/** Pays an order from trial credit; `hasCoupon`: it has a coupon, which that doesn't take. */
export const TrialForm = ({
  trial,
  order,
  hasCoupon,
  reader,
}: TrialProps & { readonly order: Order; readonly hasCoupon: boolean }) => {
  const { locale, timeZone } = reader;
  const texts = trialTexts[locale];
  const words = checkoutTexts[locale];
  const toPay = toPayForOrder(order);
  const missing = larger(subtract(toPay, trial.balance), ZERO);
  const isOffered = trial.order.ok && missing === 0 && !hasCoupon;
  const more = missing > 0 ? texts.notEnough : null;
  return (
    <form method="post" class="stack">
      <Intent of="pay" />
      <Attempt />
      <input type="hidden" name="total" value={String(order.quote.total)} />
      <fieldset class="stack">
        <legend>
          <h2>{payingTexts[locale].payWith}</h2>
        </legend>
        <Option
          field="method"
          value={BY_TRIAL}
          name={texts.credit}
          chosen={isOffered ? BY_TRIAL : undefined}
          amount={isOffered ? toPay : null}
          more={whyNot(trial, reader) ?? more ?? (hasCoupon ? texts.noCoupon : null)}
          reader={reader}
        >
          <dl class="facts small">
            <dt>{words.available}</dt>
            <dd>
              <Money minor={trial.balance} reader={reader} />
            </dd>
            <dt>{missing > 0 ? words.missing : words.after}</dt>
            <dd>
              <Money minor={missing > 0 ? missing : subtract(trial.balance, toPay)} reader={reader} />
            </dd>
            <dt>{texts.until}</dt>
            <dd>{formatInstant(trial.endsAtMs, timeZone, locale)}</dd>
          </dl>
        </Option>
      </fieldset>
      <button type="submit" id="pay" class="primary wide-button" disabled={!isOffered}>
        {toPay === 0 ? words.payFree : words.pay}{" "}
        {toPay === 0 ? null : <Money minor={toPay} reader={reader} />}
      </button>
      <p class="hint">{texts.noInvoice}</p>
    </form>
  );
};
