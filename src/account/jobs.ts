import type { AccountId, ResourceId } from "../domain/ids.ts";
import type { MailJob } from "../domain/notice.ts";

/** What the jobs queue carries. It may come twice, late or out of order; whoever does it looks again. */
export type Job =
  | { readonly type: "run_due"; readonly account: AccountId }
  | { readonly type: "call_console"; readonly account: AccountId; readonly resource: ResourceId }
  | MailJob;

/** What a queue takes at once: messages, and bytes with room for what it adds to each. */
const MAX_BATCH_MESSAGES = 100;
const MAX_BATCH_BYTES = 200_000;

/** Jobs in the order they came, cut into batches that a queue takes. */
export function batchesOf(jobs: readonly Job[]): Job[][] {
  const batches: Job[][] = [];
  let bytes = 0;
  for (const job of jobs) {
    const size = new TextEncoder().encode(JSON.stringify(job)).length;
    const batch = batches.at(-1);
    const isFull = !batch || batch.length === MAX_BATCH_MESSAGES || bytes + size > MAX_BATCH_BYTES;
    if (isFull) batches.push([job]);
    else batch.push(job);
    bytes = isFull ? size : bytes + size;
  }
  return batches;
}
