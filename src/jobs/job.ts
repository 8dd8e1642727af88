import type { AccountId } from "../domain/ids.ts";

/** What the jobs queue carries. It may come twice or late; whoever does it decides again. */
export interface Job {
  readonly type: "run_due";
  readonly account: AccountId;
}
