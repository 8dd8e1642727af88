import { maySee } from "../account.ts";
import type { Context } from "../decision.ts";
import type { DomainError } from "../errors.ts";
import type { ResourceId } from "../ids.ts";
import type { Resource } from "../resource.ts";
import { err, ok, type Result } from "../result.ts";
import type { AccountState } from "../state.ts";

/** The resource, if the caller may see it. */
export function findResource(
  state: AccountState,
  id: ResourceId,
  { caller }: Context,
): Result<Resource, DomainError> {
  if (!state.account) return err({ code: "account_not_found" });
  const resource = state.resource(id);
  return resource && maySee(caller, resource.product) ? ok(resource) : err({ code: "resource_not_found" });
}
