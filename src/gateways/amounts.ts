import { MAX_AMOUNT_MINOR, type Money, money } from "../domain/money.ts";

const WHOLE = /^(?:0|[1-9][0-9]{0,15})$/;

/** An amount as gateways must spell it: digits and nothing else. Null for anything a person might still read as one. */
export function readAmount(text: string | undefined): Money | null {
  if (text === undefined || !WHOLE.test(text)) return null;
  const minor = Number(text);
  return minor <= MAX_AMOUNT_MINOR ? money(minor) : null;
}
