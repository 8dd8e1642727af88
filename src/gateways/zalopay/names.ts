import {
  ATTEMPT_LENGTH,
  type GatewayReference,
  readGatewayReference,
} from "../../domain/gateway-reference.ts";
import { readRawJson } from "../raw-json.ts";
import { vietnamDay } from "../vietnam-time.ts";

const TRANS_ID_LENGTH = 40;
const REFUND_ID_LENGTH = 45;
const TRANS_ID = /^[0-9]{6}_/;

/**
 * What ZaloPay calls a payment or a link: the day it was begun in Vietnam, and as much of our reference as there is
 * room for. Its end names the attempt, and what is left of the object's id is still chance enough to be nobody else's.
 */
export const transIdOf = (reference: GatewayReference, createdAtMs: number): string =>
  endingIn(`${vietnamDay(createdAtMs)}_`, reference, TRANS_ID_LENGTH);

/** The same for a refund, which names the merchant, too. */
export const refundIdOf = (appId: string, reference: GatewayReference, createdAtMs: number): string =>
  endingIn(`${vietnamDay(createdAtMs)}_${appId}_`, reference, REFUND_ID_LENGTH);

const endingIn = (start: string, reference: string, length: number): string =>
  start + reference.slice(start.length - length);

/** Who pays, as far as ZaloPay needs to know: our account, by the part of the reference that leads to it. */
export const appUserOf = (reference: GatewayReference): string => reference.slice(0, -ATTEMPT_LENGTH);

/** What ZaloPay keeps with a payment for us, and for the payer's way back. */
export const embedData = (reference: GatewayReference, returnUrl: string): string =>
  JSON.stringify({ redirecturl: returnUrl, reference });

/** The reference that a payment was begun under, whole; where ZaloPay's two names for it disagree, its own one. */
export function referenceOf(transId: string, embedded: string): string {
  const reference = readRawJson(embedded)?.get("reference") ?? "";
  const start = TRANS_ID.exec(transId)?.[0];
  const agrees =
    readGatewayReference(reference) !== null &&
    start !== undefined &&
    transId === endingIn(start, reference, TRANS_ID_LENGTH);
  return agrees ? reference : transId;
}
