import type { AccountId, ResourceId } from "../domain/ids.ts";
import type { MailJob } from "../domain/notice.ts";

/** What the jobs queue carries. It may come twice, late or out of order; whoever does it looks again. */
export type Job =
  | { readonly type: "run_due"; readonly account: AccountId }
  | { readonly type: "call_console"; readonly account: AccountId; readonly resource: ResourceId }
  | MailJob;
