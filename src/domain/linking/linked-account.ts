import { letsGoAtMs, nextQueryAtMs } from "../attempts/attempt.ts";
import type { FailureReason, GatewayName } from "../gateway.ts";
import type { GatewayReference } from "../gateway-reference.ts";
import type { LinkId } from "../ids.ts";

/** A link's own id, by which its gateway knows it, too: a callback about it finds its account with D1 down. */
export type LinkedAccountId = LinkId & GatewayReference;

/** An account keeps so many linked accounts, those that are waited for included. */
export const MAX_LINKED_ACCOUNTS = 10;

/** A text that only the worker can read, under the key that this names; base64. The account never opens it. */
export interface SealedText {
  readonly keyId: string;
  readonly iv: string;
  readonly ciphertext: string;
}

/**
 * A customer's account at a gateway, to be charged without the customer: `pending` until the gateway says what became of
 * it, `removed` when the customer or the gateway has ended it. (Domain: Linked accounts.)
 */
export interface LinkedAccount {
  readonly id: LinkedAccountId;
  /** Higher than that of every link there was by then: they are listed in the order in which they were begun. */
  readonly n: number;
  readonly gateway: GatewayName;
  readonly status: "pending" | "active" | "failed" | "removed";
  /** How people recognise it, such as •••• 4242. */
  readonly label: string | null;
  /** Of the active ones, the one with the highest is the default; null: it never was chosen. */
  readonly chosen: number | null;
  /** What it is charged by; null before it is active, and when its gateway needs no word of its end any more. */
  readonly token: SealedText | null;
  /** What a callback handed over, to ask for the token with. */
  readonly grant: SealedText | null;
  /** Why it failed, or why its gateway ended it. */
  readonly failure: FailureReason | null;
  /** What the gateway called it when it was told of it; null where it gave no name, or its answer was lost. */
  readonly createdAs: string | null;
  /** Where the customer goes; null until the gateway has said it. */
  readonly redirectUrl: string | null;
  /** Where the gateway sends the customer afterwards. */
  readonly returnUrl: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly endedAtMs: number | null;
  /** When its gateway is asked about it, or told of its end, next. */
  readonly nextQueryAtMs: number | null;
  /** A question, or word of its end, is on its way, and wasn't answered yet. */
  readonly isAsked: boolean;
}

/** Whether its gateway has still to hear that it is no more. */
export const isToBeUnlinked = ({ status, token }: LinkedAccount): boolean =>
  status === "removed" && token !== null;

/** The one that pays where none is named: the one chosen last, or else the first. */
export function defaultOf(linked: readonly LinkedAccount[]): LinkedAccount | null {
  const [first = null] = linked
    .filter(({ status }) => status === "active")
    .sort((a, b) => (b.chosen ?? 0) - (a.chosen ?? 0) || a.n - b.n);
  return first;
}

/** It failed, or is over: nothing is waited for any more. */
export const over = (
  linked: LinkedAccount,
  status: "failed" | "removed",
  failure: FailureReason | null,
  atMs: number,
): LinkedAccount => ({
  ...linked,
  ...{
    status,
    failure,
    grant: null,
    redirectUrl: null,
    endedAtMs: atMs,
    nextQueryAtMs: null,
    isAsked: false,
  },
});

/** It is over for its customer; its gateway is told at once, and until it has taken note. */
export const unlinked = (linked: LinkedAccount, atMs: number): LinkedAccount => ({
  ...over(linked, "removed", null, atMs),
  nextQueryAtMs: linked.token && nextQueryAtMs(atMs, atMs),
});

/** Whether a link that nobody agreed to is given up by now. */
export const isGivenUp = (linked: LinkedAccount, nowMs: number): boolean => nowMs >= letsGoAtMs(linked);
