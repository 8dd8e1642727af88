import type { Context } from "hono";
import type { Payment } from "../../domain/payment.ts";
import type { App } from "../../http/context.ts";
import { fill } from "../../texts/fill.ts";
import { GATEWAY_TITLES } from "../../texts/gateways.ts";
import { formatMoney } from "../../texts/locale.ts";
import { payingTexts } from "../../texts/paying.ts";
import { languageOf } from "../language.ts";
import { closed } from "./closed.tsx";

interface Leaving {
  readonly title: string;
  readonly hint?: string;
  readonly goOn: string;
}

/**
 * Takes somebody who sent a form on to another site. Browsers hold a form to its own origin through all its redirects,
 * so what stands elsewhere is led to by a page: it goes on by itself, and has a link where browsers don't.
 */
export function leadOn(c: Context<App>, url: string, { title, hint, goOn }: Leaving) {
  c.header("Refresh", `0; url=${url}`);
  const next = (
    <a id="go-on" class="button" href={url}>
      {goOn}
    </a>
  );
  return closed(c, { status: 200, title, hint, next });
}

/** Takes a payer to the gateway where a payment is made. */
export function toGateway(c: Context<App>, { gateway, amount, currency }: Payment, url: string) {
  if (gateway === null) throw new Error("a payment without its gateway leads nowhere");
  const locale = languageOf(c);
  const { leaving, leavingHint, goTo } = payingTexts[locale];
  const words = { gateway: GATEWAY_TITLES[gateway], amount: formatMoney(amount, currency, locale) };
  return leadOn(c, url, {
    title: fill(leaving, words),
    hint: fill(leavingHint, words),
    goOn: fill(goTo, words),
  });
}
