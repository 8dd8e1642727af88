import { describeError, log } from "../observability/log.ts";
import { simulatedNowMs } from "../store/clock.ts";
import { runDueWork } from "./due-work.ts";
import type { Job } from "./job.ts";

/** Does each job of a batch by itself; one that fails is retried alone, and ends in the dead-letter queue. */
export async function consumeJobs(batch: MessageBatch<Job>, env: Env, nowMs: number): Promise<void> {
  const isSimulated = (await simulatedNowMs(env)) !== null;
  for (const message of batch.messages) {
    try {
      if (!isSimulated) await runDueWork(env, message.body.account, nowMs, false);
      message.ack();
    } catch (error) {
      log("error", "job_failed", {
        ...message.body,
        attempts: message.attempts,
        error: describeError(error),
      });
      message.retry();
    }
  }
}

/** Jobs that failed for good: nothing is lost with them, the accounts' watchdogs do the work; somebody should look. */
export function consumeDeadLetters(batch: MessageBatch<Job>): void {
  for (const message of batch.messages) {
    log("error", "job_dead", { ...message.body });
    message.ack();
  }
}
