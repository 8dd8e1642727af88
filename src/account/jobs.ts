import type { AttemptId } from "../domain/attempts/attempt.ts";
import type { AccountId, ResourceId } from "../domain/ids.ts";
import type { LinkedAccountId } from "../domain/linking/linked-account.ts";
import type { MailJob } from "../domain/notice.ts";
import type { RefundId } from "../domain/refunds/source-refund.ts";
import { groupsOf } from "../store/groups.ts";

/** A gateway is to be asked about an attempt, a link or a refund, or told of a link's end, or to charge a linked account, and the account to hear what it says. */
export type GatewayJob =
  | { readonly type: "query_attempt"; readonly account: AccountId; readonly attempt: AttemptId }
  | { readonly type: "tend_link"; readonly account: AccountId; readonly link: LinkedAccountId }
  | { readonly type: "top_up"; readonly account: AccountId }
  | { readonly type: "query_refund"; readonly account: AccountId; readonly refund: RefundId };

/** What the jobs queue carries. It may come twice, late or out of order; whoever does it looks again. */
export type Job =
  | { readonly type: "run_due"; readonly account: AccountId }
  | { readonly type: "call_console"; readonly account: AccountId; readonly resource: ResourceId }
  | GatewayJob
  | MailJob;

/** One message of the queue: a job, or several that one account sends at once. Each message is paid for, not each job. */
export type Parcel =
  | Job
  | { readonly type: "several"; readonly account: AccountId; readonly jobs: readonly Job[] };

export const jobsIn = (parcel: Parcel): readonly Job[] =>
  parcel.type === "several" ? parcel.jobs : [parcel];

/** Jobs that travel together are tried again together: few enough that one that fails doesn't trouble many. */
const MAX_PARCEL_JOBS = 10;
/** What a queue takes at once: messages, and bytes with room for what it adds to each. */
const MAX_PARCEL_BYTES = 100_000;
const MAX_BATCH_MESSAGES = 100;
const MAX_BATCH_BYTES = 200_000;

/** An account's jobs in the order they came, packed into messages, cut into batches that a queue takes. */
export function batchesOf(account: AccountId, jobs: readonly Job[]): Parcel[][] {
  const parcels = groupsOf(jobs, MAX_PARCEL_JOBS, MAX_PARCEL_BYTES).map(
    (together): Parcel =>
      together.length === 1 && together[0] ? together[0] : { type: "several", account, jobs: together },
  );
  return groupsOf(parcels, MAX_BATCH_MESSAGES, MAX_BATCH_BYTES);
}
