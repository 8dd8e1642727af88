import type { Context } from "hono";
import { MAX_PERIOD_MONTHS } from "../../domain/quotes/period.ts";
import type { Resource } from "../../domain/resource.ts";
import { ask, type Requested } from "../../http/commands.ts";
import type { App } from "../../http/context.ts";
import { tagsSchema } from "../../http/routes/resource-shapes.ts";
import { resourceTexts } from "../../texts/resources.ts";
import { namedResource } from "../chosen.ts";
import { enteredIn } from "../form.ts";
import { languageOf } from "../language.ts";
import { refusalTold } from "../order-here.ts";
import { resourcePath } from "../rooms.ts";
import { nothingHere } from "../ui/closed.tsx";
import { resourcePage } from "./resource.tsx";

/** Replaces a resource's tags by those of the form, one a line. */
export async function setTags(c: Context<App>) {
  const resource = await namedResource(c);
  if (!resource) return nothingHere(c);
  const entered = await enteredIn(c);
  const tags = readTags(entered.tags ?? "");
  if (!tags) {
    const errors = { tags: resourceTexts[languageOf(c)].tagsInvalid };
    return resourcePage(c, resource, { status: 422, entered, errors });
  }
  return answered(
    c,
    resource,
    await ask(c, c.var.account.id, { type: "set_tags", resource: resource.id, tags }),
  );
}

/** Turns auto-renewal on or off, or changes its months. */
export async function setAutoRenew(c: Context<App>) {
  const resource = await namedResource(c);
  if (!resource) return nothingHere(c);
  const entered = await enteredIn(c);
  const months = /^[1-9]\d?$/.test(entered.months ?? "") ? Number(entered.months) : 0;
  if (months < 1 || months > MAX_PERIOD_MONTHS) {
    const errors = { months: resourceTexts[languageOf(c)].monthsInvalid };
    return resourcePage(c, resource, { status: 422, errors });
  }
  const autoRenew = { enabled: entered.enabled === "on", months };
  const command = { type: "set_auto_renew", resource: resource.id, autoRenew } as const;
  return answered(c, resource, await ask(c, c.var.account.id, command));
}

const answered = (c: Context<App>, resource: Resource, outcome: Requested<Resource>) =>
  outcome.kind === "answered"
    ? c.redirect(resourcePath(resource.id), 303)
    : resourcePage(c, resource, refusalTold(c, outcome));

/** `key:value` lines as tags; null where a line is none, or a key comes twice. */
function readTags(text: string): Record<string, string> | null {
  const pairs = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line): [string, string] => {
      const at = line.indexOf(":");
      return at < 0 ? [line, ""] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    });
  const tags = Object.fromEntries(pairs);
  const read = tagsSchema.safeParse(tags);
  return read.success && Object.keys(tags).length === pairs.length ? read.data : null;
}
