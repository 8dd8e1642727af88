import type { Context } from "hono";
import type { AccountId } from "../domain/ids.ts";
import { MINUTE_MS } from "../domain/local-time.ts";
import { type App, principalName } from "./context.ts";

/** Whoever guessed too often may name no coupon for this long: right ones neither, or guessing would still pay. */
const BLOCK_MS = MINUTE_MS;

const blockedUntilMs = new Map<string, number>();

/** Whether this caller has named too many coupons that don't exist. */
export function isGuessing(c: Context<App>, account: AccountId): boolean {
  const name = nameOf(c, account);
  const untilMs = blockedUntilMs.get(name) ?? 0;
  if (untilMs <= Date.now()) blockedUntilMs.delete(name);
  return untilMs > Date.now();
}

export async function countWrongGuess(c: Context<App>, account: AccountId): Promise<void> {
  const name = nameOf(c, account);
  const { success } = await c.env.COUPON_GUESSES.limit({ key: name });
  if (!success) blockedUntilMs.set(name, Date.now() + BLOCK_MS);
}

/** A console guesses for all its customers alike; all the people and checkouts of an account guess together. */
function nameOf(c: Context<App>, account: AccountId): string {
  const principal = c.get("principal");
  return principal.role === "user" ? account : principalName(principal);
}
