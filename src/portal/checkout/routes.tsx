import type { Context } from "hono";
import { z } from "zod";
import type { DomainError } from "../../domain/errors.ts";
import type { InvoiceAddressId } from "../../domain/ids.ts";
import { money } from "../../domain/money.ts";
import { payOrder, startTopUp, type Wish } from "../../http/begin-payment.ts";
import { changeOrder } from "../../http/change-order.ts";
import { ask, type Requested } from "../../http/commands.ts";
import type { App } from "../../http/context.ts";
import { checkoutReturnPath, publicUrl } from "../../http/links.ts";
import { routes } from "../../http/openapi.ts";
import { shareOrder } from "../../http/share-order.ts";
import { checkoutTexts } from "../../texts/checkout.ts";
import { recipientTexts } from "../../texts/recipients.ts";
import { refusals } from "../../texts/refusals.ts";
import { sharingTexts } from "../../texts/sharing.ts";
import { asOnePress } from "../attempt.tsx";
import { type Entered, enteredIn, noticeOf, type Told } from "../form.ts";
import { chooseLanguage, languageOf } from "../language.ts";
import { beforePages } from "../security.ts";
import { failedPage } from "../ui/closed.tsx";
import { toGateway } from "../ui/lead-on.tsx";
import {
  BY_HOLD,
  BY_TRIAL,
  fieldOfRefusal,
  readChoice,
  readCoupon,
  readItems,
  readPurchase,
} from "./form.ts";
import type { INTENTS } from "./intent.tsx";
import { ADDRESS_FIELD } from "./invoice-address.tsx";
import { addAddress, newAddressPage } from "./new-address.tsx";
import { checkoutPage } from "./page.tsx";
import {
  comeBack,
  comeBackWithCredit,
  inCheckout,
  loadCheckout,
  openCheckout,
  whileUnpaid,
} from "./session.tsx";

const PATH = "/checkout/:account/:order";

/** The checkout of one order: opened by a link, then one page whose forms are sent to itself. */
export const checkout = routes();
checkout.use("/checkout/*", ...beforePages, chooseLanguage);
checkout.onError(failedPage);
checkout.get(PATH, (c, next) => (c.req.query("code") === undefined ? next() : openCheckout(c)));
checkout.get(PATH, inCheckout, (c) => checkoutPage(c, { status: 200 }));
checkout.get(`${PATH}/return`, comeBack);
checkout.get(`${PATH}/return/:payment`, comeBackWithCredit);
checkout.use(`${PATH}/invoice-address`, inCheckout, whileUnpaid);
checkout.get(`${PATH}/invoice-address`, (c) => newAddressPage(c, { status: 200 }));
checkout.post(`${PATH}/invoice-address`, addAddress);
checkout.post(PATH, inCheckout, async (c) => {
  const entered = await enteredIn(c);
  const told = await (HANDLERS.get(entered.intent ?? "") ?? misunderstood)(c, entered);
  if (told instanceof Response) return told;
  // Whoever changes an order while they look for another way to pay goes on doing so.
  const isStay = entered.intent !== "pay" && entered.intent !== "cancel";
  if (!told) return c.redirect(`${c.req.path}${isStay ? new URL(c.req.url).search : ""}`, 303);
  // What is told may be that the order has changed.
  await loadCheckout(c);
  return checkoutPage(c, { ...told, entered });
});

/** What a form asks for: null where it was done, else what to tell, or the page that leads on. */
type Handler = (c: Context<App>, entered: Entered) => Promise<Told | Response | null>;

const changeItems: Handler = async (c, entered) => {
  const { account, order } = c.var.checkout;
  const { change, errors } = readItems(entered, c.var.checkout, checkoutTexts[languageOf(c)]);
  if (Object.keys(errors).length > 0) return { status: 422, errors };
  return toldOf(c, await changeOrder(c, account.id, order.id, change));
};

const changeCoupon: Handler = async (c, entered) => {
  const { account, order } = c.var.checkout;
  if (entered.coupon === undefined) return misunderstood(c, entered);
  const read = readCoupon(entered.coupon, checkoutTexts[languageOf(c)]);
  if ("error" in read) return { status: 422, errors: { coupon: read.error } };
  return toldOf(c, await changeOrder(c, account.id, order.id, { coupon: read.value, changes: [] }));
};

const changeAddress: Handler = async (c, entered) => {
  const { account, order } = c.var.checkout;
  const { [ADDRESS_FIELD]: chosen = "" } = entered;
  const change = { invoiceAddress: chosen as InvoiceAddressId, changes: [] };
  return chosen === ""
    ? misunderstood(c, entered)
    : toldOf(c, await changeOrder(c, account.id, order.id, change));
};

