import { createApp } from "./http/app.ts";
import { queueDueAccounts } from "./jobs/due-work.ts";
import type { Job } from "./jobs/job.ts";
import { consumeDeadLetters, consumeJobs } from "./jobs/queue.ts";
import { sandboxClock } from "./sandbox/clock.ts";

export { AccountObject } from "./account/account-object.ts";
export { CouponObject } from "./coupon/coupon-object.ts";

const app = createApp(sandboxClock);

export default {
  fetch: app.fetch,
  scheduled: ({ scheduledTime }, env) => queueDueAccounts(env, scheduledTime),
  queue: (batch, env) =>
    batch.queue.endsWith("dead-letters") ? consumeDeadLetters(batch) : consumeJobs(batch, env, Date.now()),
} satisfies ExportedHandler<Env, Job>;
