import type { Context } from "hono";
import type { Child } from "hono/jsx";
import type { Attempt } from "../../domain/attempts/attempt.ts";
import type { Order } from "../../domain/order.ts";
import { now } from "../../http/clock.ts";
import type { App } from "../../http/context.ts";
import { checkoutTexts } from "../../texts/checkout.ts";
import type { Told } from "../form.ts";
import { languageOf } from "../language.ts";
import { answerPage, Brand, type DocumentProps } from "../ui/document.tsx";
import { Notice, type Reader } from "../ui/parts.tsx";
import { Waiting, waitingTitle } from "../ui/waiting.tsx";
import { Bought } from "./hold.tsx";
import { Notes, notesOf } from "./notes.tsx";
import { OrderForm } from "./order-form.tsx";
import { isUnderWay, Outcome, outcomeOf } from "./outcome.tsx";
import { Payment } from "./payment.tsx";
import type { Checkout } from "./session.tsx";
import { AS_TRIAL, Ways } from "./trial.tsx";

/** Whoever waits for one payment can ask for this page to pay another way. */
const ANOTHER_WAY = "?way=another";

/** The checkout of an order as it stands: to be paid, waited for, or what became of it. */
export function checkoutPage(c: Context<App>, told: Told) {
  const { order, account, product } = c.var.checkout;
  const locale = languageOf(c);
  const reader: Reader = { locale, timeZone: account.timeZone, currency: order.currency };
  const { heading, body, ...view } = viewOf(c, reader, told);
  const content: Child = (
    <>
      <div class="heading">
        <div>
          <p class="quiet small">
            {product?.name ?? order.product} · {account.name}
          </p>
          <h1>{heading}</h1>
        </div>
        <span class="quiet code">{order.id}</span>
      </div>
      {told.notice ? <Notice tone={told.notice.tone}>{told.notice.text}</Notice> : null}
      {body}
    </>
  );
  const { title } = checkoutTexts[locale];
  const header = <Brand locale={locale} />;
  return answerPage(c, { locale, title, header, ...view }, content, told.status);
}

interface View extends Pick<DocumentProps, "width" | "looksAgain"> {
  readonly heading: string;
  readonly body: Child;
}

function viewOf(c: Context<App>, reader: Reader, told: Told): View {
  const { checkout } = c.var;
  const { order } = checkout;
  const texts = checkoutTexts[reader.locale];
  const nowMs = now(c);
  if (order.status !== "awaiting_payment")
    return {
      heading: outcomeOf(checkout, reader).title,
      width: "slim",
      looksAgain: isUnderWay(order),
      body: <Outcome checkout={checkout} reader={reader} />,
    };
  const attempt = awaitedIn(c, told);
  if (attempt) {
    const awaited = { attempt, reader, nowMs };
    return {
      heading: waitingTitle(awaited),
      width: "slim",
      looksAgain: true,
      body: <Waiting {...awaited} anotherWay={ANOTHER_WAY} />,
    };
  }
  const { entered = {}, errors = {} } = told;
  const tried = triedIn(c);
  const shown: Checkout = tried ? { ...checkout, order: tried, hold: null } : checkout;
  return {
    heading: texts.actions[order.action],
    width: "narrow",
    body: (
      <>
        <Notes notes={notesOf(checkout, reader)} />
        {checkout.bought ? <Bought bought={checkout.bought} reader={reader} /> : null}
        <Ways {...{ checkout, reader }} isTrial={tried !== null} />
        <div class="columns">
          <OrderForm {...{ checkout: shown, nowMs, reader, entered, errors }} />
          <Payment {...{ checkout: shown, coupon: order.quote.coupon, reader, entered, errors }} />
        </div>
      </>
    ),
  };
}

/** The order as a trial, where it is nothing else, or its customer looks at it so; else null. */
function triedIn(c: Context<App>): Order | null {
  const { order, trial } = c.var.checkout;
  if (order.quote.soldAs[0] === "poc") return order;
  return c.req.query("as") === AS_TRIAL && trial?.order.ok ? trial.order.value : null;
}

/** The attempt that is waited for: while it holds the order, unless its payer is at another way, or is told something about it. */
function awaitedIn(c: Context<App>, { status }: Told): Attempt | null {
  const { attempts, bought } = c.var.checkout;
  const newest = attempts[0]?.attempt;
  const isElsewhere = c.req.query("way") === "another" || status !== 200;
  if (bought?.attempt.status === "open" && !isElsewhere) return bought.attempt;
  return newest?.status === "open" && !newest.hasLetGo && !isElsewhere ? newest : null;
}