/** As the form of the payment has it; what a resize gives back is below zero. */
const TOTAL = /^-?\d{1,15}$/;

/** What was quoted can't be paid as it was quoted; quoted anew, it can. */
const OUTDATED: readonly DomainError["code"][] = ["quote_expired", "resource_changed"];

const pay: Handler = async (c, entered) => {
  const { account, order } = c.var.checkout;
  const { attempt, total = "", method } = entered;
  const wish: Wish | null = method === BY_HOLD || method === BY_TRIAL ? { method } : readChoice(method);
  if (!wish || !TOTAL.test(total) || !asOnePress(c, attempt, `pay ${order.id} ${total} ${method}`))
    return misunderstood(c, entered);
  const outcome = await payOrder(c, account.id, order.id, { ...wish, agreedTotal: money(Number(total)) });
  if (outcome.kind === "answered" && outcome.answer.redirectUrl !== null)
    return toGateway(c, outcome.answer.payment, outcome.answer.redirectUrl);
  if (outcome.kind === "refused" && OUTDATED.includes(outcome.error.code)) {
    c.set("keyed", null);
    const requoted = await changeOrder(c, account.id, order.id, { changes: [] });
    if (requoted.kind !== "answered") return toldOf(c, requoted);
  }
  return toldOf(c, outcome);
};

/** Buys the credit that is missing for what is to be held. */
const buy: Handler = async (c, entered) => {
  const { account, order } = c.var.checkout;
  const { attempt, gateway } = entered;
  const wanted = readPurchase(gateway);
  if (!wanted || !asOnePress(c, attempt, `buy ${order.id} ${gateway}`)) return misunderstood(c, entered);
  const returnUrlOf = (payment: string) =>
    `${publicUrl(c)}${checkoutReturnPath(account.id, order.id)}/${encodeURIComponent(payment)}`;
  const outcome = await startTopUp(c, account.id, { ...wanted, returnUrlOf });
  if (outcome.kind === "answered" && outcome.answer.redirectUrl !== null)
    return toGateway(c, outcome.answer.payment, outcome.answer.redirectUrl);
  return toldOf(c, outcome);
};

const cancel: Handler = async (c) => {
  const { account, order } = c.var.checkout;
  return toldOf(c, await ask(c, account.id, { type: "cancel_order", order: order.id }));
};

const share: Handler = async (c, entered) => {
  const { account, order } = c.var.checkout;
  const email = z.email().max(254).safeParse(entered.email?.trim());
  if (!email.success) return { status: 422, errors: { email: sharingTexts[languageOf(c)].emailInvalid } };
  const outcome = await shareOrder(c, account.id, order.id, email.data);
  if (outcome.kind === "too_many_requests")
    return { status: 429, errors: { email: recipientTexts[languageOf(c)].tooMany } };
  return toldOf(c, outcome);
};

const unshare: Handler = async (c) => {
  const { account, order } = c.var.checkout;
  return toldOf(c, await ask(c, account.id, { type: "unshare_order", order: order.id }));
};

const HANDLERS: ReadonlyMap<string, Handler> = new Map([
  ["items", changeItems],
  ["coupon", changeCoupon],
  ["address", changeAddress],
  ["pay", pay],
  ["buy", buy],
  ["cancel", cancel],
  ["share", share],
  ["unshare", unshare],
] satisfies [(typeof INTENTS)[number], Handler][]);

/** These the page says by itself, by what it shows. */
const SEEN_ON_THE_PAGE: readonly string[] = ["order_already_paid", "order_cancelled", "order_expired"];

function toldOf(c: Context<App>, outcome: Requested<unknown>): Told | null {
  switch (outcome.kind) {
    case "answered":
    // The first of two presses is on its way: the page shows how far it is.
    case "still_running":
      return null;
    case "refused":
      return SEEN_ON_THE_PAGE.includes(outcome.error.code) ? null : refusalTold(c, outcome.error);
    case "too_many_requests":
      return { status: 429, errors: { coupon: refusals[languageOf(c)].too_many_requests } };
    default:
      return noticeOf(409, refusals[languageOf(c)].order_changed);
  }
}

function refusalTold(c: Context<App>, error: DomainError): Told {
  const text = refusals[languageOf(c)][error.code];
  const field = fieldOfRefusal(error);
  const status = "path" in error ? 422 : 409;
  return field === null ? noticeOf(status, text) : { status, errors: { [field]: text } };
}

const misunderstood: Handler = async (c) => noticeOf(400, refusals[languageOf(c)].invalid_request);
