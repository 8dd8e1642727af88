import type { Context } from "hono";
import { z } from "zod";
import type { App } from "../../http/context.ts";
import { languageOf } from "../../portal/language.ts";
import { closed } from "../../portal/ui/closed.tsx";
import { answerPage, Brand } from "../../portal/ui/document.tsx";
import { Badge, Card, Money, Notice } from "../../portal/ui/parts.tsx";
import { formatShortInstant } from "../../texts/locale.ts";
import { simulatorTexts } from "../../texts/simulators.ts";
import type { SimulatedLink } from "./links.ts";
import type { SimulatedPayment } from "./payments.ts";
import { CALLBACKS, type CallbackMode, switchesOf } from "./switches.ts";

const TIME_ZONE = "Asia/Ho_Chi_Minh";

/** What somebody did on a gateway's page. */
export const decisionForm = z.object({
  reference: z.string().max(100),
  decision: z.enum(["approve", "refuse", "abandon"]),
  callback: z.enum(CALLBACKS),
});

type Reason = "unknown" | "decided" | "expired" | "refused" | "invalidSignature" | "timedOut";

const STATUS = {
  unknown: 404,
  decided: 409,
  expired: 410,
  refused: 422,
  invalidSignature: 400,
  timedOut: 504,
} as const;

/** Says why a payment can't be made here. */
export function notPayable(c: Context<App>, reason: Reason) {
  const texts = simulatorTexts[languageOf(c)];
  return closed(c, { status: STATUS[reason], title: texts.closedTitle, hint: texts[reason] });
}

/** The payer left: nobody is told. */
export function abandonedPage(c: Context<App>) {
  const texts = simulatorTexts[languageOf(c)];
  return closed(c, { status: 200, title: texts.abandoned, hint: texts.abandonedHint });
}

/** The page on which a payer decides; what it does is chosen there, too. */
export async function hostedPage(c: Context<App>, name: string, action: string, payment: SimulatedPayment) {
  const locale = languageOf(c);
  const texts = simulatorTexts[locale];
  const title = `${texts.title} ${name}`;
  const { callback } = await switchesOf(c.env, payment.gateway);
  const reader = { locale, timeZone: TIME_ZONE, currency: "VND" } as const;
  const header = (
    <>
      <Brand locale={locale} />
      <Badge tone="warn">{name}</Badge>
    </>
  );
  const content = (
    <>
      <h1>{title}</h1>
      <Notice tone="warn">{texts.simulator}</Notice>
      <Card>
        <p class="figure">
          <Money minor={payment.amountMinor} reader={reader} />
        </p>
        <dl class="facts">
          <dt>{texts.description}</dt>
          <dd>{payment.description}</dd>
          <dt>{texts.merchant}</dt>
          <dd>{payment.merchant}</dd>
          <dt>{texts.reference}</dt>
          <dd class="code">{payment.reference}</dd>
          <dt>{texts.expiresAt}</dt>
          <dd>{formatShortInstant(payment.expiresAtMs, TIME_ZONE, locale)}</dd>
        </dl>
        <form method="post" action={action} class="stack">
          <input type="hidden" name="reference" value={payment.reference} />
          <CallbackChoice chosen={callback} labels={texts.callbacks} title={texts.how} />
          <div class="row">
            <button type="submit" class="primary" name="decision" value="approve">
              {texts.approve}
            </button>
            <button type="submit" name="decision" value="refuse">
              {texts.refuse}
            </button>
            <button type="submit" class="plain" name="decision" value="abandon">
              {texts.abandon}
            </button>
          </div>
        </form>
      </Card>
    </>
  );
  return answerPage(c, { locale, title, header, width: "narrow" }, content);
}

/** The page on which a customer agrees to be charged by a merchant. */
export async function linkPage(c: Context<App>, name: string, action: string, link: SimulatedLink) {
  const locale = languageOf(c);
  const texts = simulatorTexts[locale];
  const title = `${texts.linkTitle} ${name}`;
  const { callback } = await switchesOf(c.env, link.gateway);
  const header = (
    <>
      <Brand locale={locale} />
      <Badge tone="warn">{name}</Badge>
    </>
  );
  const content = (
    <>
      <h1>{title}</h1>
      <Notice tone="warn">{texts.simulator}</Notice>
      <Card>
        <dl class="facts">
          <dt>{texts.description}</dt>
          <dd>{link.description}</dd>
          <dt>{texts.merchant}</dt>
          <dd>{link.merchant}</dd>
          <dt>{texts.reference}</dt>
          <dd class="code">{link.reference}</dd>
          <dt>{texts.linkExpiresAt}</dt>
          <dd>{formatShortInstant(link.expiresAtMs, TIME_ZONE, locale)}</dd>
        </dl>
        <form method="post" action={action} class="stack">
          <input type="hidden" name="reference" value={link.reference} />
          <CallbackChoice chosen={callback} labels={texts.callbacks} title={texts.how} />
          <div class="row">
            <button type="submit" class="primary" name="decision" value="approve">
              {texts.agree}
            </button>
            <button type="submit" name="decision" value="refuse">
              {texts.refuse}
            </button>
            <button type="submit" class="plain" name="decision" value="abandon">
              {texts.abandon}
            </button>
          </div>
        </form>
      </Card>
    </>
  );
  return answerPage(c, { locale, title, header, width: "narrow" }, content);
}

const CallbackChoice = ({
  chosen,
  labels,
  title,
}: {
  readonly chosen: CallbackMode;
  readonly labels: Readonly<Record<CallbackMode, string>>;
  readonly title: string;
}) => (
  <div class="field">
    <label for="callback">{title}</label>
    <select id="callback" name="callback">
      {CALLBACKS.map((mode) => (
        <option value={mode} selected={mode === chosen}>
          {labels[mode]}
        </option>
      ))}
    </select>
  </div>
);
