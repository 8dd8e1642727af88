import type { Parcel } from "./account/jobs.ts";
import { createApp } from "./http/app.ts";
import { queueDueAccounts } from "./jobs/due-work.ts";
import { consumeDeadLetters, consumeJobs } from "./jobs/queue.ts";
import { noSender, senderOf } from "./mail/senders.ts";
import { pages } from "./portal/index.ts";
import { mailboxSender, sandboxRoutes } from "./sandbox/index.ts";
import { isSandbox } from "./store/clock.ts";

export { AccountObject } from "./account/account-object.ts";
export { CouponObject } from "./coupon/coupon-object.ts";
export { DirectoryObject } from "./directory/directory-object.ts";
export { UsageObject } from "./usage/usage-object.ts";

const app = createApp(pages, ...sandboxRoutes);

export default {
  fetch: app.fetch,
  scheduled: ({ scheduledTime }, env) => queueDueAccounts(env, scheduledTime),
  queue: (batch, env) =>
    batch.queue.endsWith("dead-letters")
      ? consumeDeadLetters(batch, env)
      : consumeJobs(batch, env, senderOf(env, isSandbox(env) ? mailboxSender(env) : noSender)),
} satisfies ExportedHandler<Env, Parcel>;
