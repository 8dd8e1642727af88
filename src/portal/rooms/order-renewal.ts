import type { Context } from "hono";
import type { Period } from "../../domain/order.ts";
import type { App } from "../../http/context.ts";
import { resourceTexts } from "../../texts/resources.ts";
import { chosenIds, chosenResources } from "../chosen.ts";
import { noticeOf } from "../form.ts";
import { languageOf } from "../language.ts";
import { orderHere, refusalTold, toCheckout } from "../order-here.ts";
import { ROOMS, resourcePath } from "../rooms.ts";
import { resourcesPage } from "./resources.tsx";

/** What a renewal begins with; the checkout offers others. */
const FIRST_OFFER: Period = { months: 1 };

/** Orders more time for what was chosen. */
export async function orderRenewal(c: Context<App>) {
  const chosen = await chosenResources(c, await chosenIds(c));
  if (!chosen.ok) return resourcesPage(c, noticeOf(422, resourceTexts[languageOf(c)][chosen.error]));
  const [first, ...others] = chosen.value;
  const placed = await orderHere(c, {
    action: "renew",
    resources: chosen.value,
    period: FIRST_OFFER,
    backTo: others.length === 0 ? resourcePath(first.id) : ROOMS.resources.path,
  });
  return placed.kind === "answered" ? toCheckout(c, placed.answer) : resourcesPage(c, refusalTold(c, placed));
}
