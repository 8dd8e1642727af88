import type { RecipientId } from "./ids.ts";
import { DAY_MS } from "./local-time.ts";

/** A recipient is confirmed by a link that is good for this long. (Domain: Portal.) */
export const CONFIRMATION_LIFE_MS = 3 * DAY_MS;
/** An account writes to so many people beside its owner. */
export const MAX_RECIPIENTS = 20;

/** Somebody who gets the account's mails too, from the moment they said yes to it. `askedAtMs`: when they were asked last. */
export interface Recipient {
  readonly id: RecipientId;
  readonly email: string;
  readonly askedAtMs: number;
  readonly confirmedAtMs: number | null;
}

export const isSameAddress = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
