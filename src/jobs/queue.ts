import { type Job, jobsIn, type Parcel } from "../account/jobs.ts";
import type { MailSender } from "../mail/sender.ts";
import { describeError, log } from "../observability/log.ts";
import { simulatedNowMs } from "../store/clock.ts";
import { mailId, recordDead } from "../store/mails.ts";
import { queryAttempt } from "./attempts.ts";
import { topUp } from "./auto-top-ups.ts";
import { callConsole } from "./console-calls.ts";
import { runDueWork } from "./due-work.ts";
import { tendLink } from "./links.ts";
import { sendMail } from "./mail.ts";
import { queryRefund } from "./refunds.ts";

/** Waits between the attempts of a job; the queue's `max_retries` ends them. */
const RETRY_DELAYS_SECONDS: readonly number[] = [5, 30, 120, 600, 1_800];

/** Does the jobs of a batch, each by itself: a message with one that fails is retried, and ends in the dead-letter queue. */
export async function consumeJobs(batch: MessageBatch<Parcel>, env: Env, sender: MailSender): Promise<void> {
  const underWay = new Map<string, Promise<unknown>>();
  await Promise.all(
    batch.messages.map(async (message) => {
      const outcomes = jobsIn(message.body).map((job) => {
        // The same job twice in one batch: the second looks again after the first.
        const name = JSON.stringify(job);
        const done = (underWay.get(name) ?? Promise.resolve()).then(() =>
          attempt(job, message.attempts, env, sender),
        );
        underWay.set(name, done);
        return done;
      });
      if ((await Promise.all(outcomes)).every(Boolean)) message.ack();
      else message.retry({ delaySeconds: RETRY_DELAYS_SECONDS[message.attempts - 1] ?? 0 });
    }),
  );
}

async function attempt(job: Job, attempts: number, env: Env, sender: MailSender): Promise<boolean> {
  try {
    await perform(job, env, sender);
    return true;
  } catch (error) {
    const { type, account } = job;
    log("error", "job_failed", { type, account, attempts, error: describeError(error) });
    return false;
  }
}

async function perform(job: Job, env: Env, sender: MailSender): Promise<void> {
  switch (job.type) {
    case "run_due":
      if ((await simulatedNowMs(env)) === null) await runDueWork(env, job.account, Date.now(), false);
      return;
    case "call_console":
      return callConsole(env, job.account, job.resource);
    case "query_attempt":
      return queryAttempt(env, job.account, job.attempt);
    case "tend_link":
      return tendLink(env, job.account, job.link);
    case "top_up":
      return topUp(env, job.account);
    case "query_refund":
      return queryRefund(env, job.account, job.refund);
    case "send_mail":
      return sendMail(env, sender, job);
  }
}

/** A dead letter that can't be filed is kept in its queue for long: D1 may be down for hours. */
const DEAD_LETTER_DELAY_SECONDS = 3_600;

/**
 * Jobs that failed for good. Due work, queries and console calls come again by themselves, from their account's alarm; a mail
 * is kept for somebody to send it again.
 */
export async function consumeDeadLetters(batch: MessageBatch<Parcel>, env: Env): Promise<void> {
  for (const message of batch.messages) {
    const outcomes = await Promise.all(jobsIn(message.body).map((job) => file(job, env)));
    if (outcomes.every(Boolean)) message.ack();
    else message.retry({ delaySeconds: DEAD_LETTER_DELAY_SECONDS });
  }
}

async function file(job: Job, env: Env): Promise<boolean> {
  const { type, account } = job;
  log("error", "job_dead", { type, account });
  try {
    if (job.type === "send_mail") await recordDead(env, await mailId(job), job, "every attempt failed");
    return true;
  } catch (error) {
    log("error", "dead_letter_not_filed", { type, account, error: describeError(error) });
    return false;
  }
}
