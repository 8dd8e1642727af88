import { type Decided, done } from "../decision.ts";
import type { LinkedAccountId, SealedText } from "../linking/linked-account.ts";
import type { AccountState } from "../state.ts";

/** What a linked account is charged by was sealed with another key: `before` is what it was read from. */
export interface ResealLink {
  readonly type: "reseal_link";
  readonly link: LinkedAccountId;
  readonly before: SealedText;
  readonly token: SealedText;
}

/** What was changed meanwhile stays as it is; false then. */
export function resealLink(state: AccountState, { link: id, before, token }: ResealLink): Decided<boolean> {
  const linked = state.linkedAccount(id);
  if (linked?.token?.ciphertext !== before.ciphertext) return done(false);
  return done(true, { type: "linked_account_changed", linkedAccount: { ...linked, token } });
}
