import type { Context } from "hono";
import type { Child } from "hono/jsx";
import { now } from "../../http/clock.ts";
import type { App } from "../../http/context.ts";
import { checkoutTexts } from "../../texts/checkout.ts";
import type { Told } from "../form.ts";
import { languageOf } from "../language.ts";
import { answerPage, Brand } from "../ui/document.tsx";
import { Notice, type Reader } from "../ui/parts.tsx";
import { OrderForm } from "./order-form.tsx";
import { Outcome, outcomeOf } from "./outcome.tsx";
import { Payment } from "./payment.tsx";

/** The checkout of an order as it stands: to be paid, or what became of it. */
export function checkoutPage(c: Context<App>, { status, notice, entered = {}, errors = {} }: Told) {
  const { checkout } = c.var;
  const { account, order } = checkout;
  const reader: Reader = { locale: languageOf(c), timeZone: account.timeZone, currency: order.currency };
  const texts = checkoutTexts[reader.locale];
  const isOpen = order.status === "awaiting_payment";
  const body = isOpen ? (
    <div class="columns">
      <OrderForm checkout={checkout} nowMs={now(c)} reader={reader} entered={entered} errors={errors} />
      <Payment checkout={checkout} reader={reader} entered={entered} errors={errors} />
    </div>
  ) : (
    <Outcome checkout={checkout} reader={reader} />
  );
  const content: Child = (
    <>
      <div class="heading">
        <div>
          <p class="quiet small">
            {checkout.product?.name ?? order.product} · {account.name}
          </p>
          <h1>{isOpen ? texts.actions[order.action] : outcomeOf(order, texts).title}</h1>
        </div>
        <span class="quiet code">{order.id}</span>
      </div>
      {notice ? <Notice tone={notice.tone}>{notice.text}</Notice> : null}
      {body}
    </>
  );
  const header = <Brand locale={reader.locale} />;
  const width = isOpen ? "narrow" : "slim";
  return answerPage(c, { locale: reader.locale, title: texts.title, header, width }, content, status);
}
