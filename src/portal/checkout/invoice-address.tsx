import type { InvoiceAddressId } from "../../domain/ids.ts";
import { invoicePartyOf } from "../../domain/invoice-address.ts";
import { checkoutPath } from "../../http/links.ts";
import { checkoutTexts } from "../../texts/checkout.ts";
import { customerLines, invoiceTexts } from "../../texts/invoice.ts";
import type { Locale } from "../../texts/locale.ts";
import { type Entered, type FieldErrors, invalid } from "../form.ts";
import { Field } from "../ui/parts.tsx";
import { Intent } from "./intent.tsx";
import type { Checkout } from "./session.tsx";

/** The field of whom the order's invoices are made out to. */
export const ADDRESS_FIELD = "invoiceAddress";

/** Where somebody enters whom else invoices can be made out to. */
export const newAddressPath = ({ account, order }: Checkout): string =>
  `${checkoutPath(account.id, order.id)}/invoice-address`;

/** What stands in the form: the address that the order names or, where it names none that is left, the default. */
function chosenIn({ account: { invoiceAddresses }, order }: Checkout): InvoiceAddressId | undefined {
  const named = invoiceAddresses.find(({ id }) => id === order.invoiceAddress);
  return (named ?? invoiceAddresses.find(({ isDefault }) => isDefault))?.id;
}

interface InvoiceAddressProps {
  readonly checkout: Checkout;
  readonly locale: Locale;
  readonly entered: Entered;
  readonly errors: FieldErrors;
}

/** Whom the order's invoices are made out to: one of the account's addresses, or another one. */
export const InvoiceAddressForm = ({ checkout, locale, entered, errors }: InvoiceAddressProps) => {
  const texts = checkoutTexts[locale];
  const { invoiceAddresses: known } = checkout.account;
  const chosen = entered[ADDRESS_FIELD] ?? chosenIn(checkout);
  return (
    <section class="card">
      <h2>{texts.invoice}</h2>
      {known.length > 1 ? (
        <form method="post" data-live="" class="stack tight" novalidate>
          <Intent of="address" />
          <Field id={ADDRESS_FIELD} label={texts.madeOutTo} error={errors[ADDRESS_FIELD]}>
            <select id={ADDRESS_FIELD} name={ADDRESS_FIELD} {...invalid(ADDRESS_FIELD, errors)}>
              {known.map(({ id, name }) => (
                <option value={id} selected={id === chosen}>
                  {name}
                </option>
              ))}
            </select>
          </Field>
          <button type="submit" class="unscripted">
            {texts.update}
          </button>
        </form>
      ) : null}
      <MadeOutTo checkout={checkout} locale={locale} />
      <p>
        <a id="new-address" href={newAddressPath(checkout)}>
          {texts.addAddress}
        </a>
      </p>
    </section>
  );
};

/** Whom the order's invoices are made out to. */
export const MadeOutTo = ({
  checkout: { account, order },
  locale,
}: Pick<InvoiceAddressProps, "checkout" | "locale">) => {
  const billedTo = invoicePartyOf(account, order.invoiceAddress);
  const [name, ...more] = customerLines({ billedTo }, account, invoiceTexts[locale]);
  return (
    <address>
      <strong>{name}</strong>
      {more.map((line) => (
        <div class="quiet">{line}</div>
      ))}
    </address>
  );
};
