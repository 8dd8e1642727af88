import type { CouponCode } from "../../domain/ids.ts";
import { type Money as Amount, negate, sum } from "../../domain/money.ts";
import { type Order, toPayForOrder } from "../../domain/order.ts";
import { checkoutTexts } from "../../texts/checkout.ts";
import { holdingTexts } from "../../texts/holding.ts";
import { formatInstant } from "../../texts/locale.ts";
import { trialTexts } from "../../texts/trials.ts";
import { Attempt } from "../attempt.tsx";
import type { Entered, FieldErrors } from "../form.ts";
import { Field, FieldError, Money, type Reader } from "../ui/parts.tsx";
import { BY_CREDIT } from "./form.ts";
import { BuyMissing, HoldOption, HoldSummary, missingFor, type OrderHold } from "./hold.tsx";
import { Intent } from "./intent.tsx";
import { InvoiceAddressForm } from "./invoice-address.tsx";
import { canPay, type Due, Methods } from "./methods.tsx";
import type { Checkout } from "./session.tsx";
import { ShareForms } from "./share.tsx";
import { TrialForm } from "./trial.tsx";

export interface PaymentProps {
  readonly checkout: Checkout;
  readonly reader: Reader;
  readonly entered: Entered;
  readonly errors: FieldErrors;
}

/** What the order costs and how it is paid. As a trial it has no coupon, though `coupon` may be the order's. */
export const Payment = ({
  checkout,
  coupon,
  ...props
}: PaymentProps & { readonly coupon: CouponCode | null }) =>
  checkout.order.billing === "poc" ? (
    <div class="side stack">
      <section class="card">
        <h2>{checkoutTexts[props.reader.locale].summary}</h2>
        <Summary order={checkout.order} reader={props.reader} />
        {coupon === null ? null : (
          <>
            <hr />
            <CouponForm coupon={coupon} {...props} />
          </>
        )}
        {coupon === null && takesCoupon(checkout.order) ? (
          <p class="hint">{trialTexts[props.reader.locale].noCoupon}</p>
        ) : null}
      </section>
      {checkout.trial ? (
        <section class="card">
          <TrialForm
            trial={checkout.trial}
            order={checkout.order}
            hasCoupon={coupon !== null}
            reader={props.reader}
          />
        </section>
      ) : null}
      <CancelForm reader={props.reader} />
    </div>
  ) : (
    <div class="side stack">
      <section class="card">
        <h2>{checkoutTexts[props.reader.locale].summary}</h2>
        {checkout.hold ? (
          <HoldSummary hold={checkout.hold} reader={props.reader} />
        ) : (
          <Summary order={checkout.order} reader={props.reader} />
        )}
        {takesCoupon(checkout.order) ? (
          <>
            <hr />
            <CouponForm coupon={coupon} {...props} />
          </>
        ) : null}
      </section>
      <InvoiceAddressForm
        checkout={checkout}
        locale={props.reader.locale}
        entered={props.entered}
        errors={props.errors}
      />
      <section class="card">
        {checkout.hold ? (
          <HoldForm checkout={checkout} hold={checkout.hold} reader={props.reader} />
        ) : (
          <PayForm checkout={checkout} reader={props.reader} entered={props.entered} />
        )}
      </section>
      {checkout.hold ? <BuyMissing hold={checkout.hold} reader={props.reader} /> : null}
      {toPayForOrder(checkout.order) === 0 ? null : <ShareForms checkout={checkout} {...props} />}
      <CancelForm reader={props.reader} />
    </div>
  );

const Summary = ({ order, reader }: { readonly order: Order; readonly reader: Reader }) => {
  const { quote, action, billing } = order;
  const texts = checkoutTexts[reader.locale];
  const refund = refundOf(order);
  const toPay = toPayForOrder(order);
  const tax = sum(quote.lines.map((line) => line.tax));
  return (
    <>
      <dl class="facts">
        {action === "resize" ? null : (
          <>
            <dt>{texts.subtotal}</dt>
            <dd>
              <Money minor={quote.subtotal} reader={reader} />
            </dd>
          </>
        )}
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
        {refund === 0 || toPay > 0 ? (
          <>
            <dt class="total">{texts.total}</dt>
            <dd class="total" data-news="">
              <Money minor={toPay} reader={reader} />
            </dd>
          </>
        ) : null}
        {refund === 0 ? null : (
          <>
            <dt class="total">{texts.back}</dt>
            <dd class="total" data-news="">
              <Money minor={refund} reader={reader} />
            </dd>
          </>
        )}
        <dt class="small">{texts.tax}</dt>
        <dd class="small quiet">
          <Money minor={toPay === 0 && refund > 0 ? negate(tax) : tax} reader={reader} />
        </dd>
      </dl>
      {refund === 0 ? null : (
        <p class="hint">{billing === "poc" ? trialTexts[reader.locale].backWhenChanged : texts.backHint}</p>
      )}
    </>
  );
};

