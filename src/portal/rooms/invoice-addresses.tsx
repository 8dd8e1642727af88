import type { Context } from "hono";
import type { InvoiceAddressId } from "../../domain/ids.ts";
import type { InvoiceAddress } from "../../domain/invoice-address.ts";
import { ask, newId } from "../../http/commands.ts";
import type { App } from "../../http/context.ts";
import { invoiceAddressBody, partyOf } from "../../http/routes/invoice-addresses.ts";
import { invoiceTexts } from "../../texts/invoice.ts";
import { invoiceAddressTexts } from "../../texts/invoice-addresses.ts";
import { type Entered, enteredIn, type FieldErrors, invalid, type Told } from "../form.ts";
import { languageOf } from "../language.ts";
import { refusalTold } from "../order-here.ts";
import { ROOMS } from "../rooms.ts";
import { Badge, Card, Field, FieldError, Notice, Rows } from "../ui/parts.tsx";
import { portalPage } from "../ui/portal-page.tsx";
import { readerOf } from "../visitor.ts";

type Words = (typeof invoiceAddressTexts)["en"];

/** Whom invoices can be made out to, and the form that adds somebody. */
export const invoiceAddresses = (c: Context<App>) => page(c, { status: 200 });

export async function addInvoiceAddress(c: Context<App>) {
  const entered = await enteredIn(c);
  const { name, address, taxCode, email } = trimmed(entered);
  const isPerson = entered.type !== "enterprise";
  const read = invoiceAddressBody.safeParse({
    type: isPerson ? "personal" : "enterprise",
    ...{ name, address, certified: entered.certified === "on" },
    ...(isPerson ? {} : { taxCode }),
    ...(email === "" ? {} : { email }),
  });
  if (!read.success) {
    const wrong = read.error.issues.map(({ path: [field] }) => String(field));
    return page(c, { status: 422, entered, errors: errorsOf(wrong, invoiceAddressTexts[languageOf(c)]) });
  }
  const outcome = await ask(c, c.var.account.id, {
    type: "add_invoice_address",
    address: newId<InvoiceAddressId>("adr"),
    party: partyOf(read.data),
  });
  return outcome.kind === "answered"
    ? c.redirect(ROOMS.invoiceAddresses.path, 303)
    : page(c, { ...refusalTold(c, outcome), entered });
}

export const setDefaultAddress = (c: Context<App>) => change(c, "set_default_invoice_address");
export const removeAddress = (c: Context<App>) => change(c, "remove_invoice_address");

async function change(c: Context<App>, type: "set_default_invoice_address" | "remove_invoice_address") {
  const { address = "" } = await enteredIn(c);
  const outcome = await ask(c, c.var.account.id, { type, address: address as InvoiceAddressId });
  return outcome.kind === "answered"
    ? c.redirect(ROOMS.invoiceAddresses.path, 303)
    : page(c, refusalTold(c, outcome));
}

const trimmed = ({ name = "", address = "", taxCode = "", email = "" }: Entered) => ({
  ...{ name: name.trim(), address: address.trim() },
  ...{ taxCode: taxCode.trim(), email: email.trim() },
});

function errorsOf(fields: readonly string[], texts: Words): FieldErrors {
  const words: FieldErrors = {
    ...{ name: texts.nameInvalid, address: texts.addressInvalid, taxCode: texts.taxCodeInvalid },
    ...{ email: texts.emailInvalid, certified: texts.certifyMissing },
  };
  return Object.fromEntries(fields.flatMap((field) => (words[field] ? [[field, words[field]]] : [])));
}

function page(c: Context<App>, { status, notice, entered = {}, errors = {} }: Told) {
  const texts = invoiceAddressTexts[readerOf(c).locale];
  const { name, email, invoiceAddresses: known } = c.var.account;
  const content = (
    <>
      <div>
        <h1>{texts.title}</h1>
        <p class="quiet">{texts.hint}</p>
      </div>
      {notice ? <Notice tone={notice.tone}>{notice.text}</Notice> : null}
      {known.length === 0 ? (
        <p class="card empty">{texts.none.replace("{name}", name).replace("{email}", email)}</p>
      ) : (
        <Known of={known} texts={texts} taxCode={invoiceTexts[readerOf(c).locale].taxCode} />
      )}
      <Card title={texts.addTitle}>
        <NewAddress texts={texts} entered={entered} errors={errors} />
      </Card>
    </>
  );
  return portalPage(c, texts.title, content, { status });
}

const Known = ({
  of: known,
  texts,
  taxCode,
}: {
  readonly of: readonly InvoiceAddress[];
  readonly texts: Words;
  readonly taxCode: (code: string) => string;
}) => (
  <Rows
    caption={texts.title}
    rows={known}
    columns={[
      {
        title: texts.name,
        isLead: true,
        cell: (address) => (
          <>
            {address.name} {address.isDefault ? <Badge tone="good">{texts.isDefault}</Badge> : null}
            {address.taxCode === null ? null : <div class="quiet small">{taxCode(address.taxCode)}</div>}
          </>
        ),
      },
      {
        title: texts.address,
        cell: ({ address, email }) => (
          <>
            {address}
            {email === null ? null : <div class="quiet small">{email}</div>}
          </>
        ),
      },
      { title: texts.kind, cell: ({ kind }) => texts[kind] },
      {
        title: texts.remove,
        align: "end",
        cell: ({ id, isDefault }) =>
          isDefault ? null : (
            <div class="row-actions">
              <Act on={id} path={ROOMS.setDefaultAddress.path} word={texts.makeDefault} />
              <Act on={id} path={ROOMS.removeAddress.path} word={texts.remove} />
            </div>
          ),
      },
    ]}
  />
);

const Act = ({
  on,
  path,
  word,
}: {
  readonly on: InvoiceAddressId;
  readonly path: string;
  readonly word: string;
}) => (
  <form method="post" action={path}>
    <button type="submit" class="plain" name="address" value={on}>
      {word}
    </button>
  </form>
);

interface NewAddressProps {
  readonly texts: Words;
  readonly entered: Entered;
  readonly errors: FieldErrors;
}

const NewAddress = ({ texts, entered, errors }: NewAddressProps) => (
  <form method="post" class="stack" novalidate>
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
    <div>
      <button type="submit">{texts.add}</button>
    </div>
  </form>
);

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
