import type { Context } from "hono";
import { type App, principalName } from "../http/context.ts";

const FORMAT = /^[0-9a-f-]{36}$/;

/** Stands in a form so that one press of its button, however often it arrives, is one request. */
export const Attempt = () => <input type="hidden" name="attempt" value={crypto.randomUUID()} />;

/** Makes what is asked next the one request of a press; false where the form carries no attempt of ours. */
export function asOnePress(c: Context<App>, attempt: string | undefined, about: string): boolean {
  if (attempt === undefined || !FORMAT.test(attempt)) return false;
  c.set("keyed", { caller: principalName(c.get("principal")), key: attempt, hash: about });
  return true;
}
