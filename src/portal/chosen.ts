import type { Context } from "hono";
import { accountObject } from "../account/client.ts";
import type { Resource } from "../domain/resource.ts";
import { err, ok, type Result } from "../domain/result.ts";
import { callerOf } from "../http/commands.ts";
import type { App } from "../http/context.ts";

/** The account's resource that an address names; null where it has none by that id. */
export async function namedResource(c: Context<App>): Promise<Resource | null> {
  const named = c.req.param("resource");
  return (await ownResources(c)).find(({ id }) => id === named) ?? null;
}

export const ownResources = ({ env, var: { account, principal } }: Context<App>): Promise<Resource[]> =>
  accountObject(env, account.id).resources(callerOf(principal));

/** Resources that were chosen for one order. */
export type Chosen = readonly [Resource, ...Resource[]];

/** The account's resources that somebody chose: at least one, all of one product. */
export async function chosenResources(
  c: Context<App>,
  ids: readonly string[],
): Promise<Result<Chosen, "noneChosen" | "severalProducts">> {
  const all = ids.length === 0 ? [] : await ownResources(c);
  const [first, ...others] = all.filter(({ id }) => ids.includes(id));
  if (!first) return err("noneChosen");
  return others.every(({ product }) => product === first.product)
    ? ok([first, ...others])
    : err("severalProducts");
}

/** The resources that were chosen in a form that is sent. */
export const chosenIds = (c: Context): Promise<readonly string[]> => chosenIn(c, "resource");

/** The same for bills, by their codes. */
export const chosenBills = (c: Context): Promise<readonly string[]> => chosenIn(c, "bill");

async function chosenIn(c: Context, field: string): Promise<readonly string[]> {
  const form = await c.req.formData().catch(() => null);
  return (form?.getAll(field) ?? []).filter((id) => typeof id === "string");
}
