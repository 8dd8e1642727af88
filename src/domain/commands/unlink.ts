import { type Context, type Decided, done } from "../decision.ts";
import { type LinkedAccount, type LinkedAccountId, unlinked } from "../linking/linked-account.ts";
import type { AccountState } from "../state.ts";
import { findLink } from "./find-link.ts";

/** A customer ends a link: it is charged no more from now on, whether or not its gateway can be reached. */
export interface Unlink {
  readonly type: "unlink";
  readonly link: LinkedAccountId;
}

export function unlink(
  state: AccountState,
  { link: id }: Unlink,
  { nowMs }: Context,
): Decided<LinkedAccount> {
  const found = findLink(state, id);
  if (!found.ok) return found;
  const linkedAccount = unlinked(found.value, nowMs);
  return done(linkedAccount, { type: "linked_account_changed", linkedAccount });
}
