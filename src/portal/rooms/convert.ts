import type { Context } from "hono";
import type { App } from "../../http/context.ts";
import { namedResource } from "../chosen.ts";
import { enteredIn } from "../form.ts";
import { orderHere, refusalTold, toCheckout } from "../order-here.ts";
import { resourcePath } from "../rooms.ts";
import { nothingHere } from "../ui/closed.tsx";
import { BY_USE } from "../ui/resource-actions.tsx";
import { resourcePage } from "./resource.tsx";

/** What a conversion begins with; the checkout offers others. */
const FIRST_OFFER = { months: 1 } as const;

/** Orders the conversion of a trial: for a period, or for its use. (Domain: POC, Convert.) */
export async function convert(c: Context<App>) {
  const resource = await namedResource(c);
  if (!resource) return nothingHere(c);
  const { way } = await enteredIn(c);
  const placed = await orderHere(c, {
    action: "convert_poc",
    resources: [resource],
    period: way === BY_USE ? null : FIRST_OFFER,
    backTo: resourcePath(resource.id),
  });
  return placed.kind === "answered"
    ? toCheckout(c, placed.answer)
    : resourcePage(c, resource, refusalTold(c, placed));
}
