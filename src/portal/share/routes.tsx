import type { Context } from "hono";
import { every } from "hono/combine";
import { accountObject } from "../../account/client.ts";
import { money } from "../../domain/money.ts";
import { askAboutUntold } from "../../http/begin-payment.ts";
import type { App } from "../../http/context.ts";
import { limitStrangers } from "../../http/edge.ts";
import { routes } from "../../http/openapi.ts";
import { enterByShare, openShare, payShared, type Shared } from "../../http/share-order.ts";
import { refusals } from "../../texts/refusals.ts";
import { sharingTexts } from "../../texts/sharing.ts";
import { asOnePress } from "../attempt.tsx";
import { enteredIn, noticeOf, type Told } from "../form.ts";
import { chooseLanguage, languageOf } from "../language.ts";
import { refusalTold } from "../order-here.ts";
import { beforePages } from "../security.ts";
import { closed, failedPage } from "../ui/closed.tsx";
import { toGateway } from "../ui/lead-on.tsx";
import { sharePage } from "./page.tsx";

const PATH = "/share/:code";

/** The page of somebody who pays an order for its customer: the address answers programs with the same in JSON. */
export const share = routes();
const beforePeople = every(limitStrangers, ...beforePages, chooseLanguage);
share.use(PATH, (c, next) => (isPerson(c) ? beforePeople(c, next) : next()));
share.get(PATH, (c, next) => (isPerson(c) ? open(c) : next()));
share.post(PATH, pay);
share.onError(failedPage);

/** Browsers ask for pages, and send forms; programs ask for JSON. */
const isPerson = (c: Context<App>): boolean =>
  c.req.method === "POST" || (c.req.header("Accept") ?? "").includes("text/html");

async function open(c: Context<App>): Promise<Response> {
  const shared = await enter(c);
  if (!shared) return invalid(c);
  if (!isBack(c)) return show(c, shared, { status: 200 });
  const attempts = await accountObject(c.env, shared.account).openAttempts(shared.order);
  await askAboutUntold(c, shared.account, attempts);
  return c.redirect(c.req.path, 303);
}

/** Gateways add to the address that they lead back to. */
const isBack = (c: Context<App>): boolean => Object.keys(c.req.query()).some((name) => name !== "way");

async function pay(c: Context<App>): Promise<Response> {
  const shared = await enter(c);
  if (!shared) return invalid(c);
  const { gateway = "", attempt, total = "" } = await enteredIn(c);
  const words = refusals[languageOf(c)];
  if (!/^\d{1,15}$/.test(total) || !asOnePress(c, attempt, `share ${shared.share} ${total} ${gateway}`))
    return show(c, shared, noticeOf(400, words.invalid_request));
  const outcome = await payShared(c, shared, gateway, money(Number(total)));
  if (outcome.kind === "answered") {
    const { payment, redirectUrl } = outcome.answer;
    return redirectUrl === null ? c.redirect(c.req.path, 303) : toGateway(c, payment, redirectUrl);
  }
  c.set("keyed", null);
  return show(c, shared, refusalTold(c, outcome));
}

async function enter(c: Context<App>): Promise<Shared | null> {
  c.set("keyed", null);
  return enterByShare(c, c.req.param("code") ?? "");
}

/** The order as it can be paid now, or why it can't. */
async function show(c: Context<App>, shared: Shared, told: Told): Promise<Response> {
  const texts = sharingTexts[languageOf(c)];
  const outcome = await openShare(c, shared);
  if (outcome.kind === "answered") return sharePage(c, shared, outcome.answer, told);
  if (outcome.kind === "refused" && outcome.error.code === "order_already_paid")
    return closed(c, { status: 200, title: texts.paidTitle, hint: texts.paidHint });
  const { notice } = refusalTold(c, outcome);
  return closed(c, { status: 410, title: texts.closedTitle, hint: notice?.text });
}

function invalid(c: Context<App>) {
  const { closedTitle: title, linkInvalid: hint } = sharingTexts[languageOf(c)];
  return closed(c, { status: 404, title, hint });
}
