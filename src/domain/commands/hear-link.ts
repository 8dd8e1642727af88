import { nextQueryAtMs } from "../attempts/attempt.ts";
import { inPayingOrder } from "../bills/bill.ts";
import { listed } from "../bills/told.ts";
import { type Context, type Decided, done } from "../decision.ts";
import type { Event } from "../events.ts";
import type { FailureReason, GatewayName } from "../gateway.ts";
import {
  isGivenUp,
  type LinkedAccount,
  type LinkedAccountId,
  over,
  type SealedText,
} from "../linking/linked-account.ts";
import type { AccountState } from "../state.ts";

/** What a gateway says of a link: when it is told of it, by its callback, or because it was asked. */
export type LinkHearing =
  | {
      readonly kind: "created";
      readonly redirectUrl: string;
      readonly createdAs: string | null;
      readonly expiresAtMs: number;
    }
  /** The customer has decided; what came of it is to be asked, with the `grant` where there is one. */
  | { readonly kind: "decided"; readonly grant: SealedText | null }
  | { readonly kind: "linked"; readonly token: SealedText; readonly label: string | null }
  | { readonly kind: "failed"; readonly reason: FailureReason }
  | { readonly kind: "pending" | "not_found" | "unknown" };

/** The same may be heard any number of times, late and in any order. */
export interface HearLink {
  readonly type: "hear_link";
  readonly link: LinkedAccountId;
  readonly gateway: GatewayName;
  readonly heard: LinkHearing;
}

export type LinkHeard = "taken" | "repeated" | "unmatched";

/**
 * Only what is linked becomes active, however late that is said; of what its customer has given up meanwhile the
 * gateway is told. What nobody agreed to in its time fails. (Domain: Linked accounts.)
 */
export function hearLink(
  state: AccountState,
  { link: id, gateway, heard }: HearLink,
  { nowMs }: Context,
): Decided<LinkHeard> {
  const linked = state.linkedAccount(id);
  if (linked?.gateway !== gateway) return done("unmatched");
  const after = afterwards(linked, heard, nowMs);
  if (!after) return done("repeated");
  const isNew = after.status === "active" && linked.status !== "active";
  return done(
    "taken",
    { type: "linked_account_changed", linkedAccount: after },
    ...(isNew ? payable(state, after, nowMs) : []),
  );
}

/** Whoever links an account is told which bills it could pay at once. (Domain: Linked accounts.) */
function payable(state: AccountState, { id, gateway, label }: LinkedAccount, atMs: number): Event[] {
  const bills = state.unpaidBills();
  if (bills.length === 0) return [];
  const about = { key: `bills_payable:${id}`, template: "bills_payable", atMs, gateway, label } as const;
  return [{ type: "notice_given", notice: { ...about, ...listed(inPayingOrder(bills)) } }];
}

function afterwards(linked: LinkedAccount, heard: LinkHearing, nowMs: number): LinkedAccount | null {
  const isPending = linked.status === "pending";
  const answered = linked.isAsked ? { ...linked, isAsked: false } : null;
  switch (heard.kind) {
    case "created":
      return isPending ? { ...linked, ...createdAs(heard) } : null;
    case "decided":
      return linked.status === "active" || linked.token ? null : decided(linked, heard.grant, nowMs);
    case "linked":
      return withToken(linked, heard, nowMs) ?? answered;
    case "failed":
      return isPending ? over(linked, "failed", heard.reason, nowMs) : answered;
    case "pending":
    case "not_found":
      return isPending && isGivenUp(linked, nowMs) ? over(linked, "failed", "expired", nowMs) : answered;
    case "unknown":
      return answered;
  }
}

/** Whatever has become of it here, it is asked about again. */
const decided = (linked: LinkedAccount, grant: SealedText | null, nowMs: number): LinkedAccount => ({
  ...linked,
  grant: grant ?? linked.grant,
  nextQueryAtMs: linked.nextQueryAtMs ?? nextQueryAtMs(linked.createdAtMs, nowMs),
});

const createdAs = ({ kind: _, ...created }: LinkHearing & { readonly kind: "created" }) => created;

function withToken(
  linked: LinkedAccount,
  { token, label }: LinkHearing & { readonly kind: "linked" },
  nowMs: number,
): LinkedAccount | null {
  if (linked.status === "active" || linked.token) return null;
  const known = { ...linked, token, label, grant: null, isAsked: false };
  if (linked.status === "removed") return { ...known, nextQueryAtMs: nextQueryAtMs(nowMs, nowMs) };
  return {
    ...known,
    status: "active",
    failure: null,
    redirectUrl: null,
    endedAtMs: null,
    nextQueryAtMs: null,
  };
}
