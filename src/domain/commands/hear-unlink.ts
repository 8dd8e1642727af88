import { type Decided, done } from "../decision.ts";
import { isToBeUnlinked, type LinkedAccount, type LinkedAccountId } from "../linking/linked-account.ts";
import type { AccountState } from "../state.ts";

/** What a gateway answered when it was told of a link's end: until it has taken note, it is told again. */
export interface HearUnlink {
  readonly type: "hear_unlink";
  readonly link: LinkedAccountId;
  readonly isDone: boolean;
}

/** With its gateway's word nobody needs the token any more: it is forgotten. */
export function hearUnlink(state: AccountState, { link: id, isDone }: HearUnlink): Decided<null> {
  const linked = state.linkedAccount(id);
  if (!linked || !isToBeUnlinked(linked)) return done(null);
  const linkedAccount: LinkedAccount = isDone
    ? { ...linked, token: null, nextQueryAtMs: null, isAsked: false }
    : { ...linked, isAsked: false };
  return done(null, { type: "linked_account_changed", linkedAccount });
}
