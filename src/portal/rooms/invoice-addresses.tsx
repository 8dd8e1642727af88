import type { Context } from "hono";
import type { InvoiceAddressId } from "../../domain/ids.ts";
import type { InvoiceAddress } from "../../domain/invoice-address.ts";
import { ask, newId } from "../../http/commands.ts";
import type { App } from "../../http/context.ts";
import { invoiceTexts } from "../../texts/invoice.ts";
import { invoiceAddressTexts } from "../../texts/invoice-addresses.ts";
import { enteredIn, type Told } from "../form.ts";
import { languageOf } from "../language.ts";
import { refusalTold } from "../order-here.ts";
import { ROOMS } from "../rooms.ts";
import { PartyFields, readParty } from "../ui/invoice-address-form.tsx";
import { Badge, Card, Notice, Rows } from "../ui/parts.tsx";
import { portalPage } from "../ui/portal-page.tsx";
import { readerOf } from "../visitor.ts";

type Words = (typeof invoiceAddressTexts)["en"];

/** Whom invoices can be made out to, and the form that adds somebody. */
export const invoiceAddresses = (c: Context<App>) => page(c, { status: 200 });

export async function addInvoiceAddress(c: Context<App>) {
  const entered = await enteredIn(c);
  const read = readParty(entered, languageOf(c));
  if ("errors" in read) return page(c, { status: 422, entered, errors: read.errors });
  const outcome = await ask(c, c.var.account.id, {
    type: "add_invoice_address",
    address: newId<InvoiceAddressId>("adr"),
    party: read.party,
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
        <form method="post" class="stack" novalidate>
          <PartyFields locale={languageOf(c)} entered={entered} errors={errors} />
          <div>
            <button type="submit">{texts.add}</button>
          </div>
        </form>
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
        title: texts.actions,
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
