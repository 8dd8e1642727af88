import type { Context } from "hono";
import type { InvoiceAddressId } from "../../domain/ids.ts";
import { changeOrder } from "../../http/change-order.ts";
import { ask, newId } from "../../http/commands.ts";
import type { App } from "../../http/context.ts";
import { checkoutPath } from "../../http/links.ts";
import { checkoutTexts } from "../../texts/checkout.ts";
import { invoiceAddressTexts } from "../../texts/invoice-addresses.ts";
import { Attempt, asOnePress } from "../attempt.tsx";
import { enteredIn, type Told } from "../form.ts";
import { languageOf } from "../language.ts";
import { refusalTold } from "../order-here.ts";
import { answerPage, Brand } from "../ui/document.tsx";
import { PartyFields, readParty } from "../ui/invoice-address-form.tsx";
import { Notice } from "../ui/parts.tsx";

/** The form of somebody else that invoices can be made out to; it leads back to the checkout. */
export function newAddressPage(c: Context<App>, { status, notice, entered = {}, errors = {} }: Told) {
  const { account, order } = c.var.checkout;
  const locale = languageOf(c);
  const texts = checkoutTexts[locale];
  const content = (
    <>
      <div>
        <h1>{texts.newAddress}</h1>
        <p class="quiet">{texts.newAddressHint}</p>
      </div>
      {notice ? <Notice tone={notice.tone}>{notice.text}</Notice> : null}
      <section class="card">
        <form method="post" class="stack" novalidate>
          <Attempt />
          <PartyFields locale={locale} entered={entered} errors={errors} />
          <div class="row">
            <button type="submit" class="primary">
              {invoiceAddressTexts[locale].add}
            </button>
            <a href={checkoutPath(account.id, order.id)}>{texts.toCheckout}</a>
          </div>
        </form>
      </section>
    </>
  );
  const header = <Brand locale={locale} />;
  return answerPage(c, { locale, title: texts.newAddress, header, width: "slim" }, content, status);
}

/** Keeps what was entered, and makes the order's invoices out to it. Whether it took, the checkout shows. */
export async function addAddress(c: Context<App>) {
  const { account, order } = c.var.checkout;
  const entered = await enteredIn(c);
  const read = readParty(entered, languageOf(c));
  if ("errors" in read) return newAddressPage(c, { status: 422, entered, errors: read.errors });
  if (!asOnePress(c, entered.attempt, `address ${JSON.stringify(read.party)}`))
    return newAddressPage(c, { status: 400, entered });
  const outcome = await ask(c, account.id, {
    type: "add_invoice_address",
    address: newId<InvoiceAddressId>("adr"),
    party: read.party,
  });
  if (outcome.kind !== "answered") return newAddressPage(c, { ...refusalTold(c, outcome), entered });
  c.set("keyed", null);
  await changeOrder(c, account.id, order.id, { invoiceAddress: outcome.answer.id, changes: [] });
  return c.redirect(checkoutPath(account.id, order.id), 303);
}
