import type { Context } from "hono";
import type { App } from "../../http/context.ts";
import { currentProduct } from "../../store/catalogue.ts";
import { namedResource } from "../chosen.ts";
import { orderHere, refusalTold, toCheckout } from "../order-here.ts";
import { resourcePath } from "../rooms.ts";
import { nothingHere } from "../ui/closed.tsx";
import { resourcePage } from "./resource.tsx";

/** Orders a new start for what is in the trash: for its type's least time, which the checkout can make more; or for its use. */
export async function recover(c: Context<App>) {
  const resource = await namedResource(c);
  if (!resource) return nothingHere(c);
  const product = await currentProduct(c.env, resource.product);
  const isUsed = resource.billing === "hold" || resource.policy.isMetered;
  const type = product?.resourceTypes.find(({ id }) => id === resource.resourceType);
  const placed = await orderHere(c, {
    action: "recover",
    resources: [resource],
    period: isUsed ? null : { months: type?.minimumMonths ?? 1 },
    backTo: resourcePath(resource.id),
  });
  return placed.kind === "answered"
    ? toCheckout(c, placed.answer)
    : resourcePage(c, resource, refusalTold(c, placed));
}
