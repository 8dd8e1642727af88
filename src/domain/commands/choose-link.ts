import { type Decided, done } from "../decision.ts";
import { defaultOf, type LinkedAccount, type LinkedAccountId } from "../linking/linked-account.ts";
import { err } from "../result.ts";
import type { AccountState } from "../state.ts";
import { findLink } from "./find-link.ts";

/** A linked account is to pay where none is named. */
export interface ChooseLink {
  readonly type: "choose_link";
  readonly link: LinkedAccountId;
}

export function chooseLink(state: AccountState, { link: id }: ChooseLink): Decided<LinkedAccount> {
  const found = findLink(state, id);
  if (!found.ok) return found;
  if (found.value.status !== "active") return err({ code: "linked_account_not_active" });
  const known = state.linkedAccounts();
  if (defaultOf(known)?.id === id) return done(found.value);
  const last = Math.max(...known.map(({ chosen }) => chosen ?? 0));
  const linkedAccount: LinkedAccount = { ...found.value, chosen: last + 1 };
  return done(linkedAccount, { type: "linked_account_changed", linkedAccount });
}
