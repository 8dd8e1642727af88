import type { DomainError } from "../errors.ts";
import type { LinkedAccount, LinkedAccountId } from "../linking/linked-account.ts";
import { err, ok, type Result } from "../result.ts";
import type { AccountState } from "../state.ts";

/** A linked account that its customer still has. */
export function findLink(state: AccountState, id: LinkedAccountId): Result<LinkedAccount, DomainError> {
  if (!state.account) return err({ code: "account_not_found" });
  const linked = state.linkedAccount(id);
  return linked && linked.status !== "removed" ? ok(linked) : err({ code: "linked_account_not_found" });
}