/** What the order's lines give back, when each is delivered. */
export const refundOf = ({ quote }: Order): Amount => sum(quote.lines.map(({ refund }) => refund));

const CouponForm = ({
  coupon,
  reader,
  entered,
  errors,
}: Omit<PaymentProps, "checkout"> & { readonly coupon: CouponCode | null }) => {
  const texts = checkoutTexts[reader.locale];
  if (coupon !== null) {
    return (
      <form method="post" class="row spread">
        <Intent of="coupon" />
        <span>
          {texts.coupon} <strong>{coupon}</strong>
        </span>
        <button type="submit" id="remove-coupon" class="plain" name="coupon" value="">
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
          <button type="submit" id="apply-coupon">
            {texts.apply}
          </button>
        </div>
      </Field>
    </form>
  );
};

/** Coupons aren't for changes of configuration, nor for what is only held. (Domain: Price, Coupon.) */
const takesCoupon = ({ action, billing }: Order): boolean => action !== "resize" && billing !== "hold";

const PayForm = ({ checkout, reader, entered }: Omit<PaymentProps, "errors">) => {
  const texts = checkoutTexts[reader.locale];
  const { order } = checkout;
  const { total, expiresAtMs } = order.quote;
  const due = dueOf(checkout);
  const toPay = toPayForOrder(order);
  return (
    <form method="post" class="stack">
      <Intent of="pay" />
      <Attempt />
      <input type="hidden" name="total" value={String(total)} />
      {toPay === 0 ? (
        <input type="hidden" name="method" value={BY_CREDIT} />
      ) : (
        <Methods due={due} reader={reader} entered={entered} />
      )}
      {canPay(due) ? null : <p class="notice warn">{texts.missingHint}</p>}
      <button type="submit" id="pay" class="primary wide-button" disabled={!canPay(due)}>
        {toPay === 0 ? texts.payFree : texts.pay}{" "}
        {toPay === 0 ? null : <Money minor={toPay} reader={reader} />}
      </button>
      <p class="hint">
        {expiresAtMs === null ? texts.validUntil : texts.priceValidUntil}{" "}
        {formatInstant(expiresAtMs ?? order.expiresAtMs, reader.timeZone, reader.locale)}
      </p>
    </form>
  );
};

/** Nothing is paid: credit is held for what will be used. (Domain: Held.) */
const HoldForm = ({
  checkout: { order },
  hold,
  reader,
}: Pick<PaymentProps, "checkout" | "reader"> & { readonly hold: OrderHold }) => {
  const texts = holdingTexts[reader.locale];
  const { total, expiresAtMs } = order.quote;
  return (
    <form method="post" class="stack">
      <Intent of="pay" />
      <Attempt />
      <input type="hidden" name="total" value={String(total)} />
      <HoldOption hold={hold} reader={reader} />
      <button type="submit" id="pay" class="primary wide-button" disabled={missingFor(hold) > 0}>
        {texts.confirm}
      </button>
      <p class="hint">
        {texts.confirmUntil} {formatInstant(expiresAtMs ?? order.expiresAtMs, reader.timeZone, reader.locale)}
      </p>
    </form>
  );
};

const dueOf = ({ order, available, methods, attempts }: Checkout): Due => ({
  ...{ toPay: toPayForOrder(order), available, methods, inParts: false },
  last: attempts[0]?.attempt ?? null,
});

const CancelForm = ({ reader }: { readonly reader: Reader }) => (
  <form method="post">
    <Intent of="cancel" />
    <button type="submit" id="cancel" class="plain">
      {checkoutTexts[reader.locale].cancel}
    </button>
  </form>
);
