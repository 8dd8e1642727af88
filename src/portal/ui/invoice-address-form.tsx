import type { InvoiceParty } from "../../domain/invoice-address.ts";
import { invoiceAddressBody, partyOf } from "../../http/routes/invoice-addresses.ts";
import { invoiceAddressTexts } from "../../texts/invoice-addresses.ts";
import type { Locale } from "../../texts/locale.ts";
import { type Entered, type FieldErrors, invalid } from "../form.ts";
import { Field, FieldError } from "./parts.tsx";

/** Reads whom somebody wants invoices made out to. Every field that isn't right is named. */
export function readParty(
  entered: Entered,
  locale: Locale,
): { readonly party: InvoiceParty } | { readonly errors: FieldErrors } {
  const { name = "", address = "", taxCode = "", email = "" } = entered;
  const isPerson = entered.type !== "enterprise";
  const read = invoiceAddressBody.safeParse({
    type: isPerson ? "personal" : "enterprise",
    ...{ name: name.trim(), address: address.trim(), certified: entered.certified === "on" },
    ...(isPerson ? {} : { taxCode: taxCode.trim() }),
    ...(email.trim() === "" ? {} : { email: email.trim() }),
  });
  if (read.success) return { party: partyOf(read.data) };
  return {
    errors: errorsOf(
      read.error.issues.map(({ path: [field] }) => String(field)),
      locale,
    ),
  };
}

function errorsOf(fields: readonly string[], locale: Locale): FieldErrors {
  const texts = invoiceAddressTexts[locale];
  const words: FieldErrors = {
    ...{ name: texts.nameInvalid, address: texts.addressInvalid, taxCode: texts.taxCodeInvalid },
    ...{ email: texts.emailInvalid, certified: texts.certifyMissing },
  };
  return Object.fromEntries(fields.flatMap((field) => (words[field] ? [[field, words[field]]] : [])));
}

interface PartyFieldsProps {
  readonly locale: Locale;
  readonly entered: Entered;
  readonly errors: FieldErrors;
}

/** What is entered of whom invoices can be made out to. */
export const PartyFields = ({ locale, entered, errors }: PartyFieldsProps) => {
  const texts = invoiceAddressTexts[locale];
  return (
    <>
      <Field id="type" label={texts.kind} class="short">
        <select id="type" name="type">
          <option value="personal" selected={entered.type !== "enterprise"}>
            {texts.personal}
          </option>
          <option value="enterprise" selected={entered.type === "enterprise"}>
            {texts.enterprise}
          </option>
        </select>
      </Field>
      <Text name="name" label={texts.name} autocomplete="organization" {...{ entered, errors }} />
      <Text name="taxCode" label={texts.taxCode} hint={texts.taxCodeHint} {...{ entered, errors }} />
      <Text name="address" label={texts.address} autocomplete="street-address" {...{ entered, errors }} />
      <Text name="email" label={texts.email} autocomplete="email" {...{ entered, errors }} />
      <div>
        <label class="check">
          <input
            type="checkbox"
            id="certified"
            name="certified"
            checked={entered.certified === "on"}
            {...invalid("certified", errors)}
          />
          {texts.certify}
        </label>
        <FieldError id="certified">{errors.certified}</FieldError>
      </div>
    </>
  );
};

interface TextProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly autocomplete?: string;
  readonly entered: Entered;
  readonly errors: FieldErrors;
}

const Text = ({ name, label, hint, autocomplete = "off", entered, errors }: TextProps) => (
  <Field id={name} label={label} hint={hint} error={errors[name]}>
    <input
      id={name}
      name={name}
      value={entered[name] ?? ""}
      autocomplete={autocomplete}
      {...invalid(name, errors)}
    />
  </Field>
);
