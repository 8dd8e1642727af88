import { subtract, sum } from "../../domain/money.ts";
import type { Order } from "../../domain/order.ts";
import { checkoutTexts } from "../../texts/checkout.ts";
import { formatInstant } from "../../texts/locale.ts";
import { Field, FieldError, Money, type Reader } from "../ui/parts.tsx";
import type { Entered, FieldErrors } from "./form.ts";
import { Intent } from "./intent.tsx";
import type { Checkout } from "./session.tsx";

export interface PaymentProps {
  readonly checkout: Checkout;
  readonly reader: Reader;
  readonly entered: Entered;
  readonly errors: FieldErrors;
  /** One press of the button pays once, however often it arrives. */
  readonly attempt: string;
}

/** What the order costs and how it is paid. */
export const Payment = ({ checkout, attempt, ...props }: PaymentProps) => (
  <div class="side stack">
    <section class="card">
      <Summary order={checkout.order} reader={props.reader} />
      <hr />
      <CouponForm order={checkout.order} {...props} />
    </section>
    <section class="card">
      <CreditForm checkout={checkout} reader={props.reader} attempt={attempt} />
    </section>
    <CancelForm reader={props.reader} />
  </div>
);

const Summary = ({ order: { quote }, reader }: { readonly order: Order; readonly reader: Reader }) => {
  const texts = checkoutTexts[reader.locale];
  return (
    <>
      <h2>{texts.summary}</h2>
      <dl class="facts">
        <dt>{texts.subtotal}</dt>
        <dd>
          <Money minor={quote.subtotal} reader={reader} />
        </dd>
        {quote.coupon === null ? null : (
          <>
            <dt>
              {texts.coupon} {quote.coupon}
            </dt>
            <dd>
              <Money minor={-quote.discount} reader={reader} />
            </dd>
          </>
        )}
        <dt class="total">{texts.total}</dt>
        <dd class="total" data-news="">
          <Money minor={quote.total} reader={reader} />
        </dd>
        <dt class="small">{texts.tax}</dt>
        <dd class="small quiet">
          <Money minor={sum(quote.lines.map(({ tax }) => tax))} reader={reader} />
        </dd>
      </dl>
    </>
  );
};

const CouponForm = ({
  order: { quote },
  reader,
  entered,
  errors,
}: Omit<PaymentProps, "checkout" | "attempt"> & { readonly order: Order }) => {
  const texts = checkoutTexts[reader.locale];
  if (quote.coupon !== null) {
    return (
      <form method="post" class="row spread">
        <Intent of="coupon" />
        <span>
          {texts.coupon} <strong>{quote.coupon}</strong>
        </span>
        <button type="submit" class="plain" name="coupon" value="">
          {texts.remove}
        </button>
        <FieldError id="coupon">{errors.coupon}</FieldError>
      </form>
    );
  }
  return (
    <form method="post">
      <Intent of="coupon" />
      <Field id="coupon" label={texts.couponCode} error={errors.coupon}>
        <div class="joined">
          <input
            id="coupon"
            name="coupon"
            value={entered.coupon ?? ""}
            autocomplete="off"
            spellcheck={false}
            aria-invalid={errors.coupon === undefined ? undefined : "true"}
            aria-describedby={errors.coupon === undefined ? undefined : "coupon-error"}
          />
          <button type="submit">{texts.apply}</button>
        </div>
      </Field>
    </form>
  );
};

const CreditForm = ({ checkout, reader, attempt }: Pick<PaymentProps, "checkout" | "reader" | "attempt">) => {
  const texts = checkoutTexts[reader.locale];
  const { available, order } = checkout;
  const { total, expiresAtMs } = order.quote;
  const rest = subtract(available, total);
  const isEnough = rest >= 0;
  return (
    <form method="post" class="stack">
      <Intent of="pay" />
      <input type="hidden" name="attempt" value={attempt} />
      <input type="hidden" name="total" value={String(total)} />
      <h2>{texts.credit}</h2>
      <dl class="facts">
        <dt>{texts.available}</dt>
        <dd>
          <Money minor={available} reader={reader} />
        </dd>
        <dt>{isEnough ? texts.after : texts.missing}</dt>
        <dd class={isEnough ? "" : "error"}>
          <Money minor={isEnough ? rest : -rest} reader={reader} />
        </dd>
      </dl>
      {isEnough ? null : <p class="notice warn">{texts.missingHint}</p>}
      <button type="submit" class="primary wide-button" disabled={!isEnough}>
        {total === 0 ? texts.payFree : texts.pay}{" "}
        {total === 0 ? null : <Money minor={total} reader={reader} />}
      </button>
      <p class="hint">
        {expiresAtMs === null ? texts.validUntil : texts.priceValidUntil}{" "}
        {formatInstant(expiresAtMs ?? order.expiresAtMs, reader.timeZone, reader.locale)}
      </p>
    </form>
  );
};

const CancelForm = ({ reader }: { readonly reader: Reader }) => (
  <form method="post">
    <Intent of="cancel" />
    <button type="submit" class="plain">
      {checkoutTexts[reader.locale].cancel}
    </button>
  </form>
);
